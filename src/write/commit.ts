import { Refusal } from '../diagnostics/refusal.js';
import { gitRefusal } from '../sources/git-refusal.js';
import type { Git, GitAnswer } from './git.js';

/** A path is a path, whatever it looks like. */
const LITERALLY = ['--literal-pathspecs'];

/** The message comes from stdin, and no line of it counts as a comment. */
const COMMIT = ['commit', '--quiet', '--only', '--cleanup=whitespace', '--file=-'];

/** One changed file on its way into a commit. */
export interface Committing {
  /** The directory from which git runs; `path` is relative to it. */
  readonly directory: string;
  readonly path: string;
  /** There was no such file before. */
  readonly isNew: boolean;
  readonly message: string;
  /** Begin this branch and commit there. */
  readonly branch?: string;
  /** Writes the file, and takes that back. */
  save(): Promise<void>;
  unsave(): Promise<void>;
}

/**
 * Writes a file and commits it alone: what else is staged stays staged. The user's hooks run and their signing
 * counts. When the commit does not come about, the file, the index and the branch are as they were.
 *
 * @returns the id of the commit, short
 * @throws Refusal
 */
export async function commitFile(git: Git, committing: Committing): Promise<string> {
  await refuseUnready(git, committing);
  await committing.save();
  try {
    return await withBranch(git, committing.branch, () => commit(git, committing));
  } catch (error) {
    await committing.unsave().catch(() => {
      throw touched(committing.path, error);
    });
    throw error;
  }
}

/** Everything that can be known to go wrong is told before anything is written. */
async function refuseUnready(git: Git, { directory, path, branch }: Committing): Promise<void> {
  const status = await git([...LITERALLY, 'status', '--porcelain', '--', path]);
  if (!status.ok) throw gitRefusal(new Error(status.complaint), directory);
  if (status.output !== '') throw uncommitted(path);
  if ((await git(['check-ignore', '--quiet', '--', `./${path}`])).ok) {
    throw new Refusal('unavailable', `git ignores \`${path}\``, {
      help: 'change `.gitignore`, or leave out `--commit`',
    });
  }
  if ((await git(['rev-parse', '--verify', '--quiet', 'MERGE_HEAD'])).ok) {
    throw new Refusal('unavailable', 'a merge is under way', { help: 'finish it first, or leave out `--commit`' });
  }
  for (const identity of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    if (!(await git(['var', identity])).ok) throw noIdentity();
  }
  if (branch !== undefined) await refuseBranch(git, branch);
}

function uncommitted(path: string): Refusal {
  return new Refusal('unavailable', `\`${path}\` has changes that are not committed`, {
    help: 'commit or undo them first: a commit holds whole files; or leave out `--commit`',
  });
}

function noIdentity(): Refusal {
  return new Refusal('unavailable', 'git does not know who you are', {
    help: 'tell it: `git config --global user.name "Your Name"` and `git config --global user.email you@example.com`',
  });
}

async function refuseBranch(git: Git, branch: string): Promise<void> {
  if (!(await git(['check-ref-format', '--branch', branch])).ok || branch.startsWith('-')) {
    throw new Refusal('invalid-argument', `\`${branch}\` cannot be the name of a branch`);
  }
  if ((await git(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`])).ok) {
    const help = `choose another name, or \`git switch ${branch}\` and leave out \`--branch\``;
    throw new Refusal('already-exists', `there is a branch \`${branch}\` already`, { help });
  }
}

async function withBranch(git: Git, branch: string | undefined, act: () => Promise<string>): Promise<string> {
  if (branch === undefined) return act();
  const head = (await git(['symbolic-ref', '--quiet', '--short', 'HEAD'])).output;
  const commit = (await git(['rev-parse', '--verify', '--quiet', 'HEAD'])).output;
  const switched = await git(['switch', '--quiet', '--create', branch]);
  if (!switched.ok) throw didNot('begin the branch', switched);
  try {
    return await act();
  } catch (error) {
    await (head === ''
      ? git(['switch', '--quiet', '--detach', commit])
      : git(['symbolic-ref', 'HEAD', `refs/heads/${head}`]));
    await git(['branch', '--quiet', '-D', branch]);
    throw error;
  }
}

async function commit(git: Git, { path, isNew, message }: Committing): Promise<string> {
  if (isNew) await git([...LITERALLY, 'add', '--intent-to-add', '--', path]);
  const done = await git([...LITERALLY, ...COMMIT, '--', path], message);
  if (done.ok) return (await git(['rev-parse', '--short', 'HEAD'])).output;
  if (isNew) await git([...LITERALLY, 'rm', '--cached', '--quiet', '--', path]);
  throw didNot('commit', done);
}

/** A hook that mends files and then says no is nothing unusual; what it wrote is not for us to undo. */
function touched(path: string, cause: unknown): Refusal {
  const { help } = cause as { readonly help: string };
  return new Refusal('git-failed', `git did not commit, and \`${path}\` is not as it was: a hook changed it`, {
    help,
    cause,
  });
}

/** What a hook says may be long: all of it is the help. */
function didNot(what: string, { complaint }: GitAnswer): Refusal {
  const help = complaint === '' ? 'a hook may have said no' : complaint;
  return new Refusal('git-failed', `git did not ${what}; everything is as it was`, { help });
}
