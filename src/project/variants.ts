import type { FlagType } from '../model/flag.js';
import type { JsonObject } from '../model/json.js';
import type { WrittenFlag, WrittenVariant } from './written.js';

/** Every boolean flag has these. */
export const BOOLEAN_VARIANTS: JsonObject = { on: true, off: false };

/** Name to value; those of a boolean flag are not written. */
export function variantsOf(flag: WrittenFlag): JsonObject {
  return flag.type === 'boolean' ? BOOLEAN_VARIANTS : (flag.variants as JsonObject);
}

/** The variant that is meant: `true` and `false` may stand for `on` and `off` of a boolean flag. */
export function variantName(written: WrittenVariant, type: FlagType): string {
  const name = String(written);
  if (type !== 'boolean') return name;
  if (name === 'true') return 'on';
  return name === 'false' ? 'off' : name;
}
