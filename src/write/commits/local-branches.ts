import { stat } from 'node:fs/promises';
import { Refusal } from '../../diagnostics/refusal.js';
import type { Repository } from '../../sources/git.js';
import { hasNoCommits, noCommits } from '../../sources/git-branches.js';
import type { GitReader } from '../../sources/git-process.js';
import type { Checkouts } from './checkout.js';
import { rejectedRefusal, writingRefusal } from './complaints.js';
import type { Plumbing } from './plumbing.js';
import { BEHIND, type Branches, type Head, MOVED, type Move, type Target, UNKNOWN } from './target.js';

/** What works on the branches of one repository. */
export interface LocalParts {
  readonly repository: Repository;
  readonly git: GitReader;
  readonly plumbing: Plumbing;
  readonly checkouts: Checkouts;
}

/** The branches of this repository. Whoever has one checked out sees their files follow. */
export function localBranches(parts: LocalParts): Branches {
  return {
    branch: (name) => localBranch(parts, name),
    create: (name, commit) => moveRef(parts.plumbing, `refs/heads/${name}`, commit, ''),
    below: (folder) => refsBelow(parts.git, `refs/heads/${folder}`, folder),
    url: async () => undefined,
  };
}

function localBranch(parts: LocalParts, name: string): Target {
  const ref = `refs/heads/${name}`;
  const { plumbing, checkouts } = parts;
  return {
    head: () => headOf(parts, name),
    move: (head, commit, touched) => {
      const move = () => moveRef(plumbing, ref, commit, head.commit);
      if (head.checkout === undefined) return move();
      return checkouts.follow({ top: head.checkout, branch: name, from: head.commit, to: commit, touched }, move);
    },
  };
}

/** One run of git tells the commit and who has the branch checked out. */
async function headOf({ git, repository }: LocalParts, name: string): Promise<Head> {
  const line = await git.run(['for-each-ref', '--format=%(objectname) %(worktreepath)', `refs/heads/${name}`]);
  const [, commit, checkout = ''] = /^(\S+) (.*)\n/.exec(line) ?? [];
  if (commit === undefined) throw await noBranch(git, name);
  const isTree = checkout !== '' && !(repository.bare && checkout === repository.root) && (await isThere(checkout));
  return { commit, ...(isTree && { checkout }) };
}

/** A working tree on a disk that is not mounted, or removed without telling git. */
function isThere(directory: string): Promise<boolean> {
  return stat(directory).then(
    () => true,
    () => false,
  );
}

async function noBranch(git: GitReader, name: string): Promise<Refusal> {
  if (await hasNoCommits(git)) return noCommits();
  return new Refusal('not-found', `there is no branch \`${name}\``, {
    help: 'what is written goes onto a branch: serve one, not a tag or a commit',
  });
}

/** Compare and swap. @param from the commit that the ref must be at; empty: it must not exist */
async function moveRef(plumbing: Plumbing, ref: string, to: string, from: string): Promise<Move> {
  const answer = await plumbing.git(['update-ref', '-m', 'flagstaff', ref, to, from], { hooks: true });
  if (answer.ok) return MOVED;
  if (answer.late) return UNKNOWN;
  if (/but expected|reference already exists|reference is missing|unable to resolve reference/.test(answer.complaint)) {
    return BEHIND;
  }
  const said = answer.complaint.replace(/^.*aborted by (?:the )?(?:reference-transaction )?hook.*$/m, '');
  if (said !== answer.complaint) throw rejectedRefusal('a hook of the repository', said.trim());
  throw writingRefusal(plumbing, answer);
}

/** @param folder what the names begin with */
export async function refsBelow(
  git: GitReader,
  under: string,
  folder: string,
): Promise<{ name: string; commit: string }[]> {
  const output = await git.run(['for-each-ref', '--format=%(objectname) %(refname)', under]);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const space = line.indexOf(' ');
      return { name: folder + line.slice(space + 1 + under.length), commit: line.slice(0, space) };
    });
}
