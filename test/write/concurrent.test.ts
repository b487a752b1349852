import { execFile } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, runGit, type TestRepository } from '../repository.js';
import { survivesCrashes } from './crash.js';
import { type WriterProgram, writerProgram } from './writer-process.js';
import { PROJECT } from './writing.js';

let program: WriterProgram;
let repository: TestRepository;

beforeAll(async () => {
  program = await writerProgram();
});

afterAll(() => program.remove());

beforeEach(async () => {
  const files = { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': 'key: a\n' };
  repository = await makeRepository([{ files, message: 'first' }]);
});

afterEach(() => repository.remove());

const names = (writer: string, count: number) => Array.from({ length: count }, (_, index) => `${writer}${index}`);

/** Two processes with many writers each: what they acknowledged. */
async function writeAtOnce(options: { root: string; remote?: string }, count: number): Promise<string[]> {
  const processes = ['x', 'y'].map((writer) =>
    program.start({
      options: { ref: 'main', timeout: 10_000, ...options },
      ...{ environment: repository.environment, path: 'a.flag.yaml', names: names(writer, count), atOnce: true },
    }),
  );
  await Promise.all(processes.map(({ ended }) => ended));
  expect(processes.flatMap(({ refused }) => refused)).toEqual([]);
  return processes.flatMap(({ acknowledged }) => acknowledged);
}

async function expectOnce(directory: string, written: readonly string[], count: number): Promise<void> {
  const git = (...args: string[]) => runGit(directory, repository.environment, args);
  const subjects = (await git('log', '--format=%s', 'main')).split('\n').slice(0, -1);
  expect([...subjects].sort()).toEqual([...names('x', count), ...names('y', count)].sort());
  expect([...written].sort()).toEqual([...subjects].sort());
  expect(await git('show', 'main:a.flag.yaml')).toBe(['key: a', ...subjects.reverse()].join('\n'));
  expect(await git('fsck', '--strict', '--no-dangling')).toBe('');
}

describe('many writers of two processes', () => {
  it('are each in the history once, and the file is their sum', async () => {
    await repository.git('switch', '--quiet', '--detach');
    await expectOnce(repository.dir, await writeAtOnce({ root: repository.dir }, 50), 50);
  });

  it('are so where the branch is checked out, and the files follow', async () => {
    await expectOnce(repository.dir, await writeAtOnce({ root: repository.dir }, 6), 6);
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('are so on a remote', async () => {
    const [remote, other] = [repository.path('..', 'remote'), repository.path('..', 'other')];
    await runGit(repository.dir, repository.environment, ['clone', '-q', '--bare', '.', remote]);
    await runGit(repository.dir, repository.environment, ['clone', '-q', remote, other]);
    await expectOnce(remote, await writeAtOnce({ root: other, remote: 'origin' }, 6), 6);
  });
});

describe('a writer that is killed', () => {
  it('leaves a sound repository with all that it acknowledged, checked out or not', async () => {
    await survivesCrashes({ program, repository, times: 8, random: Math.random, within: 100 });
  });
});

/** Runs a command as root may; says whether it could. */
async function could(command: string, ...args: string[]): Promise<boolean> {
  return promisify(execFile)(command, args).then(
    () => true,
    () => false,
  );
}

describe('a disk', () => {
  const writeOn = async (directory: string, lines: readonly string[]) => {
    const options = { root: directory, ref: 'main', timeout: 5000 };
    const { environment } = repository;
    const writer = program.start({ options, environment, path: 'a.flag.yaml', names: lines });
    await writer.ended;
    return writer;
  };

  it('that is full, or read-only, keeps everything as it was', async ({ skip }) => {
    const disk = repository.path('..', 'disk');
    await mkdir(disk);
    if (!(await could('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk)))
      skip('may not mount a file system here');
    try {
      await runGit(repository.dir, repository.environment, ['clone', '-q', '.', `${disk}/r`]);
      const git = (...args: string[]) => runGit(`${disk}/r`, repository.environment, args);
      await could('sh', '-c', `cat /dev/zero > ${disk}/filling`);
      const before = await git('rev-parse', 'HEAD');
      expect((await writeOn(`${disk}/r`, ['full'])).refused).toEqual(['unwritable full']);
      expect(await git('rev-parse', 'HEAD')).toBe(before);
      await could('rm', `${disk}/filling`);
      expect(await git('status', '--porcelain')).toBe('');
      await could('mount', '-o', 'remount,ro', disk);
      expect((await writeOn(`${disk}/r`, ['read-only'])).refused).toEqual(['unwritable read-only']);
      await could('mount', '-o', 'remount,rw', disk);
      expect((await writeOn(`${disk}/r`, ['again'])).acknowledged).toEqual(['again']);
      expect(await git('fsck', '--strict', '--no-dangling')).toBe('');
      expect(await git('status', '--porcelain')).toBe('');
    } finally {
      await could('umount', disk);
    }
  });

  it('that is not ours to write keeps everything as it was', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('whoever may do everything is not kept out by permissions');
    await chmod(repository.path('.git/objects'), 0o555);
    expect((await writeOn(repository.dir, ['x'])).refused).toEqual(['unwritable x']);
    await chmod(repository.path('.git/objects'), 0o755);
    expect(await repository.git('status', '--porcelain')).toBe('');
  });
});
