import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Lease } from '../../src/lease/lease.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flagstaff-lease-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Long enough to be seen while it is being written. */
const TEXT = 'x'.repeat(20_000_000);

it('a lease is there whole or not at all: who dies while taking it leaves no part that nobody takes for a lease', async () => {
  const file = join(directory, 'lock');
  const lease = new Lease({ file, times: { lease: 60_000, wait: 1000 }, say: () => ({ text: TEXT }) });
  const sizes = new Set<number>();
  let done = false;
  const looking = (async () => {
    while (!done) sizes.add((await stat(file).catch(() => ({ size: -1 }))).size);
  })();
  expect(await lease.take()).toEqual({ kind: 'taken', left: undefined });
  expect(await lease.isOurs()).toBe(true);
  await lease.note({ text: 'short' });
  done = true;
  await looking;
  expect([...sizes].filter((size) => size >= 100 && size < TEXT.length)).toEqual([]);
  expect(sizes.has(0)).toBe(false);
  await lease.release();
  expect(await readdir(directory)).toEqual([]);
});
