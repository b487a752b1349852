import { Refusal } from '../diagnostics/refusal.js';
import type { Snapshot } from '../model/snapshot.js';
import { compile } from '../project/compile.js';
import type { ReadingCache } from '../project/read-file.js';
import type { Branch, Repository } from '../sources/git.js';
import { shallowRefusal } from '../sources/git-revisions.js';
import { flagsAt } from './place.js';
import { walkFlags } from './steps.js';

/** The newest commit of a line of history whose flags pass the gate. */
export interface Passing {
  readonly commit: string;
  readonly snapshot: Snapshot;
  /** Newer commits that do not pass, newest first; of neighbours with the same files only the newest is named. */
  readonly refused: readonly string[];
}

/** The flags as they stood at a moment. */
export interface AsOf extends Passing {
  readonly branch: Branch;
  /** When the commit came to stand there; milliseconds since 1970. */
  readonly committed: number;
}

/**
 * The flags as a server of this branch would have served them at `time`: those of the newest commit along first
 * parents that was there by then and passes the gate.
 *
 * @param time milliseconds since 1970
 * @throws Refusal when there is none, or when a shallow clone does not tell
 */
export async function flagsAsOf(repository: Repository, branch: Branch, time: number): Promise<AsOf> {
  const newest = await commitBy(repository, branch, time);
  const passing = await newestPassing(repository, newest);
  if (passing === undefined) {
    throw new Refusal(
      'not-found',
      `no commit of \`${branch.name}\` by ${timeWords(time)} has flags that pass the gate`,
      {
        help: '`flagstaff log --all` shows what came when',
      },
    );
  }
  const { committed } = await repository.commit(passing.commit);
  return { ...passing, branch, committed };
}

/** The first commit on the way back whose committer date is not after `time`. */
async function commitBy(repository: Repository, branch: Branch, time: number): Promise<string> {
  let oldest = branch.commit;
  for await (const { oid, committed } of repository.dates(branch.commit)) {
    if (committed <= time) return oid;
    oldest = oid;
  }
  if (repository.boundary.has(oldest)) {
    throw shallowRefusal(`what \`${branch.name}\` was at ${timeWords(time)} is not in this shallow clone`);
  }
  throw new Refusal('not-found', `\`${branch.name}\` had no commits by ${timeWords(time)}`, {
    help: `its first commit is of ${timeWords((await repository.commit(oldest)).committed)}`,
  });
}

/** ISO 8601, in UTC. */
function timeWords(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/**
 * Walks back from a commit along first parents to one whose flags pass the gate.
 *
 * @returns `undefined` when there is none
 * @throws Refusal when a shallow clone cuts the way off
 */
export async function newestPassing(
  repository: Repository,
  from: string,
  cache: ReadingCache = new Map(),
): Promise<Passing | undefined> {
  const refused: string[] = [];
  for (
    let commit: string | undefined = from;
    commit !== undefined;
    commit = await otherFlagsBefore(repository, commit)
  ) {
    const snapshot = await snapshotAt(repository, commit, cache);
    if (snapshot !== undefined) return { commit, snapshot, refused };
    refused.push(commit);
  }
  return undefined;
}

/** What a commit's flags compile to; `undefined` when they do not pass the gate, or there are none. */
export async function snapshotAt(
  repository: Repository,
  commit: string,
  cache?: ReadingCache,
): Promise<Snapshot | undefined> {
  const place = await flagsAt(repository, commit);
  return compile(await place.readRevision(commit), cache).snapshot;
}

/** The newest commit before this one whose flags directory holds other files. */
async function otherFlagsBefore(repository: Repository, commit: string): Promise<string | undefined> {
  const place = await flagsAt(repository, commit);
  for await (const { oid, read } of walkFlags(place, commit)) {
    if (!repository.boundary.has(oid)) return read().parents[0];
    throw shallowRefusal('no commit of this shallow clone has flags that pass the gate');
  }
  return undefined;
}
