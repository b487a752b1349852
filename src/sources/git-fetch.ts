import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { devNull } from 'node:os';
import { Refusal } from '../diagnostics/refusal.js';
import { type Environment, harmlessEnvironment } from './git-settings.js';

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
  await ended(spawn('git', [...settings, ...args], { cwd: directory, env, stdio: 'pipe' }), remote, timeout);
}

function refuseOption(text: string): void {
  if (/^[^-+^:\p{Cc}\s][^\p{Cc}\s]*$/u.test(text)) return;
  throw new Refusal('invalid-argument', `git cannot fetch \`${text.replace(/\p{Cc}/gu, '?')}\``, {
    help: 'name a remote and a branch, without spaces; neither can begin with `-`',
  });
}

/** What a fetch has started (ssh, say) may live a little longer than git: only git itself is waited for. */
function ended(git: ReturnType<typeof spawn>, remote: string, timeout: number): Promise<void> {
  let complaint = '';
  git.stdin?.end();
  git.stdout?.resume();
  git.stderr?.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk.toString('utf8')}`.slice(0, 4096);
  });
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Refusal('git-failed', `cannot fetch from \`${shown(remote)}\`: ${why}`));
    const timer = setTimeout(() => {
      git.kill();
      fail(`no answer within ${timeout / 1000} s`);
    }, timeout);
    git.on('error', (error) => fail(error.message));
    git.on('exit', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else setImmediate(() => fail(firstLine(complaint)));
    });
  });
}

/** A URL without the password in it. */
export function shown(remote: string): string {
  return remote.replace(/\/\/[^/@]*@/, '//');
}

function firstLine(text: string): string {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? 'git did not say why';
  return shown(line.replace(/^(fatal|error): /, ''));
}
