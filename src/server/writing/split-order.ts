import type { Json, JsonObject } from '../../model/json.js';
import { isList, isObject } from '../../syntax/render.js';

/**
 * The order of a split owns the ranges of its variants, and JSON objects have none: variants that the split has had
 * keep their order, and new ones come last. So nobody is moved by how a client happens to order a body.
 */
export function keepSplitOrder(before: Json | undefined, after: Json, isSplit = false): Json {
  if (before === undefined) return after;
  if (isObject(before) && isObject(after)) return ofObject(before, after, isSplit);
  if (isList(before) && isList(after))
    return after.map((item, index) => keepSplitOrder(match(before, item, index), item));
  return after;
}

function ofObject(before: JsonObject, after: JsonObject, isSplit: boolean): JsonObject {
  const keys = isSplit
    ? [...new Set([...Object.keys(before).filter((key) => Object.hasOwn(after, key)), ...Object.keys(after)])]
    : Object.keys(after);
  return Object.fromEntries(
    keys.map((key) => [key, keepSplitOrder(ownOf(before, key), after[key] as Json, key === 'split')]),
  );
}

/** Rules are known by their names, steps by their times, others by their places. */
function match(before: readonly Json[], item: Json, index: number): Json | undefined {
  for (const name of ['name', 'at']) {
    const value = isObject(item) ? ownOf(item, name) : undefined;
    if (value !== undefined) return before.find((one) => isObject(one) && ownOf(one, name) === value);
  }
  return before[index];
}

function ownOf(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
