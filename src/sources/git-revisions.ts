import { Refusal } from '../diagnostics/refusal.js';
import type { BlobReader } from './git-blobs.js';
import { hasNoCommits, noCommits } from './git-branches.js';
import type { GitReader } from './git-process.js';

/** What of a repository decides whether a revision can be found. */
export interface Grounds {
  readonly git: GitReader;
  readonly objects: BlobReader;
  /** Commits whose parents a shallow clone has left out. */
  readonly boundary: ReadonlySet<string>;
  /** Since it was last asked. */
  readonly repacked: () => Promise<boolean>;
}

/** The id of the commit that a person calls `revision`. @throws Refusal */
export async function resolveRevision(grounds: Grounds, revision: string): Promise<string> {
  refuseOddRevision(revision);
  try {
    const name = `${revision}^{commit}`;
    if (await grounds.repacked()) grounds.objects.close();
    const found = await grounds.objects.find(name);
    return found ?? (await grounds.git.read(['rev-parse', '--verify', '--end-of-options', name])).trim();
  } catch (error) {
    throw await explain(grounds, revision, error);
  }
}

/** A revision is one line of text that git cannot take for an option. */
function refuseOddRevision(revision: string): void {
  if (/^[^-\p{Cc}][^\p{Cc}]*$/u.test(revision)) return;
  throw new Refusal('invalid-argument', `\`${revision.replace(/\p{Cc}/gu, '?')}\` is not a revision`, {
    help: 'name a branch, a tag or a commit; it cannot begin with `-`',
  });
}

async function explain({ git, boundary }: Grounds, revision: string, error: unknown): Promise<Refusal> {
  if (error instanceof Refusal && error.code !== 'git-failed') return error;
  if (await hasNoCommits(git)) return noCommits();
  if (boundary.size > 0 && mayBeCutOff(revision)) {
    return shallowRefusal(`\`${revision}\` is not in this shallow clone`, error);
  }
  const help = '`git branch --all` and `git log --oneline` show what there is; a remote branch must be fetched first';
  return new Refusal('unknown-revision', `there is no revision \`${revision}\``, { help, cause: error });
}

/** `HEAD~100`, `v1^`, or a commit by its id. */
function mayBeCutOff(revision: string): boolean {
  return /[~^@]|^[0-9a-f]{7,64}$/i.test(revision);
}

/** What needs commits that a shallow clone does not have. */
export function shallowRefusal(message: string, cause?: unknown): Refusal {
  const help = 'fetch the rest with `git fetch --unshallow` (in CI: `fetch-depth: 0`)';
  return new Refusal('shallow', message, { help, cause });
}

/** The newest commit that both descend from. @throws Refusal when there is none, or when it cannot be known */
export async function mergeBase({ git, boundary }: Grounds, one: string, other: string): Promise<string> {
  const bases = await git.run(['merge-base', one, other]).catch(() => '');
  const base = bases.trim().split('\n')[0] ?? '';
  if (boundary.size > 0 && (await reachesBoundary(git, boundary, one, other, base))) {
    throw shallowRefusal('where the two revisions parted is not in this shallow clone');
  }
  if (base !== '') return base;
  throw new Refusal('no-merge-base', `\`${one.slice(0, 12)}\` and \`${other.slice(0, 12)}\` have no commit in common`);
}

/** Does the history of either side since `base` lead to where the clone was cut off? */
async function reachesBoundary(
  git: GitReader,
  boundary: ReadonlySet<string>,
  one: string,
  other: string,
  base: string,
): Promise<boolean> {
  const since = await git.read(['rev-list', one, other, ...(base === '' ? [] : [`^${base}`]), '--']);
  return since.split('\n').some((oid) => boundary.has(oid));
}
