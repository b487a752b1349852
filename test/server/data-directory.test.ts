import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataDirectory } from '../../src/server/data-directory.js';
import { EmbeddedStore } from '../../src/server/exposures/embedded.js';
import { openKillFile } from '../../src/server/kill/kill-file.js';
import { counts } from './exposures/counting.js';

let path: string;
let lost: string[];
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'flagstaff-data-'));
  lost = [];
});
afterEach(() => rm(path, { recursive: true, force: true }));

const TIMES = { lease: 400, wait: 300 };
const NOW = Date.parse('2026-11-22T09:00:00Z');
const hold = (at = path) =>
  DataDirectory.hold(at, { port: 7700, now: NOW, lost: (message) => lost.push(message), times: TIMES });

const KILL = {
  flag: 'pay',
  environment: 'production',
  reason: 'down',
  author: { name: 'a', email: 'a@example.com' },
  at: NOW,
  expires: NOW + 1,
};

/** As if its holder had stood still for long. */
const age = () => utimes(join(path, 'server.lock'), 1, 1);

describe('a data directory', () => {
  it('is held by one server, and tells others by which', async () => {
    const held = await hold();
    await expect(hold()).rejects.toMatchObject({
      code: 'contended',
      message: `the data directory \`${path}\` is in use by another server on ${hostname()}, port 7700, since 2026-11-22T09:00:00.000Z`,
      help: expect.stringContaining('--data-dir'),
    });
    await sleep(2 * TIMES.lease);
    await expect(hold()).rejects.toMatchObject({ code: 'contended' });
    await held.confirm();
    await held.release();
    expect(await readdir(path)).toEqual([]);
    await (await hold()).release();
    expect(lost).toEqual([]);
  });

  it('goes to one of many who start at once', async () => {
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => hold()));
    const [first, ...others] = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    expect(others).toEqual([]);
    await first?.confirm();
    await first?.release();
    expect(await readdir(path)).toEqual([]);
  });

  it('is not kept from anybody by what somebody died writing', async () => {
    await writeFile(join(path, 'server.lock'), '{"holder":"flag');
    await expect(hold()).rejects.toMatchObject({ code: 'contended' });
    await age();
    await (await hold()).release();
  });

  it('that another has taken over takes nothing more from the one before, who says so', async () => {
    const before = await hold();
    const old = await EmbeddedStore.open({
      directory: join(path, 'exposures'),
      held: before,
      now: () => NOW,
      maxJournal: 1,
      warn: () => undefined,
    });
    expect(await old.add(counts('1', { user: 'u1', variant: 'a' }))).toBe(true);
    await age();
    const after = await hold();
    await expect(before.confirm()).rejects.toThrow('another server has taken over');
    await expect(old.add(counts('2', { user: 'u2', variant: 'a' }))).rejects.toThrow('another server has taken over');
    await expect(writeFile(join(before.scratch, 'late'), '')).rejects.toMatchObject({ code: 'ENOENT' });
    await after.confirm();
    await sleep(TIMES.lease);
    expect(lost).toEqual([`another server has taken over the data directory \`${path}\``]);
    expect(old.status()).toMatchObject({ error: lost[0] });
    await old.close();
    await before.release();
    await after.confirm();
    await after.release();
  });

  it('keeps the kills of whoever holds it', async () => {
    const before = await hold();
    const told: string[] = [];
    const old = await openKillFile(before, (file) => told.push(file));
    await age();
    const after = await hold();
    const { keep } = await openKillFile(after, (file) => told.push(file));
    await keep([KILL]);
    await expect(old.keep([])).rejects.toThrow('another server has taken over');
    expect((await openKillFile(after, (file) => told.push(file))).kept).toEqual([KILL]);
    expect(told).toEqual([]);
    await before.release();
    await after.release();
  });

  it('does not lose kills that cannot be read just now', async () => {
    const held = await hold();
    await mkdir(join(path, 'kills.json'));
    await expect(openKillFile(held, () => undefined)).rejects.toMatchObject({ code: 'unreadable' });
    await held.release();
  });

  it('that cannot be written in is refused', async () => {
    await writeFile(join(path, 'file'), '');
    await expect(hold(join(path, 'file'))).rejects.toMatchObject({ code: 'unwritable', message: /ENOTDIR/ });
  });
});
