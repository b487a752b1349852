import type { Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';

/** What people need to know of a flag and an evaluation does not: it stays on the server. */
const FOR_PEOPLE = ['description', 'owner', 'purpose', 'remove_by', 'snooze', 'value_schema'] as const;

const flags = new WeakMap<Flag, string>();
const segments = new WeakMap<Segment, string>();

/** The flag as JSON text, encoded once per flag object: equal texts mean equal definitions. */
export function encodeFlag(flag: Flag): string {
  return once(flags, flag, () => JSON.stringify(without(flag, FOR_PEOPLE)));
}

/** The segment as JSON text, encoded once per segment object. */
export function encodeSegment(segment: Segment): string {
  return once(segments, segment, () => JSON.stringify(without(segment, ['description', 'owner'])));
}

function once<K extends object>(cache: WeakMap<K, string>, key: K, encode: () => string): string {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const text = encode();
  cache.set(key, text);
  return text;
}

function without(value: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
