import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { type Environment, harmlessEnvironment } from '../../sources/git-settings.js';
import { endGroup, OWN_GROUP } from '../../sources/process-group.js';

interface PlumbingOptions {
  readonly input?: string | Uint8Array;
  /** Variables that this run sees besides. */
  readonly env?: Environment;
  /** The repository's hooks run: moving a ref and pushing are what they are there to judge. */
  readonly hooks?: boolean;
  /** milliseconds after which git is given up */
  readonly timeout?: number;
}

export interface PlumbingAnswer {
  readonly ok: boolean;
  /** `true`: there was no answer in time, so what was asked for may still have happened. */
  readonly late: boolean;
  readonly output: string;
  /** What git, a hook or a remote had to say. */
  readonly complaint: string;
}

/** Runs git without a shell, to build and to move what a write is made of. */
export interface Plumbing {
  readonly directory: string;
  git(args: readonly string[], options?: PlumbingOptions): Promise<PlumbingAnswer>;
  /** Another program, in the same way. */
  run(program: string, args: readonly string[], options?: PlumbingOptions): Promise<PlumbingAnswer>;
}

/** What is acknowledged must survive a power failure, and a lock that somebody holds for a moment is waited for. */
const SETTINGS = [
  'core.fsmonitor=false',
  'core.fsync=committed,loose-object',
  'core.filesRefLockTimeout=2000',
  'core.packedRefsTimeout=2000',
  'gc.auto=0',
];

/** git on its own is never so slow; milliseconds. */
const SLOWEST = 60_000;

/** @param patience milliseconds after which a run that hears hooks is given up: they may wait for what does not come */
export function plumbing(directory: string, environment: Environment, patience: number): Plumbing {
  const env = harmlessEnvironment(environment);
  const run: Plumbing['run'] = (program, args, options = {}) => {
    const startsOthers = options.hooks === true;
    const group = startsOthers ? OWN_GROUP : { windowsHide: true };
    const child = spawn(program, [...args], { ...group, cwd: directory, env: { ...env, ...options.env } });
    return answerOf(child, { timeout: startsOthers ? patience : SLOWEST, ...options });
  };
  const git: Plumbing['git'] = (args, options = {}) => {
    const settings = options.hooks === true ? SETTINGS : [...SETTINGS, `core.hooksPath=${devNull}`];
    return run('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], options);
  };
  return { directory, git, run };
}

type Answering = Pick<PlumbingOptions, 'input' | 'hooks'> & { readonly timeout: number };

/** How long git's last words may take to arrive when what it has started keeps the pipe open; milliseconds. */
const LAST_WORDS = 250;

/** What git has started (ssh, a hook) may outlive it: only git itself is waited for. Whoever gives it up ends all of it. */
function answerOf(child: ReturnType<typeof spawn>, { input = '', hooks, timeout }: Answering) {
  const output = collected(child.stdout);
  const complaint = collected(child.stderr);
  return new Promise<PlumbingAnswer>((resolve) => {
    const answer = (given: Partial<PlumbingAnswer>) => {
      clearTimeout(timer);
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
      resolve({ ok: false, late: false, output: output(), complaint: complaint(), ...given });
    };
    const timer = setTimeout(() => {
      // git at once, so that its locks are gone when it is tried again; what it has started a moment later.
      child.kill();
      if (hooks === true) endGroup(child);
      answer({ late: true, complaint: `no answer within ${timeout / 1000} s` });
    }, timeout);
    child.on('error', (error) => answer({ complaint: error.message }));
    child.on('exit', (code) => setTimeout(answer, LAST_WORDS, { ok: code === 0 }).unref());
    child.on('close', (code) => answer({ ok: code === 0 }));
    child.stdin?.on('error', () => undefined).end(input);
  });
}

function collected(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8').trimEnd();
}
