import type { Repository } from '../sources/git.js';
import { findObjects } from './find.js';
import { narrowWay } from './narrow.js';
import { stepsBack, tableOf, type WayBack } from './steps.js';

/** Of fewer files the whole history is looked through about as fast. */
const MANY_FILES = 2_000;

/** How to look for the commits of one key: through all of them, or at its files only; left out: as is faster. */
export type Thoroughness = 'every commit' | 'its files';

/**
 * The way back from a commit, of one key or of all.
 * @throws Refusal when there never was such a key
 */
export async function wayBack(
  repository: Repository,
  from: string,
  key?: string,
  thoroughness?: Thoroughness,
): Promise<WayBack> {
  const entries = await repository.listRevision(from);
  const narrow = entries.length >= MANY_FILES ? 'its files' : 'every commit';
  if (key !== undefined && (thoroughness ?? narrow) === 'its files') {
    const way = await narrowWay(repository, from, key, entries);
    if (way !== undefined) return way;
  }
  const table = await tableOf(repository, entries);
  const wanted = key === undefined ? 'all' : await findObjects(repository, table, from, key);
  return { table, wanted, steps: stepsBack(repository, table, from, wanted) };
}
