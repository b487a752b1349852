interface Keyed {
  readonly key: string;
}

/** Looks for a key. @param items in the order of their keys, as definitions are */
export function findKeyed<T extends Keyed>(items: readonly T[], key: string): T | undefined {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle] as T).key < key) low = middle + 1;
    else high = middle;
  }
  const found = items[low];
  return found?.key === key ? found : undefined;
}

/** Those that are not among the others, as objects. Most stand where they stood, and need not be looked for. */
export function without<T>(items: readonly T[], others: readonly T[]): readonly T[] {
  const moved = items.filter((item, index) => item !== others[index]);
  if (moved.length === 0) return moved;
  const known = new Set(others.filter((other, index) => other !== items[index]));
  return moved.filter((item) => !known.has(item));
}
