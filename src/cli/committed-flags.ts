import { Refusal } from '../diagnostics/refusal.js';
import { flagsAsOf } from '../history/as-of.js';
import type { Snapshot } from '../model/snapshot.js';
import { PROJECT_FILE } from '../project/kind.js';
import { type Branch, type Repository, withRepository } from '../sources/git.js';
import type { GlobalOptions } from './command.js';
import { findHistory } from './repository.js';
import { compileSide, revisionSide } from './sides.js';
import { note, type Terminal } from './terminal.js';

export interface RevisionOptions extends GlobalOptions {
  /** A revision in place of the working tree; with `asOf` the line of history to look at. */
  readonly ref?: string;
  /** milliseconds since 1970 */
  readonly asOf?: number;
}

/** Flags, and what is known of where they come from. */
export interface ChosenFlags {
  readonly snapshot: Snapshot;
  /** The commit that they were read from. */
  readonly version?: string;
  /** The clock at that moment; milliseconds since 1970. */
  readonly now?: number;
}

/** The flags of a revision, or of a moment. */
export async function readCommittedFlags(
  { ref, asOf, ...options }: RevisionOptions,
  terminal: Terminal,
): Promise<ChosenFlags | undefined> {
  const root = await findHistory(options, terminal);
  return withRepository(root, terminal.env, (repository) => {
    return asOf === undefined
      ? readRevision(repository, ref ?? 'HEAD', terminal)
      : readMoment(repository, ref, asOf, terminal);
  });
}

async function readRevision(repository: Repository, ref: string, terminal: Terminal): Promise<ChosenFlags | undefined> {
  const version = await repository.resolve(ref);
  const side = await revisionSide(repository, ref, version);
  if (!side.files.some(({ path }) => path === PROJECT_FILE)) {
    throw new Refusal('not-found', `there are no flags in \`${ref}\``, {
      help: '`flagstaff log` shows when there were',
    });
  }
  const snapshot = await compileSide(side, terminal);
  return snapshot && { snapshot, version };
}

async function readMoment(
  repository: Repository,
  ref: string | undefined,
  asOf: number,
  terminal: Terminal,
): Promise<ChosenFlags> {
  const branch = await branchFor(repository, ref);
  const { commit, committed, snapshot, refused } = await flagsAsOf(repository, branch, asOf);
  for (const passed of refused) await note(terminal, `note: passed over ${short(passed)}: it does not pass the gate`);
  const when = new Date(committed).toISOString().replace('.000Z', 'Z');
  await note(terminal, `note: flags of ${short(commit)} on \`${branch.name}\`, of ${when}`);
  return { snapshot, version: commit, now: asOf };
}

async function branchFor(repository: Repository, ref: string | undefined): Promise<Branch> {
  if (ref === undefined) return repository.defaultBranch();
  return { name: ref, commit: await repository.resolve(ref) };
}

export function short(commit: string): string {
  return commit.slice(0, 12);
}
