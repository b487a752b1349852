import { Refusal } from '../../diagnostics/refusal.js';
import type { Repository } from '../../sources/git.js';
import type { Proposal, ProposalCommit, ProposalPlace } from '../writer.js';
import { reviewLink } from './review-link.js';
import { type Branches, MOVED, type Target } from './target.js';

/** Below it stand the branches that wait for review. */
const FOLDER = 'flagstaff/';

const LONGEST_STEM = 60;

/** The branch that a write goes onto, and its name once there is a commit. */
export interface ProposalTarget {
  readonly target: Target;
  name(commit: string): string;
}

/**
 * @param served the branch that a new proposal begins at; on it nothing moves
 * @throws Refusal
 */
export function proposalTarget(
  { repository, branches }: { readonly repository: Repository; readonly branches: Branches },
  served: string,
  { branch, stem, id }: ProposalPlace,
): ProposalTarget {
  if (branch !== undefined) {
    refuseOther(branch);
    return { target: branches.branch(branch), name: () => branch };
  }
  const name = (commit: string) => `${FOLDER}${branchStem(stem)}-${id ?? commit.slice(0, 8)}`;
  const move: Target['move'] = async (_, commit) => {
    const moved = await branches.create(name(commit), commit);
    if (moved.kind !== 'behind') return moved;
    if (id !== undefined) return MOVED;
    // One that is there already and has the same commit is the same one, whatever has been put on top of it.
    const { commit: tip } = await branches.branch(name(commit)).head();
    return (await repository.isAncestor(commit, tip)) ? MOVED : moved;
  };
  return { target: { head: async () => ({ commit: (await branches.branch(served).head()).commit }), move }, name };
}

/** A caller who may propose may not move any other branch. */
function refuseOther(branch: string): void {
  if (/^flagstaff\/[\w][\w.-]*$/.test(branch) && !/\.\.|\.lock$|\.$/.test(branch)) return;
  throw new Refusal('not-found', `there is no proposal \`${branch.replace(/\p{Cc}/gu, '?')}\``, {
    help: 'the list of proposals has the names of their branches',
  });
}

/** What git allows in the name of a branch, and short. */
function branchStem(stem: string): string {
  const plain = stem.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').replaceAll(/\.{2,}/g, '.');
  return plain.slice(0, LONGEST_STEM).replaceAll(/^[.-]+|[.-]+$/g, '') || 'change';
}

/** What waits for review, newest first. What is merged, or has nothing in common with the served branch, does not. */
export async function listProposals(
  repository: Repository,
  branches: Branches,
  served: string,
): Promise<readonly Proposal[]> {
  const [{ commit: head }, found, url] = await Promise.all([
    branches.branch(served).head(),
    branches.below(FOLDER),
    branches.url(),
  ]);
  const proposals = found.map(async ({ name, commit }) => {
    const base = await repository.mergeBase(head, commit).catch(() => undefined);
    const commits = base === undefined ? [] : await commitsSince(repository, base, commit);
    const link = url === undefined ? undefined : reviewLink(url, name, served);
    return { branch: name, commit, base: base ?? '', commits, ...(link !== undefined && { url: link }) };
  });
  return (await Promise.all(proposals)).filter(({ commits }) => commits.length > 0).sort(newestFirst);
}

async function commitsSince(repository: Repository, base: string, from: string): Promise<ProposalCommit[]> {
  const commits: ProposalCommit[] = [];
  for await (const walked of repository.walk({ from: [from], except: [base] })) {
    const { oid, author, committed, message } = walked.read();
    commits.unshift({ commit: oid, author, at: committed, message });
  }
  return commits;
}

function newestFirst(a: Proposal, b: Proposal): number {
  return lastTime(b) - lastTime(a) || a.branch.localeCompare(b.branch);
}

function lastTime({ commits }: Proposal): number {
  return Math.max(...commits.map(({ at }) => at));
}
