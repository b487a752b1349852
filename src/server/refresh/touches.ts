import { flagsAt } from '../../history/place.js';
import { kindOf } from '../../project/kind.js';
import type { Project } from '../../project/project.js';
import type { Repository } from '../../sources/git.js';
import type { FileChange } from '../../sources/git-commits.js';
import { namedBefore } from './named-before.js';

/** The last commit that touched a file, along first parents. */
export interface Touch {
  readonly commit: string;
  /** Of two touches the one with the higher rank is the later one. */
  readonly rank: number;
}

/**
 * By path in the flags directory; files that are gone may be here too. And by `//KEY`, which is no path: the last
 * commit that touched a group or an override file which named the flag until then.
 */
export type Touches = ReadonlyMap<string, Touch>;

/** Up to so many commits are gone through to see whether a commit stands on the line that leads to another. */
const NEAR = 1000;

/**
 * Which commit touched each file last. The past is walked once, as far as the files of today reach back; from then on
 * only what is new. It is told by the commit alone: whoever asks first, and whoever asks after a restart, is told the same.
 */
export class TouchLog {
  #known: { readonly commit: string; readonly prefix: string; readonly touches: Map<string, Touch> } | undefined;

  async at(repository: Repository, commit: string): Promise<Touches> {
    const place = await flagsAt(repository, commit);
    const { prefix } = place;
    const known = this.#known?.prefix === prefix ? this.#known : undefined;
    const touches =
      known !== undefined && (await isOnLine(repository, known.commit, commit))
        ? await touchedSince(repository, prefix, commit, known)
        : await touchedEver(place, commit);
    this.#known = { commit, prefix, touches };
    return touches;
  }
}

async function isOnLine(repository: Repository, before: string, after: string): Promise<boolean> {
  let left = NEAR;
  for await (const { oid } of repository.dates(after)) {
    if (oid === before) return true;
    left -= 1;
    if (left === 0) return false;
  }
  return false;
}

interface Known {
  readonly commit: string;
  readonly touches: ReadonlyMap<string, Touch>;
}

async function touchedSince(repository: Repository, prefix: string, commit: string, known: Known) {
  const walk = { from: [commit], except: [known.commit], paths: pathsOf(prefix) };
  const fresh: { readonly oid: string; readonly paths: readonly string[] }[] = [];
  for await (const { oid, files } of repository.walk(walk)) {
    fresh.push({ oid, paths: await touchedBy(repository, files, prefix) });
  }
  const touches = new Map(known.touches);
  let rank = highest(touches);
  for (const { oid, paths } of fresh.reverse()) {
    rank += 1;
    for (const path of paths) touches.set(path, { commit: oid, rank });
  }
  return touches;
}

function highest(touches: ReadonlyMap<string, Touch>): number {
  let rank = 0;
  for (const touch of touches.values()) rank = Math.max(rank, touch.rank);
  return rank;
}

/** Back to where every file of today has been touched. What was touched before that is older than all of them. */
async function touchedEver(place: Repository, commit: string): Promise<Map<string, Touch>> {
  const paths = (await place.listRevision(commit)).map(({ path }) => path);
  const missing = new Set(paths.filter((path) => kindOf(path) !== undefined));
  const touches = new Map<string, Touch>();
  let rank = 0;
  for await (const { oid, files } of place.walk({ from: [commit], paths: pathsOf(place.prefix) })) {
    for (const path of await touchedBy(place, files, place.prefix)) {
      if (!touches.has(path)) touches.set(path, { commit: oid, rank });
      missing.delete(path);
    }
    if (missing.size === 0) break;
    rank -= 1;
  }
  return touches;
}

/** Paths of flags, groups and so on, and the flags that were named in them. */
async function touchedBy(repository: Repository, files: readonly FileChange[], prefix: string): Promise<string[]> {
  const touched: string[] = [];
  for (const file of files) {
    const path = file.path.slice(prefix.length);
    if (kindOf(path) === undefined) continue;
    touched.push(path);
    for (const key of await namedBefore(repository, file)) touched.push(`//${key}`);
  }
  return touched;
}

function pathsOf(prefix: string): string[] {
  return prefix === '' ? [] : [prefix];
}

/**
 * By flag, the last commit that touched a file in which it is written: its own, one of its overrides or the group that
 * holds its slot; also one in which it was written until then.
 */
export function lastTouches({ partsOf, groups }: Project, touches: Touches): ReadonlyMap<string, string> {
  const slots = new Map<string, string>();
  for (const { file, data } of groups.values()) for (const { flag } of data.slots) slots.set(flag, file);
  const versions = new Map<string, string>();
  for (const [key, parts] of partsOf) {
    let last = later(touches.get(`//${key}`), touches.get(slots.get(key) ?? ''));
    for (const { file } of parts) last = later(last, touches.get(file));
    if (last !== undefined) versions.set(key, last.commit);
  }
  return versions;
}

function later(one: Touch | undefined, other: Touch | undefined): Touch | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.rank > one.rank ? other : one;
}
