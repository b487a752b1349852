import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { TestRepository } from '../repository.js';
import type { WriterProcess, WriterProgram } from './writer-process.js';

export interface Crashes {
  readonly program: WriterProgram;
  readonly repository: TestRepository;
  /** How often a writer is killed. */
  readonly times: number;
  /** In [0, 1). */
  readonly random: () => number;
  /** milliseconds within which a writer is killed, after none, one or two of its writes */
  readonly within: number;
  /** Every other time, what the writer has started is killed with it, as when the machine goes down. */
  readonly wholeMachine?: boolean;
}

/** What a crash of the whole machine may leave behind, and only a person may remove. */
const LOCKS = /\.lock$/;

/**
 * Kills writers at random points. After each the repository is sound and holds what was acknowledged, once; the next
 * writer goes on, and in the end the checked-out files are those of the branch.
 */
export async function survivesCrashes({
  program,
  repository,
  times,
  random,
  within,
  wholeMachine,
}: Crashes): Promise<void> {
  const acknowledged: string[] = [];
  for (let round = 0; round < times; round++) {
    const names = Array.from({ length: 50 }, (_, index) => `w${round}.${index}`);
    const writer = program.start(task(repository, names));
    await writer.ready;
    await acknowledges(writer, Math.floor(random() * 3));
    await sleep(random() * within);
    expect(writer.refused).toEqual([]);
    const everything = wholeMachine === true && round % 2 === 1;
    if (everything) await killAll(writer.child.pid ?? 0);
    else process.kill(writer.child.pid ?? 0, 'SIGKILL');
    await writer.ended;
    if (everything) await removeLocks(repository);
    acknowledged.push(...writer.acknowledged);
    expect(writer.refused).toEqual([]);
  }
  const last = program.start(task(repository, ['last']));
  await last.ended;
  expect(last.refused).toEqual([]);
  await holds(repository, [...acknowledged, ...last.acknowledged]);
}

/** A process and all that it has started, as one: while it stands still it starts nothing more. */
async function killAll(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  const all = [pid, ...(await startedBy(pid))];
  for (const each of all) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  await Promise.all(all.map(hasEnded));
}

/** One that is killed while it waits for the disk still does what it waits for: a lock may come to be so. */
async function hasEnded(pid: number): Promise<void> {
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (!/\) [^ZX] /.test(stat)) return;
    await sleep(2);
  }
}

/** As Linux tells it. What git starts is not asked for: hooks, of which there are none here. */
async function startedBy(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const children = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8'));
  return (await Promise.all(children)).flatMap((text) =>
    text
      .split(' ')
      .map(Number)
      .filter((each) => each > 0),
  );
}

async function acknowledges({ acknowledged, child }: WriterProcess, count: number): Promise<void> {
  while (acknowledged.length < count && child.exitCode === null) await sleep(2);
}

/** A lock of the dead is taken over soon, so that most of the time goes into writing. */
const LOCK = { lease: 500, wait: 5000 };

function task({ dir, environment }: TestRepository, names: readonly string[]) {
  return { options: { root: dir, ref: 'main', timeout: 5000, lock: LOCK }, environment, path: 'a.flag.yaml', names };
}

async function holds(repository: TestRepository, acknowledged: readonly string[]): Promise<void> {
  expect(await repository.git('fsck', '--full', '--strict', '--no-dangling')).toBe('');
  const subjects = (await repository.git('log', '--format=%s', 'main')).split('\n');
  expect(new Set(subjects).size).toBe(subjects.length);
  expect(subjects).toEqual(expect.arrayContaining([...acknowledged]));
  const lines = (await repository.git('show', 'main:a.flag.yaml')).split('\n');
  expect(lines.slice(1)).toEqual(subjects.slice(0, -1).reverse());
  expect(await repository.git('status', '--porcelain')).toBe('');
  expect(await readFile(repository.path('a.flag.yaml'), 'utf8')).toBe(`${lines.join('\n')}\n`);
}

/** git's own locks, not ours: those say whose they are. */
async function removeLocks(repository: TestRepository): Promise<void> {
  const files = await readdir(repository.path('.git'), { recursive: true });
  for (const file of files.filter((name) => LOCKS.test(name))) {
    const text = await readFile(repository.path('.git', file), 'utf8');
    if (!text.startsWith('{"holder"')) await repository.write({ [`.git/${file}`]: null });
  }
}
