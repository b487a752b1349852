import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { gitRefusal } from './git-refusal.js';
import { type Environment, HARMLESS, harmlessEnvironment } from './git-settings.js';

/**
 * Runs git to read one repository. Nothing that the repository's configuration names is executed, nothing is asked
 * of a person, nothing travels over a network, and no shell is involved.
 */
export interface GitReader {
  readonly directory: string;
  /** What git prints, for single commands whose answer is short. @throws Refusal when git fails */
  run(args: readonly string[]): Promise<string>;
  /** What git prints, however much; also what every look at a repository begins with. @throws Refusal when git fails */
  read(args: readonly string[]): Promise<string>;
  /** Does the command end with exit code 0? Meant for questions that git answers with 0 or 1. */
  asks(args: readonly string[]): Promise<boolean>;
  /** What git prints, piece by piece; ending the loop ends git. @throws Refusal when git fails */
  stream(args: readonly string[], input?: string): AsyncGenerator<Buffer>;
  /** A long-lived git with pipes on both ends. */
  start(args: readonly string[]): GitChild;
}

export type GitChild = ReturnType<typeof spawnGit>;

/**
 * @param directory in a working tree, or a bare repository
 * @throws Refusal when there is no such directory: git itself would seem to be missing
 */
export function gitReader(directory: string, environment: Environment): GitReader {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw gitRefusal(new Error('directory that does not exist'), directory);
  }
  const env = harmlessEnvironment(environment);
  return {
    directory,
    run: (args) => runOnce(directory, env, args),
    read: (args) => answerOf(spawnGit(directory, env, args), directory),
    asks: (args) => endsWell(spawnGit(directory, env, args)),
    stream: (args, input) => streamGit(spawnGit(directory, env, args), directory, input),
    start: (args) => spawnGit(directory, env, args),
  };
}

/** simple-git is loaded when it is first needed: that takes longer than most of what it runs. */
async function runOnce(directory: string, env: Record<string, string>, args: readonly string[]): Promise<string> {
  const { oneOff } = await import('./git-one-off.js');
  return oneOff(directory, env, args);
}

function spawnGit(directory: string, env: Record<string, string>, args: readonly string[]) {
  const settings = HARMLESS.flatMap((setting) => ['-c', setting]);
  return spawn('git', ['--no-pager', ...settings, ...args], { cwd: directory, env, stdio: 'pipe', windowsHide: true });
}

/** Collects what git has to say against it, and how it ended. */
export function outcomeOf(child: GitChild): Promise<GitOutcome> {
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ ok: false, error }));
    child.on('close', (code, signal) => {
      const complaint = Buffer.concat(complaints).toString('utf8').trim();
      const error = new Error(complaint === '' && signal !== null ? `it was ended by ${signal}` : complaint);
      resolve(code === 0 ? { ok: true } : { ok: false, error });
    });
  });
}

type GitOutcome = { readonly ok: true } | { readonly ok: false; readonly error: Error };

/** All that it prints. A git that fails without a word has answered: there is nothing of what was asked for. */
async function answerOf(child: GitChild, directory: string): Promise<string> {
  const printed: Buffer[] = [];
  child.stdin.on('error', () => undefined).end();
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  const outcome = await outcomeOf(child);
  if (outcome.ok || outcome.error.message === '') return Buffer.concat(printed).toString('utf8');
  throw gitRefusal(outcome.error, directory);
}

async function endsWell(child: GitChild): Promise<boolean> {
  child.stdin.on('error', () => undefined).end();
  child.stdout.resume();
  return (await outcomeOf(child)).ok;
}

/** How far git may work ahead of whoever reads what it prints; bytes. */
const AHEAD = 8 * 1024 * 1024;

async function* streamGit(child: GitChild, directory: string, input = ''): AsyncGenerator<Buffer> {
  const outcome = outcomeOf(child);
  child.stdin.on('error', () => undefined).end(input);
  try {
    yield* child.stdout.pipe(new PassThrough({ highWaterMark: AHEAD })) as AsyncIterable<Buffer>;
    const ended = await outcome;
    if (!ended.ok) throw gitRefusal(ended.error, directory);
  } finally {
    child.kill();
  }
}
