import type { Json, JsonObject } from '../../model/json.js';
import { isObject } from '../../syntax/render.js';

/** JSON Merge Patch, RFC 7396: `null` removes, objects merge, anything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const base: JsonObject = target !== undefined && isObject(target) ? target : {};
  const kept = Object.entries(base).filter(([key]) => !Object.hasOwn(patch, key) || patch[key] !== null);
  const merged = new Map(kept);
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null) merged.set(key, mergePatch(Object.hasOwn(base, key) ? base[key] : undefined, value));
  }
  return Object.fromEntries(merged);
}
