import { setImmediate as turn } from 'node:timers/promises';

/** Many things, some at a time: in between, whoever else this process serves has a turn. */
export async function* inSlices<T>(items: Iterable<T>, size: number): AsyncGenerator<readonly T[]> {
  const all = [...items];
  for (let start = 0; start < all.length; start += size) {
    if (start > 0) await turn();
    yield all.slice(start, start + size);
  }
}

/** The same for things that come one by one: nothing else need come between those that are there already. */
export async function* withTurns<T>(items: Iterable<T> | AsyncIterable<T>, every: number): AsyncGenerator<T> {
  let count = 0;
  for await (const item of items) {
    yield item;
    count += 1;
    if (count % every === 0) await turn();
  }
}

/** The same for each of many things, as many at once as are in a slice. */
export async function mapInSlices<T, Result>(
  items: Iterable<T>,
  size: number,
  map: (item: T) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for await (const some of inSlices(items, size)) results.push(...(await Promise.all(some.map(map))));
  return results;
}
