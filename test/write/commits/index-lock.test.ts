import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockIndex } from '../../../src/write/commits/index-lock.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flagstaff-lock-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const TIMES = { lease: 400, wait: 300 };
const PATIENT = { lease: 400, wait: 3000 };
const JOURNEY = { from: '1', to: '2' };
const lockFile = () => join(directory, 'index.lock');

/** What a process leaves that dies with the lock in its hand. */
async function abandon(note: object): Promise<void> {
  await writeFile(lockFile(), JSON.stringify({ holder: 'flagstaff', id: 'dead', ...note }));
  await writeFile(join(directory, 'flagstaff-dead.index'), '');
  await utimes(lockFile(), 1, 1);
}

describe('the lock of an index', () => {
  it('keeps others out until it is released, and leaves nothing behind', async () => {
    const lock = await lockIndex(directory, TIMES);
    await expect(lockIndex(directory, TIMES)).rejects.toMatchObject({ code: 'contended' });
    expect(await readdir(directory)).toContain('index.lock');
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
    await (await lockIndex(directory, TIMES)).release();
  });

  it('is never held by two', async () => {
    let holders = 0;
    let most = 0;
    const use = async () => {
      const lock = await lockIndex(directory, { lease: 5000, wait: 20_000 });
      most = Math.max(most, ++holders);
      await sleep(5);
      holders -= 1;
      await lock.release();
    };
    await abandon({});
    await Promise.all(Array.from({ length: 12 }, use));
    expect(most).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  it('is renewed for as long as it is held', async () => {
    const lock = await lockIndex(directory, TIMES);
    await lock.note(JOURNEY);
    await sleep(2 * TIMES.lease);
    await expect(lockIndex(directory, TIMES)).rejects.toMatchObject({ code: 'contended' });
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toMatchObject({ journey: JOURNEY });
    await lock.release();
  });

  it('goes over to the next one when its holder has died, with what that one was about', async () => {
    await abandon({ journey: JOURNEY });
    const lock = await lockIndex(directory, TIMES);
    expect(lock.unfinished).toEqual(JOURNEY);
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toMatchObject({ journey: JOURNEY });
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('of somebody who died before there was anything to do', async () => {
    await abandon({});
    const lock = await lockIndex(directory, TIMES);
    expect(lock.unfinished).toBeUndefined();
    await lock.release();
  });

  it('of somebody who has died only now is waited for', async () => {
    await writeFile(lockFile(), JSON.stringify({ holder: 'flagstaff', id: 'dead', journey: JOURNEY }));
    const lock = await lockIndex(directory, PATIENT);
    expect(lock.unfinished).toEqual(JOURNEY);
    await lock.release();
  });

  it('of another git is never taken over, however old it is', async () => {
    await writeFile(lockFile(), 'DIRC');
    await utimes(lockFile(), 1, 1);
    await expect(lockIndex(directory, TIMES)).rejects.toMatchObject({ code: 'contended', help: /remove the lock/ });
    expect(await readFile(lockFile(), 'utf8')).toBe('DIRC');
  });

  it('that somebody took away is not put back, and the index stays', async () => {
    const lock = await lockIndex(directory, TIMES);
    await writeFile(lock.copy, 'new');
    await writeFile(lockFile(), 'DIRC');
    await lock.note(JOURNEY);
    expect(await lock.replaceIndex()).toBe(false);
    await lock.release();
    expect(await readdir(directory)).toEqual(['index.lock']);
  });

  it('survives that it cannot be renewed', async () => {
    const lock = await lockIndex(directory, TIMES);
    await rm(directory, { recursive: true });
    await sleep(TIMES.lease);
    await expect(lock.note(JOURNEY)).rejects.toMatchObject({ code: 'ENOENT' });
    await lock.release();
  });

  it('needs a directory to stand in', async () => {
    await expect(lockIndex(join(directory, 'none'), TIMES)).rejects.toMatchObject({
      code: 'unwritable',
      message: /ENOENT/,
    });
  });
});
