import { Refusal } from '../../diagnostics/refusal.js';
import { PROJECT_FILE } from '../../project/kind.js';
import { fileOf, withChanges } from '../../sources/changed-files.js';
import type { Repository } from '../../sources/git.js';
import type { WalkedCommit } from '../../sources/git-commits.js';
import { isListed } from '../../sources/git-tree.js';
import type { SourceFile } from '../../syntax/source-file.js';

/** The way from one commit to a later one along first parents. */
export interface Line {
  readonly from: string;
  readonly to: string;
  /** Those after `from`, newest first, each with the files that differ from its first parent. */
  readonly commits: readonly WalkedCommit[];
}

/** A longer way is not gone through commit by commit. */
const LONGEST = 1000;

/** One run of git. `undefined`: the first parents of `to` do not lead to `from`, or not soon. */
export async function lineBetween(repository: Repository, from: string, to: string): Promise<Line | undefined> {
  const commits: WalkedCommit[] = [];
  let next = to;
  try {
    for await (const commit of repository.walk({ from: [to], except: [from] })) {
      if (commit.oid !== next || commits.length === LONGEST) return undefined;
      commits.push(commit);
      next = commit.read().parents[0] ?? '';
    }
  } catch (error) {
    // The commit of before may be gone: a history that is written anew leaves nothing that leads to it.
    if (error instanceof Refusal) return undefined;
    throw error;
  }
  return next === from ? { from, to, commits } : undefined;
}

/** How many commits it brought. `undefined`: there are merges among them, and who knows what they brought. */
export function lengthOf({ commits }: Line): number | undefined {
  return commits.every((commit) => commit.read().parents.length === 1) ? commits.length : undefined;
}

/**
 * The files of the flags directory at the end of a line, by those at its beginning: only what has changed is read.
 * `undefined`: they differ in a way that only reading everything tells.
 */
export async function filesAfter(
  repository: Repository,
  files: readonly SourceFile[],
  { commits }: Line,
): Promise<SourceFile[] | undefined> {
  const { prefix } = repository;
  const blobs = new Map<string, string | undefined>();
  for (const commit of [...commits].reverse()) {
    for (const { path, after, before } of commit.files) {
      if (mayMove(path, before, after)) return undefined;
      const within = path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
      if (within === undefined || !isListed(within, true)) continue;
      // A file that goes may have become a link, or what a link leads to.
      if (after === undefined) return undefined;
      if (isListed(within, false)) blobs.set(within, after);
    }
  }
  // A link that led nowhere may lead to a file that is new.
  if (files.some(({ problem }) => problem === 'unreadable')) return undefined;
  const entries = [...blobs].map(async ([path, oid]) => [path, await fileOf(repository, path, oid)] as const);
  return withChanges(files, new Map(await Promise.all(entries)));
}

/** With a `flagstaff.yaml` that comes or goes the flags may be elsewhere. */
function mayMove(path: string, before: string | undefined, after: string | undefined): boolean {
  const isProject = path === PROJECT_FILE || path.endsWith(`/${PROJECT_FILE}`);
  return isProject && (before === undefined || after === undefined);
}
