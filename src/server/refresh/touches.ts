import { flagsAt } from '../../history/place.js';
import { kindOf } from '../../project/kind.js';
import type { Project } from '../../project/project.js';
import type { Repository } from '../../sources/git.js';
import type { FileChange } from '../../sources/git-commits.js';
import { type Line, lineBetween } from './line.js';
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

/**
 * Which commit touched each file last. The past is walked once, as far as the files of today reach back; from then on
 * only what is new. It is told by the commit alone: whoever asks first, and whoever asks after a restart, is told the same.
 */
export class TouchLog {
  #known: { readonly commit: string; readonly prefix: string; readonly touches: Map<string, Touch> } | undefined;

  /** @param line the way that led to the commit, where it is known */
  async at(repository: Repository, commit: string, line?: Line): Promise<Touches> {
    const place = await flagsAt(repository, commit);
    const known = this.#known?.prefix === place.prefix ? this.#known : undefined;
    const way = known && (await this.#wayTo(repository, known.commit, commit, line));
    const touches =
      known === undefined || way === undefined
        ? await touchedEver(place, commit)
        : await touchedOn(place, way, known.touches);
    this.#known = { commit, prefix: place.prefix, touches };
    return touches;
  }

  async #wayTo(repository: Repository, from: string, to: string, line: Line | undefined): Promise<Line | undefined> {
    if (from === to) return { from, to, commits: [] };
    return line?.from === from && line.to === to ? line : lineBetween(repository, from, to);
  }
}

async function touchedOn(repository: Repository, { commits }: Line, known: Touches): Promise<Map<string, Touch>> {
  const touches = new Map(known);
  let rank = highest(touches);
  for (const { oid, files } of [...commits].reverse()) {
    rank += 1;
    for (const path of await touchedBy(repository, files)) touches.set(path, { commit: oid, rank });
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
    for (const path of await touchedBy(place, files)) {
      if (!touches.has(path)) touches.set(path, { commit: oid, rank });
      missing.delete(path);
    }
    if (missing.size === 0) break;
    rank -= 1;
  }
  return touches;
}

/** Paths of flags, groups and so on in the flags directory, and the flags that were named in them. */
async function touchedBy(repository: Repository, files: readonly FileChange[]): Promise<string[]> {
  const { prefix } = repository;
  const touched: string[] = [];
  for (const file of files) {
    const path = file.path.slice(prefix.length);
    if (!file.path.startsWith(prefix) || kindOf(path) === undefined) continue;
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
export function lastTouches({ subjects, groups }: Project, touches: Touches): ReadonlyMap<string, string> {
  const slots = new Map<string, string>();
  for (const { file, data } of groups.values()) for (const { flag } of data.slots) slots.set(flag, file);
  const named = namedIn(touches);
  const versions = new Map<string, string>();
  for (const { flag, overrides } of subjects) {
    if (flag === undefined) continue;
    const { key } = flag.data;
    const slot = slots.get(key);
    let last = later(named.get(key), touches.get(flag.file));
    if (slot !== undefined) last = later(last, touches.get(slot));
    for (const { file } of overrides) last = later(last, touches.get(file));
    if (last !== undefined) versions.set(key, last.commit);
  }
  return versions;
}

/** By flag. */
function namedIn(touches: Touches): Map<string, Touch> {
  const named = new Map<string, Touch>();
  for (const [path, touch] of touches) if (path.startsWith('//')) named.set(path.slice('//'.length), touch);
  return named;
}

function later(one: Touch | undefined, other: Touch | undefined): Touch | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.rank > one.rank ? other : one;
}
