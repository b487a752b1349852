import { Refusal } from '../diagnostics/refusal.js';
import { openRepository, type Repository } from '../sources/git.js';
import { blobReader } from '../sources/git-blobs.js';
import { gitReader } from '../sources/git-process.js';
import type { Environment } from '../sources/git-settings.js';
import { type Attempts, attempt } from './commits/attempts.js';
import { BranchStates } from './commits/branch-state.js';
import { checkouts } from './commits/checkout.js';
import type { LockTimes } from './commits/index-lock.js';
import { localBranches } from './commits/local-branches.js';
import { plumbing } from './commits/plumbing.js';
import { listProposals, proposalTarget } from './commits/proposals.js';
import { remoteBranches } from './commits/remote-branches.js';
import { reviewLink } from './commits/review-link.js';
import type { Branches } from './commits/target.js';
import type { Author, Proposed, WriteRequest, Writer } from './writer.js';

export interface GitWriterOptions {
  /** A directory in a working tree, or a bare repository. */
  readonly root: string;
  /** The branch that is served; the one that is checked out, if left out. */
  readonly ref?: string;
  /** The name of a remote, or a URL: the branch is then the remote's, and a write is pushed. */
  readonly remote?: string;
  /** milliseconds after which a remote, or a hook, that does not answer is given up */
  readonly timeout: number;
  readonly environment: Environment;
  /** Who the commits are made by, on behalf of their authors. */
  readonly committer?: Author;
  /** The file of an ssh key to sign commits with. */
  readonly signingKey?: string;
  /** In [0, 1): how long to wait before the next try. */
  readonly random: () => number;
  /** How often the branch may move away under a write. */
  readonly tries?: number;
  readonly lock?: LockTimes;
}

const COMMITTER: Author = { name: 'Flagstaff', email: 'flagstaff@localhost' };

const LOCK: LockTimes = { lease: 3000, wait: 5000 };

const TRIES = 30;

/** The largest tree that is read; bytes. About five million files in one folder. */
const LARGEST_TREE = 256 * 1024 * 1024;

/** What a writer works with while it is open. */
interface Works {
  readonly repository: Repository;
  readonly branches: Branches;
  readonly states: BranchStates;
  readonly attempts: Attempts;
  close(): void;
}

/**
 * Writes as commits, one after the other: within a process writes wait for each other, between processes git decides
 * who was first and the other one plans again.
 */
export function gitWriter(options: GitWriterOptions): Writer {
  const works = reopening(() => open(options));
  const inTurn = oneByOne();
  return {
    write: (request) =>
      inTurn(() =>
        works.use(async ({ attempts, branches, repository }) =>
          attempt(attempts, branches.branch(await servedBranch(repository, options)), request),
        ),
      ),
    propose: (request, place) =>
      inTurn(() =>
        works.use(async (opened) => propose(opened, await servedBranch(opened.repository, options), request, place)),
      ),
    proposals: () =>
      works.use(async ({ repository, branches }) =>
        listProposals(repository, branches, await servedBranch(repository, options)),
      ),
    filesAt: (commit) =>
      works.use(async ({ repository, states }) => (await states.at(await repository.resolve(commit))).files),
    close: works.close,
  };
}

async function propose(
  works: Works,
  served: string,
  request: WriteRequest,
  place: Parameters<Writer['propose']>[1],
): Promise<Proposed> {
  const { attempts, branches } = works;
  const { target, name } = proposalTarget(works, served, place);
  const { commit, changed } = await attempt(attempts, target, request);
  if (!changed) return { branch: place.branch ?? served, commit, changed };
  const branch = name(commit);
  const url = await branches.url();
  const link = url === undefined ? undefined : reviewLink(url, branch, served);
  // One that was there before is not at the commit that was made for it.
  const { commit: tip } = place.id === undefined ? { commit } : await branches.branch(branch).head();
  return { branch, commit: tip, changed, ...(link !== undefined && { url: link }) };
}

async function servedBranch(repository: Repository, { ref }: GitWriterOptions): Promise<string> {
  const branch = ref ?? (await repository.currentBranch());
  if (branch === undefined) throw noBranch();
  return branch.replace(/^refs\/heads\//, '');
}

function noBranch(): Refusal {
  return new Refusal('unavailable', 'no branch is checked out', {
    help: 'what is written goes onto a branch: `git switch` to one',
  });
}

async function open(options: GitWriterOptions): Promise<Works> {
  const { root, environment, remote, random, timeout, tries = TRIES } = options;
  const repository = await openRepository(root, environment);
  const git = gitReader(repository.root, environment);
  const runs = plumbing(repository.root, environment, timeout);
  const objects = blobReader(git, LARGEST_TREE);
  const states = new BranchStates(repository, git);
  const parts = { repository, git, plumbing: runs };
  const trees = checkouts((top) => plumbing(top, environment, timeout), options.lock ?? LOCK);
  const builder = {
    ...{ plumbing: runs, objects, committer: options.committer ?? COMMITTER },
    format: (await git.run(['rev-parse', '--show-object-format'])).trim() === 'sha256' ? 'sha256' : 'sha1',
    ...(options.signingKey !== undefined && { signingKey: options.signingKey }),
  } as const;
  return {
    ...{ repository, states, attempts: { states, builder, tries, random } },
    branches:
      remote === undefined
        ? localBranches({ ...parts, checkouts: trees })
        : remoteBranches({ ...parts, remote, environment, timeout }),
    close: () => {
      objects.close();
      repository.close();
    },
  };
}

/**
 * Opened when first needed; a repository that is not there for the moment is tried again. One that lacks what it has
 * told of is opened anew: another may stand in its place, which a git that was started in the old one never sees.
 */
function reopening(open: () => Promise<Works>): {
  use<T>(act: (works: Works) => Promise<T>): Promise<T>;
  close(): void;
} {
  let opened: Promise<Works> | undefined;
  const close = () => {
    void opened?.then((works) => works.close()).catch(() => undefined);
    opened = undefined;
  };
  return {
    use: async (act) => {
      opened ??= open().catch((error) => {
        opened = undefined;
        throw error;
      });
      try {
        return await act(await opened);
      } catch (error) {
        if (error instanceof Refusal && error.code === 'incomplete') close();
        throw error;
      }
    },
    close,
  };
}

function oneByOne(): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  };
}
