import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createClient } from '@redis/client';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/diagnostics/refusal.js';
import { reportTally } from '../../../src/experiment/report.js';
import type { WindowData } from '../../../src/experiment/report-data.js';
import type { TallyCounts } from '../../../src/experiment/tally.js';
import { EmbeddedStore } from '../../../src/server/exposures/embedded.js';
import { RedisStore } from '../../../src/server/exposures/redis.js';
import type { Counts, ExposureStore } from '../../../src/server/exposures/store.js';
import { makeRepository } from '../../repository.js';
import { startTestServer } from '../running.js';
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

const FILES = {
  'flagstaff.yaml': 'environments: [production]\n',
  'button.flag.yaml':
    'key: button\ntype: string\nvariants: { grey: g, green: n }\ndefault: grey\nexperiment: { split: { grey: 50, green: 50 } }\n',
};

/** What a test reads of an answer that it knows. */
type Body = ReturnType<typeof JSON.parse>;

const windowNamed = (id: string) => ({ ...WINDOW, id, version: id });

async function told(store: ExposureStore) {
  const tallies = await store.read('f', 'e');
  const reports = tallies.map((tally) => reportTally(tally, { interval: 3_600_000 }));
  const plain = reports.map(({ variants, ...rest }) => ({
    ...rest,
    variants: [...variants].sort((a, b) => (a.variant_key < b.variant_key ? -1 : 1)),
  }));
  return plain.sort((a, b) => (a.version < b.version ? -1 : 1));
}

/** Of the first window, by variant. */
async function usersAndEvaluations(store: ExposureStore) {
  const [report] = await told(store);
  return report?.variants.map(({ unique_users, evaluations }) => [unique_users, evaluations]);
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

  /** As a sender does it: again, when a machine under load does not answer in time. */
  const give = async (store: RedisStore, batch: Counts) => {
    while (
      await store.add(batch).then(
        () => false,
        () => true,
      )
    )
      await ready(store);
  };

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
      await give(store, counts(`p${part}`, ...users));
    }
    const [report] = await told(store);
    const [a, b] = report?.variants ?? [];
    expect(report?.exact).toBe(false);
    expect(Math.abs(((a?.unique_users ?? 0) + (b?.unique_users ?? 0)) / 80_000 - 1)).toBeLessThan(0.03);
    expect(Math.abs((a?.share ?? 0) - 0.25)).toBeLessThan(0.02);
  });

  it('tells how many met what as one that looks at its whole sample would', async () => {
    const store = open('sample:');
    await ready(store);
    for (let part = 0; part < 75; part += 1) {
      const users = Array.from({ length: 1000 }, (_, at) => ({
        user: `${(part * 1000 + at) % 70_000}`,
        variant: 'abc'[(part + at) % 3] ?? '',
      }));
      await give(store, counts(`p${part}`, ...users));
    }
    const [{ users }] = (await store.read('f', 'e')) as [TallyCounts];
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    const met = Object.values(await client.hGetAll('sample:window:f e w:met'));
    const held = await client.zCard('sample:window:f e w:users');
    await client.close();
    const countOf = (variant: string) => met.filter((one) => one === variant).length;
    expect(users.several).toBe(countOf('*'));
    expect(Object.fromEntries(users.only)).toEqual({ a: countOf('a'), b: countOf('b'), c: countOf('c') });
    expect(held).toBe(met.length);
    expect(users.weight).toBeGreaterThan(1);
  });

  it('keeps what users did, each batch once and in its order', async () => {
    const store = open('events:');
    await ready(store);
    const bought = (value: number) => ({ name: 'bought', timestamp: '2026-11-22T00:00:00Z', environment: 'e', value });
    const attributes = { empty: [], nested: { text: '"ü"', none: null }, exact: 1.000_000_000_000_1 };
    const batch = { ...counts('1'), events: [bought(1), { ...bought(2), attributes }] };
    expect([await store.add(batch), await store.add(batch)]).toEqual([true, false]);
    await store.add({ ...counts('2'), events: [bought(3)] });
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    const kept = await client.xRange('events:events', '-', '+');
    await client.close();
    expect(kept?.map(({ message }) => JSON.parse(message.event ?? ''))).toEqual([...batch.events, bought(3)]);
  });

  it('takes nothing of a batch that it cannot take whole, and takes it when it can', async () => {
    const store = open('kinds:');
    await ready(store);
    const bought = { name: 'bought', timestamp: '2026-11-22T00:00:00Z', environment: 'e' };
    const batch = (id: string, user: string) => {
      return { ...counts(id, { user, variant: 'a' }, { user, variant: 'a', reason: 'OVERRIDE' }), events: [bought] };
    };
    await store.add(batch('1', 'u1'));
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    const keys = (await client.keys('kinds:*')).filter((key) => !key.startsWith('kinds:id:')).sort();
    expect(keys).toHaveLength(9);
    const everything = async () => Promise.all(keys.map((key) => client.dump(key)));
    for (const key of keys) {
      await client.rename(key, 'aside');
      await (key === 'kinds:window:f e w' ? client.hSet(key, 'x', 'y') : client.set(key, 'x'));
      const before = await everything();
      for (const _ of [1, 2]) await expect(store.add(batch('2', 'u2'))).rejects.toThrow(`the key ${key} is a `);
      expect(await everything()).toEqual(before);
      expect(store.status()).toMatchObject({ error: expect.stringContaining(`WRONGTYPE the key ${key} is a `) });
      await client.rename('aside', key);
    }
    await client.close();
    expect([await store.add(batch('2', 'u2')), await store.add(batch('2', 'u2'))]).toEqual([true, false]);
    expect(await usersAndEvaluations(store)).toEqual([
      [2, 2],
      [0, 0],
    ]);
  });

  it('forgets a window that nobody was counted in for 180 days', async () => {
    const store = open('ended:');
    await ready(store);
    const met = (id: string, user: string) => counts(id, { user, variant: 'a', window: windowNamed(id) });
    await store.add(met('old', 'u1'));
    await store.add(met('young', 'u2'));
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    const ago = (days: number) => Math.floor(Date.now() / 1000) - days * 86_400;
    await client.zAdd('ended:counted', [
      { value: 'f e old', score: ago(180) },
      { value: 'f e young', score: ago(179) },
    ]);
    await store.add(met('new', 'u3'));
    const left = await client.keys('ended:*old*');
    await client.close();
    expect(left).toEqual(['ended:id:old']);
    expect((await told(store)).map(({ version }) => version)).toEqual(['new', 'young']);
    expect(warnings.at(-1)).toBe('a window of `f` in e is forgotten: nobody was counted in it for 180 days');
    await store.add(met('again', 'u4'));
    expect(await store.add({ ...met('old', 'u5'), id: 'old again' })).toBe(true);
    expect((await told(store)).map(({ version }) => version)).toEqual(['again', 'new', 'old', 'young']);
  });

  it('goes on counting when somebody has emptied it', async () => {
    const store = open();
    await ready(store);
    await store.add(counts('1', { user: 'u1', variant: 'a' }));
    const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
    await client.flushAll();
    await client.close();
    expect(await told(store)).toEqual([]);
    expect(await store.add(counts('2', { user: 'u2', variant: 'b' }))).toBe(true);
    expect((await told(store))[0]?.variants.map(({ unique_users }) => unique_users)).toEqual([0, 1]);
  });

  it('gives up what is not answered in time, refuses the rest at once, and loses nothing that was taken', async () => {
    const store = open();
    await ready(store);
    expect(await store.add(counts('before', { user: 'u0', variant: 'a' }))).toBe(true);
    redis?.kill('SIGSTOP');
    const waiting = Array.from({ length: 20 }, (_, at) => counts(`w${at}`, { user: `w${at}`, variant: 'a' }));
    const given = await Promise.allSettled([...waiting.map((one) => store.add(one)), store.read('f', 'e')]);
    expect(given.every(({ status }) => status === 'rejected')).toBe(true);
    expect(store.status()).toMatchObject({ kind: 'redis', connected: false, error: expect.any(String) });
    expect(warnings.at(-1)).toBe('exposures cannot be kept: Redis is away (no answer within 2 s)');
    await expect(store.add(counts('refused', { user: 'r', variant: 'b' }))).rejects.toThrow();
    redis?.kill('SIGCONT');
    await ready(store);
    for (const one of waiting) await store.add(one);
    expect(await usersAndEvaluations(store)).toEqual([
      [21, 21],
      [0, 0],
    ]);
  });

  it('takes what was answered in time, though this process stood still meanwhile', async () => {
    const store = open('still:');
    await ready(store);
    const adding = store.add(counts('1', { user: 'u1', variant: 'a' }));
    // Now it is sent, and from here on timers come before anything is read.
    await new Promise((resolve) => setImmediate(resolve));
    const sent = performance.now();
    const isTaken = () =>
      spawnSync('redis-cli', ['-p', String(port), 'EXISTS', 'still:id:1'], { encoding: 'utf8' }).stdout.trim() === '1';
    while (performance.now() < sent + 2500 || !isTaken());
    expect(await adding).toBe(true);
    expect(store.status()).toEqual({ kind: 'redis', connected: true });
  });

  it('says so when it answers and takes nothing, as a replica does after a failover', async () => {
    const store = open();
    await ready(store);
    const admin = createClient({ url: `redis://127.0.0.1:${port}` });
    admin.on('error', () => undefined);
    await admin.connect();
    await admin.configSet('maxmemory', '1');
    await expect(store.add(counts('1', { user: 'u1', variant: 'a' }))).rejects.toThrow('OOM');
    expect(store.status()).toMatchObject({ connected: true, error: expect.stringMatching(/^OOM [^@]*$/) });
    expect(warnings.at(-1)).toContain('exposures cannot be kept: Redis refuses them (OOM ');
    await admin.configSet('maxmemory', '0');
    expect(await store.add(counts('1', { user: 'u1', variant: 'a' }))).toBe(true);
    expect(store.status()).toEqual({ kind: 'redis', connected: true });
    await admin.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    await expect(store.add(counts('2', { user: 'u2', variant: 'a' }))).rejects.toThrow(/^READONLY [^@]*$/);
    expect(store.status()).toMatchObject({ error: expect.stringContaining('READONLY') });
    await admin.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    await expect.poll(() => store.add(counts('2', { user: 'u2', variant: 'a' })).catch(String)).toBe(true);
    expect(store.status()).toEqual({ kind: 'redis', connected: true });
    await admin.close();
  });

  it('is said to be away when it never was there', async () => {
    const nowhere = RedisStore.open({
      url: `redis://127.0.0.1:${await freePort()}`,
      warn: (text) => warnings.push(text),
    });
    stores.push(nowhere);
    const before = warnings.length;
    await expect.poll(() => warnings.slice(before)).toHaveLength(1);
    expect(warnings.at(-1)).toContain('exposures cannot be kept: Redis is away (');
  });

  it.each(['nonsense', 'http://h:1', 'redis://me:secret@h:99999', 'redis://:secret@h:1/x'])(
    'is refused by a URL that is none, without a word of it: %s',
    (url) => {
      const open = () => RedisStore.open({ url, warn: () => undefined });
      expect(open).toThrow(Refusal);
      expect(open).toThrow(/^the URL of the Redis cannot be used$/);
      try {
        open();
      } catch (error) {
        expect(inspect(error)).not.toContain('secret');
      }
    },
  );

  it('closes though nobody answers', async () => {
    const store = open();
    await ready(store);
    redis?.kill('SIGSTOP');
    await store.close();
    redis?.kill('SIGCONT');
  });

  it('is no concern of who asks for a flag', async () => {
    const repository = await makeRepository([{ files: FILES }]);
    const server = await startTestServer(
      { root: repository.dir, git: { ref: 'main' }, redis: `redis://127.0.0.1:${port}` },
      repository.environment,
    );
    const status = async () => ((await (await fetch(`${server.url}/status`)).json()) as Body).exposures;
    await expect.poll(status, { timeout: 20_000 }).toMatchObject({ kind: 'redis', connected: true });
    redis?.kill('SIGSTOP');
    const ask = (user: string) =>
      fetch(`${server.url}/flags/button/evaluate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: user }),
      });
    const answers = await Promise.all(Array.from({ length: 250 }, (_, user) => ask(`u${user}`)));
    expect(answers.every(({ status: code }) => code === 200)).toBe(true);
    await expect.poll(status, { timeout: 20_000 }).toMatchObject({ connected: false, pending: 250, dropped: 0 });
    const unread = await fetch(`${server.url}/flags/button/exposures`);
    expect([unread.status, unread.headers.get('retry-after')]).toEqual([503, '1']);
    expect(((await unread.json()) as Body).detail).toMatch(/^exposures cannot be read now \(.+\)$/);
    redis?.kill('SIGCONT');
    await expect.poll(status, { timeout: 40_000 }).toMatchObject({ connected: true, pending: 0, dropped: 0 });
    const report: Body = await (await fetch(`${server.url}/flags/button/exposures`)).json();
    const [{ variants }] = report.windows as [WindowData];
    expect(variants.reduce((sum, { evaluations }) => sum + evaluations, 0)).toBe(250);
    await server.close();
    await repository.remove();
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
