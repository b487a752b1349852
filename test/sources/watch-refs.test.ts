import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRepository, type Repository } from '../../src/sources/git.js';
import type { Watching } from '../../src/sources/watch.js';
import { watchRefs } from '../../src/sources/watch-refs.js';
import { makeRepository, type TestRepository } from '../repository.js';

const LONG = { timeout: 10_000, interval: 5 };

let made: TestRepository;
let opened: Repository;
let watching: Watching;
let seen: string;

beforeEach(async () => {
  made = await makeRepository([{ files: { a: '1' } }, { files: { a: '2' } }]);
  opened = await openRepository(made.dir, made.environment);
  const look = async () => {
    seen = await opened.resolve('main');
  };
  watching = await watchRefs(opened, { changed: look, failed: (error) => expect.unreachable(error.message) });
});
afterEach(async () => {
  await watching.close();
  opened.close();
  await made.remove();
});

describe('a ref that moves', () => {
  it('is seen, however soon it moves again', async () => {
    const [newer, older] = (await made.git('rev-list', 'main')).split('\n') as [string, string];
    const ref = made.path('.git', 'refs', 'heads', 'main');
    // As git does it: the whole file beside, and one rename.
    const moveTo = (commit: string) => writeFile(`${ref}.lock`, `${commit}\n`).then(() => rename(`${ref}.lock`, ref));
    for (let gap = 0; gap < 4; gap += 0.1) {
      for (const [first, last] of [
        [older, newer],
        [newer, older],
      ] as const) {
        await moveTo(first);
        await sleep(gap);
        await moveTo(last);
        await vi.waitFor(() => expect(seen).toBe(last), LONG);
      }
    }
  });
});
