import { without } from '../model/keyed.js';

/** What leads from one list to another: what is new in it or says something else, and what is in it no more. */
interface Changed<T> {
  readonly updated: readonly T[];
  readonly removed: readonly T[];
}

/**
 * Compares by key. What has not changed is mostly the same object, which is seen at once; only the rest is encoded.
 *
 * @param encode equal texts mean that nothing has changed
 */
export function changedBetween<T extends { readonly key: string }>(
  before: readonly T[],
  after: readonly T[],
  encode: (item: T) => string,
): Changed<T> {
  const fresh = without(after, before);
  const gone = new Map(without(before, after).map((item) => [item.key, item]));
  const present = new Set(fresh.map(({ key }) => key));
  return {
    updated: fresh.filter((item) => !saysTheSame(gone.get(item.key), item, encode)),
    removed: [...gone.values()].filter(({ key }) => !present.has(key)),
  };
}

function saysTheSame<T>(before: T | undefined, after: T, encode: (item: T) => string): boolean {
  return before !== undefined && encode(before) === encode(after);
}
