import { stepsOf } from '../diagnostics/pointer.js';
import type { Change } from '../diff/change.js';
import { mattersToAnswers } from '../diff/effect.js';
import type { Group } from '../model/group.js';
import type { ReadingCache } from '../project/read-file.js';
import type { Repository } from '../sources/git.js';
import { type History, type LogEntry, readHistory } from './log.js';

/** When a flag came to be, and when it last changed in meaning; milliseconds since 1970. */
interface FlagTimes {
  /** Left out: before `FlagAges.since`. */
  created?: number;
  /** By environment; one that is not here has not changed since then. */
  readonly changed: Map<string, number>;
}

/** The semantic age of every flag: comments, formatting, moved files and paperwork do not make one younger. */
export interface FlagAges {
  readonly flags: ReadonlyMap<string, Readonly<FlagTimes>>;
  /** By environment: when `flagstaff.yaml` last changed what it makes of every flag there. */
  readonly everyFlag: ReadonlyMap<string, number>;
  /** How far back was looked; `-Infinity`: to the first commit. Times before are not known. */
  readonly since: number;
  /** A shallow clone hides what happened before this commit. */
  readonly cutOffAt?: string;
}

export interface AgeOptions {
  /** How far back to look; milliseconds since 1970. */
  readonly since: number;
  /** Those that count. */
  readonly environments: readonly string[];
  /** Files that were read already, by their paths in the flags directory. */
  readonly readings?: ReadingCache;
  /** Is called for each commit that was looked at. */
  readonly passed?: () => void;
}

/** @param from a commit, by its id */
export async function flagAges(
  repository: Repository,
  from: string,
  { since, environments, readings, passed }: AgeOptions,
): Promise<FlagAges> {
  const history = await readHistory(repository, from, undefined, undefined, readings);
  const record = new AgeRecord(environments);
  const reached = await readUntil(history, since, (entry, time) => {
    passed?.();
    record.take(entry, time);
  });
  const cutOffAt = reached === since ? undefined : history.cutOffAt();
  const { flags, everyFlag } = record;
  return { flags, everyFlag, since: reached, ...(cutOffAt === undefined ? {} : { cutOffAt }) };
}

/** As git does it: commits may seem older than they are, where somebody's clock was wrong. */
const WRONG_CLOCKS = 5;

/**
 * Tells the entries, newest first, up to those that are older. What has an ancestor that is not older is not older
 * either, whatever it says.
 *
 * @returns the time of the oldest commit that was looked at; `-Infinity` when that is the first of all
 */
async function readUntil(
  history: History,
  since: number,
  told: (entry: LogEntry, time: number) => void,
): Promise<number> {
  let reached = Number.POSITIVE_INFINITY;
  let older: LogEntry[] = [];
  for await (const entry of history.entries) {
    const { committed } = entry.commit;
    if (committed < since) {
      older.push(entry);
      if (older.length === WRONG_CLOCKS) break;
      continue;
    }
    for (const one of [...older, entry]) told(one, committed);
    older = [];
    reached = committed;
  }
  if (older.length > 0) return since;
  return history.cutOffAt() === undefined ? Number.NEGATIVE_INFINITY : reached;
}

/** Entries are taken newest first, so what stands is the last. */
class AgeRecord {
  readonly flags = new Map<string, FlagTimes>();
  readonly everyFlag = new Map<string, number>();
  readonly #environments: readonly string[];

  constructor(environments: readonly string[]) {
    this.#environments = environments;
  }

  take({ changes }: LogEntry, time: number): void {
    for (const change of changes) {
      const { kind } = change;
      if (kind === 'project_changed') this.#takeSettings(change, time);
      else if (kind.startsWith('group_')) for (const key of flagsOfGroup(change)) this.#touch(key, undefined, time);
      else if (kind.startsWith('flag_')) this.#takeFlag(change, time);
    }
  }

  #takeFlag(change: Change, time: number): void {
    const { key, kind, environment } = change;
    if (!mattersToAnswers(change)) return;
    this.#touch(key, environment, time);
    if (kind !== 'flag_created') return;
    const times = this.#timesOf(key);
    times.created ??= time;
  }

  #touch(key: string, environment: string | undefined, time: number): void {
    const { changed } = this.#timesOf(key);
    for (const name of environment === undefined ? this.#environments : [environment]) {
      if (!changed.has(name)) changed.set(name, time);
    }
  }

  #timesOf(key: string): FlagTimes {
    const times = this.flags.get(key) ?? { changed: new Map<string, number>() };
    this.flags.set(key, times);
    return times;
  }

  /** An environment that came, or that is protected now or no longer, takes other parts of every flag. */
  #takeSettings({ path, before, after }: Change, time: number): void {
    if (path !== '/environments' && path !== '/protected') return;
    for (const name of differing(namesIn(before), namesIn(after))) {
      if (!this.everyFlag.has(name)) this.everyFlag.set(name, time);
    }
  }
}

function namesIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function differing(one: readonly unknown[], other: readonly unknown[]): string[] {
  const names = [...one, ...other].filter((name) => one.includes(name) !== other.includes(name));
  return names.filter((name) => typeof name === 'string');
}

/** Whose slot a change of a group gives, moves or takes away. */
function flagsOfGroup({ path, before, after }: Change): string[] {
  const [part, flag] = stepsOf(path);
  if (part === 'slots' && flag !== undefined) return [flag];
  return path === '' ? ((after ?? before) as Group).slots.map((slot) => slot.flag) : [];
}
