import { Refusal } from '../../diagnostics/refusal.js';
import type { Repository } from '../../sources/git.js';
import { withoutCredentials } from '../../sources/git-complaint.js';
import { type FetchRequest, fetchedRef, fetchRef, PROTOCOLS } from '../../sources/git-fetch.js';
import type { GitReader } from '../../sources/git-process.js';
import type { Environment } from '../../sources/git-settings.js';
import { rejectedRefusal } from './complaints.js';
import { refsBelow } from './local-branches.js';
import type { Plumbing, PlumbingAnswer } from './plumbing.js';
import { BEHIND, type Branches, MOVED, type Move, type Target, UNKNOWN } from './target.js';

export interface RemoteParts {
  readonly repository: Repository;
  readonly git: GitReader;
  readonly plumbing: Plumbing;
  readonly environment: Environment;
  /** The name of a remote, or a URL. */
  readonly remote: string;
  /** milliseconds after which a remote that does not answer is given up */
  readonly timeout: number;
}

/** The branches of a remote. Nothing of this repository moves but the refs that hold what was fetched. */
export function remoteBranches(parts: RemoteParts): Branches {
  const { git, remote } = parts;
  return {
    branch: (name) => remoteBranch(parts, name),
    create: (name, commit) => push(parts, { name, commit, expected: '' }),
    below: async (folder) => {
      const into = `${fetchedRef(remote, folder)}/`;
      await fetched(parts, { ref: `refs/heads/${folder}*`, into: `${into}*`, prune: true });
      return refsBelow(git, into, folder);
    },
    url: () => urlOf(parts),
  };
}

function remoteBranch(parts: RemoteParts, name: string): Target {
  const { plumbing, remote, repository } = parts;
  const into = fetchedRef(remote, name);
  return {
    head: async () => {
      await fetched(parts, { ref: `refs/heads/${name}`, into });
      return { commit: await repository.resolve(into) };
    },
    move: async ({ commit: expected }, commit) => {
      const moved = await push(parts, { name, commit, expected });
      // What follows this ref need not wait for its next fetch. When somebody fetched meanwhile, it is newer already.
      if (moved.kind === 'moved') await plumbing.git(['update-ref', into, commit, expected]);
      return moved;
    },
  };
}

const LOCKED = /cannot lock|unable to update|File exists/;

/** Two that fetch at once get into each other's way; then it is tried again. */
async function fetched(parts: RemoteParts, what: Pick<FetchRequest, 'ref' | 'into' | 'prune'>): Promise<void> {
  const { repository, remote, timeout, environment } = parts;
  const request = { directory: repository.root, remote, timeout, ...what };
  for (let left = 5; ; left--) {
    try {
      return await fetchRef(request, environment);
    } catch (error) {
      if (left === 0 || !LOCKED.test(String(error))) throw unfetched(error);
    }
  }
}

function unfetched(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.code !== 'git-failed') return error;
  const { message } = error;
  if (/couldn't find remote ref/.test(message)) {
    return new Refusal('not-found', message, { help: 'what is written goes onto a branch: serve one, not a tag' });
  }
  const code = LOCKED.test(message) ? 'contended' : 'remote-unavailable';
  return new Refusal(code, message, { help: 'nothing was changed; try again', cause: error });
}

interface Push {
  readonly name: string;
  readonly commit: string;
  /** Where the branch must be; empty: nowhere. */
  readonly expected: string;
}

/** The lease makes the remote compare and swap: it never forces, since the commit descends from what is expected. */
async function push(parts: RemoteParts, { name, commit, expected }: Push): Promise<Move> {
  const { plumbing, remote, timeout } = parts;
  const ref = `refs/heads/${name}`;
  const options = [
    '--porcelain',
    '--no-follow-tags',
    '--recurse-submodules=no',
    `--force-with-lease=${ref}:${expected}`,
  ];
  const args = ['push', ...options, '--end-of-options', remote, `${commit}:${ref}`];
  const answer = await plumbing.git(args, { hooks: true, timeout, env: { GIT_ALLOW_PROTOCOL: PROTOCOLS } });
  if (/^[ *=]\t/m.test(answer.output)) return MOVED;
  const verdict = /^!\t[^\t]*\t(.*)$/m.exec(answer.output)?.[1];
  return verdict === undefined ? withoutVerdict(parts, answer) : withVerdict(verdict, answer);
}

/** `[rejected] (stale info)`: somebody else was there first. `[remote rejected] (pre-receive hook declined)`: no. */
function withVerdict(verdict: string, { complaint }: PlumbingAnswer): Move {
  if (/fetch first|non-fast-forward|stale info|cannot lock|failed to (?:update|lock) ref|old value/.test(verdict))
    return BEHIND;
  throw rejectedRefusal('the remote', saidBy(complaint) || verdict);
}

/** A remote that knows us and does not let us write says so at once; anything else leaves open what it did. */
function withoutVerdict({ remote }: RemoteParts, { complaint }: PlumbingAnswer): Move {
  if (/pre-push|failed to push some refs to/.test(complaint)) throw rejectedRefusal('the hook `pre-push`', complaint);
  if (/denied|forbidden|\b40[13]\b|not authorized|authentication failed|read.only/i.test(complaint)) {
    throw rejectedRefusal(`\`${withoutCredentials(remote)}\``, withoutCredentials(complaint));
  }
  return UNKNOWN;
}

/** What the remote's hooks print. */
function saidBy(complaint: string): string {
  const lines = complaint.split('\n').filter((line) => line.startsWith('remote: '));
  return lines.map((line) => line.slice('remote: '.length).trim()).join('\n');
}

async function urlOf({ git, remote }: RemoteParts): Promise<string | undefined> {
  if (/[/:]/.test(remote)) return remote;
  return (await git.run(['remote', 'get-url', '--end-of-options', remote])).trim();
}
