import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import type { GitWriterOptions } from '../../src/write/git-writer.js';

/**
 * Writes lines at the end of files, one after the other or many at once, and prints each line when it is
 * acknowledged: `ok LINE`, `no CODE LINE`. With `ready` it says that it is about to begin.
 */
const PROGRAM = `
import { gitWriter } from './git-writer.js';
const { options, path, names, atOnce } = JSON.parse(process.argv[2]);
const writer = gitWriter({ ...options, environment: process.env, random: Math.random });
const author = { name: 'Ada', email: 'ada@example.com' };
const append = (line) => ({ files }) => {
  const before = files.find((file) => file.path === path)?.text;
  const edit = { path, ...(before !== undefined && { before }), after: (before ?? '') + line + '\\n' };
  return { edits: [edit], message: line };
};
const write = (line) =>
  writer.write({ plan: append(line), author, at: Date.now(), requestId: line }).then(
    () => process.stdout.write('ok ' + line + '\\n'),
    (error) => process.stdout.write('no ' + (error.code ?? error.stack) + ' ' + line + '\\n'),
  );
process.stdout.write('ready\\n');
if (atOnce) await Promise.all(names.map(write));
else for (const name of names) await write(name);
writer.close();
`;

export interface WriterProgram {
  /** Starts a process that writes these lines to a file. */
  start(task: Task): WriterProcess;
  remove(): Promise<void>;
}

interface Task {
  readonly options: Omit<GitWriterOptions, 'environment' | 'random'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly path: string;
  readonly names: readonly string[];
  readonly atOnce?: boolean;
}

export interface WriterProcess {
  readonly child: ChildProcess;
  /** Lines that were acknowledged so far. */
  readonly acknowledged: string[];
  readonly refused: string[];
  /** Resolves when it is about to begin. */
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
}

/** The writer as a program of its own, so that it can be killed. */
export async function writerProgram(): Promise<WriterProgram> {
  const directory = await mkdtemp(join(tmpdir(), 'flagstaff-writer-'));
  const input = fileURLToPath(new URL('../../src/write/git-writer.ts', import.meta.url));
  const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent' });
  await bundle.write({ dir: directory, entryFileNames: 'git-writer.js', format: 'esm' });
  await writeFile(join(directory, 'program.js'), PROGRAM);
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  return {
    start: (task) => startProcess(join(directory, 'program.js'), task),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

function startProcess(program: string, { environment, ...task }: Task): WriterProcess {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const acknowledged: string[] = [];
  const refused: string[] = [];
  let rest = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'ready') resolve();
        else if (line.startsWith('ok ')) acknowledged.push(line.slice(3));
        else refused.push(line.slice(3));
      }
    });
  });
  return { child, acknowledged, refused, ready: Promise.race([ready, ended]), ended };
}
