import { Refusal } from '../diagnostics/refusal.js';
import type { GitReader } from './git-process.js';

/** A line of history by name. */
export interface Branch {
  /** `main`, or `origin/main` where only the remote's is here or ahead. */
  readonly name: string;
  readonly commit: string;
}

/** The branch that is checked out; `undefined` when HEAD is detached. It may have no commits yet. */
export async function currentBranch(git: GitReader): Promise<string | undefined> {
  const ref = await optional(git, ['symbolic-ref', '--quiet', 'HEAD']);
  return ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}

/**
 * The branch that the others are merged into: what `origin` calls its HEAD, else `init.defaultBranch`, `main` or
 * `master`, whichever there is first, else the current branch.
 *
 * Of a branch that is both here and on `origin`, the one that is ahead counts; the local one when they have parted.
 *
 * @throws Refusal when there is none
 */
export async function defaultBranch(git: GitReader): Promise<Branch> {
  const refs = await branches(git);
  for (const name of await candidates(git)) {
    const found = await aheadOf(git, name, refs);
    if (found !== undefined) return found;
  }
  if (refs.size === 0 && (await hasNoCommits(git))) throw noCommits();
  throw new Refusal('no-default-branch', 'cannot tell which branch is the default one', {
    help: 'check it out, fetch it, or say so with `git remote set-head origin --auto`',
  });
}

/** No branch has a commit, here or on a remote. */
export async function hasNoCommits(git: GitReader): Promise<boolean> {
  const refs = await git.run(['for-each-ref', '--count=1']);
  return refs === '' && (await currentBranch(git)) !== undefined;
}

export function noCommits(): Refusal {
  return new Refusal('no-commits', 'there are no commits yet', { help: 'commit the flags first' });
}

async function candidates(git: GitReader): Promise<string[]> {
  const head = await optional(git, ['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD']);
  const configured = await optional(git, ['config', '--get', 'init.defaultBranch']);
  const names = [head?.replace(/^refs\/remotes\/origin\//, ''), configured, 'main', 'master', await currentBranch(git)];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Full names of local branches and of those of `origin`, to commits. */
async function branches(git: GitReader): Promise<Map<string, string>> {
  const output = await git.run([
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    'refs/heads',
    'refs/remotes/origin',
  ]);
  const lines = output.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]));
}

async function aheadOf(git: GitReader, name: string, refs: ReadonlyMap<string, string>): Promise<Branch | undefined> {
  const local = refs.get(`refs/heads/${name}`);
  const remote = refs.get(`refs/remotes/origin/${name}`);
  if (local === undefined) return remote === undefined ? undefined : { name: `origin/${name}`, commit: remote };
  const behind = remote !== undefined && remote !== local && (await isAncestor(git, local, remote));
  return behind ? { name: `origin/${name}`, commit: remote } : { name, commit: local };
}

/** Is the first commit the second one, or among those before it? */
export function isAncestor(git: GitReader, before: string, after: string): Promise<boolean> {
  return git.asks(['merge-base', '--is-ancestor', before, after]);
}

async function optional(git: GitReader, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await git.run(args)).trim() || undefined;
  } catch {
    return undefined;
  }
}
