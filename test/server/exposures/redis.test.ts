import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportTally } from '../../../src/experiment/report.js';
import { EmbeddedStore } from '../../../src/server/exposures/embedded.js';
import { RedisStore } from '../../../src/server/exposures/redis.js';
import type { ExposureStore } from '../../../src/server/exposures/store.js';
import { counts, NOW, WINDOW } from './counting.js';

/** Installed by `.ci/run`; on a machine without it these tests are skipped, and say so. */
const isInstalled = spawnSync('redis-server', ['--version']).status === 0;

let port: number;
let redis: ChildProcess | undefined;
let directory: string;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: free } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return free;
}

async function startRedis(): Promise<void> {
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--appendonly',
    'yes',
    '--dir',
    directory,
    '--save',
    '',
  ];
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  redis = child;
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept connections')) resolve();
    });
  });
}

async function stopRedis(): Promise<void> {
  const child = redis;
  redis = undefined;
  if (child === undefined) return;
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
}

const windowNamed = (id: string) => ({ ...WINDOW, id, version: id });

async function told(store: ExposureStore) {
  const tallies = await store.tallies('f', 'e');
  const reports = tallies.map((tally) => reportTally(tally, { interval: 3_600_000 }));
  const plain = reports.map(({ variants, ...rest }) => ({
    ...rest,
    variants: [...variants].sort((a, b) => (a.variant_key < b.variant_key ? -1 : 1)),
  }));
  return plain.sort((a, b) => (a.version < b.version ? -1 : 1));
}

describe.skipIf(!isInstalled)('Redis', () => {
  const warnings: string[] = [];
  let prefixes = 0;
  const stores: RedisStore[] = [];
  const open = (prefix = `t${prefixes++}:`) => {
    const store = RedisStore.open({ url: `redis://127.0.0.1:${port}`, prefix, warn: (text) => warnings.push(text) });
    stores.push(store);
    return store;
  };
  const ready = (store: RedisStore) =>
    expect.poll(() => store.status(), { timeout: 20_000 }).toEqual({ kind: 'redis', connected: true });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'flagstaff-redis-'));
    port = await freePort();
    await startRedis();
  });
  afterAll(async () => {
    for (const store of stores) await store.close();
    await stopRedis();
    await rm(directory, { recursive: true, force: true });
  });

  it('counts what the embedded store counts', async () => {
    const exposure = fc
      .tuple(fc.nat(25).map(String), fc.constantFrom('a', 'b', 'c'), fc.constantFrom('v', 'w'), fc.nat(3), fc.boolean())
      .map(([user, variant, version, hour, split]) => ({
        user,
        variant,
        window: windowNamed(version),
        at: NOW + hour * 3_600_000,
        reason: split ? 'SPLIT' : 'OVERRIDE',
      }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(exposure, { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
        async (batches) => {
          const place = await mkdtemp(join(tmpdir(), 'flagstaff-embedded-'));
          const embedded = await EmbeddedStore.open({ directory: place, now: () => 0, warn: () => undefined });
          const shared = open();
          await ready(shared);
          for (const [at, exposures] of batches.entries()) {
            expect(await embedded.add(counts(`${at}`, ...exposures))).toBe(true);
            expect(await shared.add(counts(`${at}`, ...exposures))).toBe(true);
            expect(await shared.add(counts(`${at}`, ...exposures))).toBe(false);
          }
          expect(await told(shared)).toEqual(await told(embedded));
          await embedded.close();
          await rm(place, { recursive: true, force: true });
        },
      ),
      { numRuns: 15 },
    );
  });

  it('is shared by servers, and a batch counts once whichever of them it comes to', async () => {
    const [one, other] = [open('shared:'), open('shared:')];
    await Promise.all([ready(one), ready(other)]);
    const same = counts('same', { user: 'u', variant: 'a' });
    const taken = await Promise.all([one, other, one, other].map((store) => store.add(same)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    await Promise.all([one, other].map((store, at) => store.add(counts(`own${at}`, { user: `u${at}`, variant: 'b' }))));
    expect(await told(one)).toEqual(await told(other));
    expect((await told(one))[0]?.variants.map(({ unique_users }) => unique_users)).toEqual([1, 2]);
  });

  it('keeps a bounded sample whose shares are those of everybody', async () => {
    const store = open();
    await ready(store);
    for (let part = 0; part < 80; part += 1) {
      const users = Array.from({ length: 1000 }, (_, at) => ({
        user: `${part}-${at}`,
        variant: at % 4 === 0 ? 'a' : 'b',
      }));
      await store.add(counts(`p${part}`, ...users));
    }
    const [report] = await told(store);
    const [a, b] = report?.variants ?? [];
    expect(report?.exact).toBe(false);
    expect(Math.abs(((a?.unique_users ?? 0) + (b?.unique_users ?? 0)) / 80_000 - 1)).toBeLessThan(0.03);
    expect(Math.abs((a?.share ?? 0) - 0.25)).toBeLessThan(0.02);
  });

  it('acknowledges nothing while it is away, says so, and loses nothing that it did', async () => {
    const store = open();
    await ready(store);
    expect(await store.add(counts('before', { user: 'u1', variant: 'a' }))).toBe(true);
    await stopRedis();
    await expect(store.add(counts('during', { user: 'u2', variant: 'b' }))).rejects.toThrow();
    expect(store.status()).toMatchObject({ kind: 'redis', connected: false });
    expect(warnings.at(-1)).toContain('exposures cannot be kept: Redis is away');
    await startRedis();
    await ready(store);
    expect(await store.add(counts('before', { user: 'u1', variant: 'a' }))).toBe(false);
    expect(await store.add(counts('during', { user: 'u2', variant: 'b' }))).toBe(true);
    expect((await told(store))[0]?.variants.map(({ unique_users }) => unique_users)).toEqual([1, 1]);
  });
});
