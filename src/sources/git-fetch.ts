import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { devNull } from 'node:os';
import { Refusal } from '../diagnostics/refusal.js';
import { causeIn, withoutCredentials } from './git-complaint.js';
import { type Environment, harmlessEnvironment } from './git-settings.js';
import { endGroup, OWN_GROUP } from './process-group.js';

export interface FetchRequest {
  /** The repository to fetch into. */
  readonly directory: string;
  /** The name of a remote, or a URL. */
  readonly remote: string;
  /** What to fetch: a branch or a tag of the remote. */
  readonly ref: string;
  /** The full name of the ref to keep it under; it follows wherever the remote goes. */
  readonly into: string;
  /** milliseconds after which a remote that does not answer is given up */
  readonly timeout: number;
  /** Bring the whole history to a shallow clone. */
  readonly unshallow?: boolean;
  /** Where `ref` and `into` end with `*`: forget what the remote has no more. */
  readonly prune?: boolean;
}

/** A ref of our own: neither the branches of whoever works in a clone are touched, nor what tracks the remote. */
export function fetchedRef(remote: string, ref: string): string {
  const name = createHash('sha256').update(`${remote}\n${ref}`).digest('hex').slice(0, 16);
  return `refs/flagstaff/${name}`;
}

/** No `ext::`, which runs what a URL says. */
export const PROTOCOLS = 'file:git:http:https:ssh';

/** Brings one ref of a remote, and nothing else changes. @throws Refusal when it cannot */
export async function fetchRef(request: FetchRequest, environment: Environment): Promise<void> {
  refuseOption(request.remote);
  refuseOption(request.ref);
  const { directory, remote, ref, into, timeout, unshallow = false, prune = false } = request;
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--refmap='];
  const refspec = `+${ref}:${into}`;
  const extra = [...(unshallow ? ['--unshallow'] : []), ...(prune ? ['--prune'] : [])];
  const args = ['fetch', ...options, ...extra, '--end-of-options', remote, refspec];
  const settings = ['-c', 'core.fsmonitor=false', '-c', `core.hooksPath=${devNull}`];
  const env = { ...harmlessEnvironment(environment), GIT_ALLOW_PROTOCOL: PROTOCOLS };
  const git = spawn('git', [...settings, ...args], { cwd: directory, env, stdio: 'pipe', ...OWN_GROUP });
  await ended(git, remote, timeout);
}

function refuseOption(text: string): void {
  if (/^[^-+^:\p{Cc}\s][^\p{Cc}\s]*$/u.test(text)) return;
  throw new Refusal('invalid-argument', `git cannot fetch \`${text.replace(/\p{Cc}/gu, '?')}\``, {
    help: 'name a remote and a branch, without spaces; neither can begin with `-`',
  });
}

/** How long git's last words may take to arrive when what it has started keeps the pipe open; milliseconds. */
const LAST_WORDS = 250;

/** What a fetch has started (ssh, say) may live a little longer than git: only git itself is waited for. */
function ended(git: ReturnType<typeof spawn>, remote: string, timeout: number): Promise<void> {
  let complaint = '';
  git.stdin?.on('error', () => undefined).end();
  git.stdout?.resume();
  git.stderr?.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString('utf8')}`.slice(-MOST_WORDS);
  });
  return new Promise((resolve, reject) => {
    const settle = (why?: string) => {
      clearTimeout(timer);
      for (const stream of [git.stdout, git.stderr]) stream?.destroy();
      if (why === undefined) resolve();
      else reject(new Refusal('git-failed', `cannot fetch from \`${withoutCredentials(remote)}\`: ${why}`));
    };
    const timer = setTimeout(() => {
      endGroup(git);
      settle(`no answer within ${timeout / 1000} s`);
    }, timeout);
    const judge = (code: number | null) => settle(code === 0 ? undefined : causeIn(complaint));
    git.on('error', (error) => settle(error.message));
    git.on('exit', (code) => setTimeout(judge, code === 0 ? 0 : LAST_WORDS, code));
    git.on('close', judge);
  });
}

/** So much of what git says is kept; characters. */
const MOST_WORDS = 65_536;
