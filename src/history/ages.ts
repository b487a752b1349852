import type { Repository } from '../sources/git.js';
import { type History, readHistory } from './log.js';

/** When a flag came to be, and when it last changed in meaning; milliseconds since 1970. */
interface FlagTimes {
  /** Left out: before `FlagAges.since`. */
  readonly created?: number;
  /** By environment; one that is not here has not changed since then. */
  readonly changed: ReadonlyMap<string, number>;
}

/** The semantic age of every flag: comments, formatting and moved files do not make one younger. */
export interface FlagAges {
  readonly flags: ReadonlyMap<string, FlagTimes>;
  /** How far back was looked; `-Infinity`: to the first commit. Times before are not known. */
  readonly since: number;
  /** A shallow clone hides what happened before this commit. */
  readonly cutOffAt?: string;
}

/**
 * @param from a commit, by its id
 * @param since how far back to look; milliseconds since 1970
 * @param environments those that count
 */
export async function flagAges(
  repository: Repository,
  from: string,
  since: number,
  environments: readonly string[],
): Promise<FlagAges> {
  const history = await readHistory(repository, from);
  const flags = new Map<string, { created?: number; changed: Map<string, number> }>();
  const reached = await readUntil(history, since, (key, kind, environment, time) => {
    const times = flags.get(key) ?? { changed: new Map<string, number>() };
    flags.set(key, times);
    for (const name of environment === undefined ? environments : [environment]) {
      if (!times.changed.has(name)) times.changed.set(name, time);
    }
    if (kind === 'flag_created') times.created = time;
  });
  const cutOffAt = history.cutOffAt();
  return { flags, since: reached, ...(cutOffAt === undefined ? {} : { cutOffAt }) };
}

type Told = (key: string, kind: string, environment: string | undefined, time: number) => void;

/** @returns the time of the oldest commit that was looked at; `-Infinity` when that is the first of all */
async function readUntil(history: History, since: number, told: Told): Promise<number> {
  let reached = Number.POSITIVE_INFINITY;
  for await (const { commit, changes } of history.entries) {
    if (commit.committed < since) return since;
    reached = Math.min(reached, commit.committed);
    for (const { key, kind, environment } of changes) {
      if (kind.startsWith('flag_')) told(key, kind, environment, commit.committed);
    }
  }
  return history.cutOffAt() === undefined ? Number.NEGATIVE_INFINITY : reached;
}
