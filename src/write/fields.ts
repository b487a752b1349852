import type { Json, JsonObject } from '../model/json.js';

/** The order in which the fields of an object are best read; a new one takes its place in it. */
const ORDER: readonly string[] = [
  ...['flag', 'environment', 'key', 'description', 'type', 'owner', 'tags', 'purpose', 'remove_by', 'snooze'],
  ...['metadata', 'expose', 'state', 'variants', 'value_schema', 'bucket_by', 'seed', 'parent', 'default'],
  ...[
    'off_variant',
    'enabled',
    'starts_at',
    'expires_at',
    'overrides',
    'prerequisites',
    'conditions',
    'included',
    'excluded',
  ],
  ...['rules', 'rollout', 'experiment', 'environments'],
];

/** The object with a field set: in its old place, or else after the last of the fields that belong before it. */
export function withField(object: JsonObject, key: string, value: Json): JsonObject {
  if (Object.hasOwn(object, key)) return { ...object, [key]: value };
  const entries = Object.entries(object);
  const rank = ORDER.indexOf(key);
  const last = rank === -1 ? -1 : entries.findLastIndex(([name]) => ORDER.indexOf(name) < rank);
  const at = rank === -1 ? entries.length : last + 1;
  return Object.fromEntries(entries.toSpliced(at, 0, [key, value]));
}

/** The same fields in the order in which they are best read; those that have no place in it come last. */
export function orderedFields(object: JsonObject): JsonObject {
  const entries = Object.entries(object);
  const known = entries.filter(([name]) => ORDER.includes(name));
  const strange = entries.filter(([name]) => !ORDER.includes(name));
  const sorted = known.reduce<JsonObject>((ordered, [key, value]) => withField(ordered, key, value), {});
  return { ...sorted, ...Object.fromEntries(strange) };
}

export function withoutField(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** What the part says of a field, or else what it inherits. */
export function fieldOf(part: JsonObject, inherited: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(part, key) ? part[key] : inherited[key];
}

/** A list or mapping: an empty one goes, unless it keeps out what would be inherited. */
export function withCollection(
  part: JsonObject,
  inherited: JsonObject,
  key: string,
  value: JsonObject | Json[],
): JsonObject {
  const isNeeded = Object.keys(value).length > 0 || inherited[key] !== undefined;
  return isNeeded ? withField(part, key, value) : withoutField(part, key);
}
