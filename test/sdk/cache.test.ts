import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlagstaffClient, type NodeClientOptions } from '../../src/sdk/index.js';
import { definitionsOf, Network, unreachable } from './network.js';
import { settled, VirtualTime } from './virtual-time.js';

const KEY = 'flagstaff_abcdefgh_secretsecretsecretsecret';
const ON = definitionsOf({ banner: { default: 'on', rules: [] } });

let dir: string;
let cacheFile: string;
let network: Network;
let time: VirtualTime;
let told: object[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'flagstaff-cache-'));
  cacheFile = join(dir, 'flags.cache');
  network = new Network();
  network.definitions = ON;
  time = new VirtualTime();
  told = [];
});

afterEach(() => rm(dir, { recursive: true, force: true }));

function make(options: Partial<NodeClientOptions>): FlagstaffClient {
  const fixed = { url: 'http://flags.test', key: KEY, cacheFile, fetch: network.fetch, time };
  const client = new FlagstaffClient({ ...fixed, ...options });
  client.on('error', (error) => told.push(error));
  return client;
}

/** A client that finds neither a server nor a cache that it may use. */
async function startWithNothing(options: Partial<NodeClientOptions> = {}): Promise<FlagstaffClient> {
  const client = make(options);
  await expect.poll(() => told.length).toBe(2);
  return client;
}

/** A client that has come as far as it can. */
async function start(options: Partial<NodeClientOptions> = {}): Promise<FlagstaffClient> {
  const client = make(options);
  await client.ready();
  await settled();
  return client;
}

/** Fills the cache, and then there is no server any more. */
async function fillCache(options: Partial<NodeClientOptions> = {}): Promise<void> {
  await (await start(options)).close();
  network.snapshot = unreachable;
  network.stream = unreachable;
}

describe('a cache file', () => {
  it('lets a client start without a server, and holds no key', async () => {
    await fillCache();
    const client = await start();
    expect(client.status()).toMatchObject({ state: 'READY', source: 'cache', version: network.id });
    expect(client.boolean('banner', false)).toBe(true);
    expect(told).toMatchObject([{ code: 'unreachable' }]);
    expect(await readFile(cacheFile, 'utf8')).not.toContain('secret');
    expect((await stat(cacheFile)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['flags.cache']);
    await client.close();
  });

  it('is confirmed by a server that has nothing newer, and gives way to one that has', async () => {
    await (await start()).close();
    const same = await start();
    expect(network.asked.at(-2)?.headers).toMatchObject({ 'if-none-match': `"${network.id}"` });
    expect(same.status()).toMatchObject({ source: 'live' });
    await same.close();
    network.publish(definitionsOf({ banner: { default: 'off' } }));
    const newer = await start();
    expect(newer.boolean('banner', true)).toBe(false);
    await newer.close();
    network.snapshot = unreachable;
    const again = await start();
    expect(again.boolean('banner', true)).toBe(false);
    await again.close();
  });

  it('wins over a bootstrap', async () => {
    const bootstrap = network.snapshotText();
    network.publish(definitionsOf({ banner: { default: 'off' } }));
    await fillCache();
    const client = await start({ bootstrap });
    expect(client.status()).toMatchObject({ source: 'cache' });
    expect(client.boolean('banner', true)).toBe(false);
    await client.close();
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['is torn', (text) => text.slice(0, -40), /is damaged/],
    ['has one other character', (text) => text.replace('banner', 'banned'), /is damaged/],
    ['is empty', () => '', /is no cache/],
    ['is something else', () => '# My shopping list\n', /is no cache/],
    ['is newer', (text) => text.replace('cache 1 ', 'cache 2 '), /a newer version/],
  ])('is not used when it %s, and that is told', async (_, spoil, message) => {
    await fillCache();
    await writeFile(cacheFile, spoil(await readFile(cacheFile, 'utf8')));
    const client = await startWithNothing();
    expect(client.status()).toMatchObject({ source: 'defaults' });
    expect(client.boolean('banner', false)).toBe(false);
    expect(told[0]).toMatchObject({ code: 'cache', message: expect.stringMatching(message) });
    await client.close();
  });

  it.each<[string, Partial<NodeClientOptions>, Partial<NodeClientOptions>]>([
    ['server', {}, { url: 'http://other.test' }],
    ['key', {}, { key: `${KEY}x` }],
    ['environment', { environment: 'production' }, { environment: 'staging' }],
  ])('is not used when it was kept for another %s', async (_, before, after) => {
    await fillCache(before);
    const client = await startWithNothing(after);
    expect(client.status().source).toBe('defaults');
    expect(told[0]).toMatchObject({ code: 'cache', message: expect.stringContaining('of another') });
    await client.close();
  });

  it('may be used with another key where the environment is named', async () => {
    await fillCache({ environment: 'production' });
    const client = await start({ environment: 'production', key: `${KEY}x` });
    expect(client.status().source).toBe('cache');
    await client.close();
  });

  it('that cannot be written is told once, and harms nothing', async () => {
    const client = await start({ cacheFile: join(dir, 'nowhere', 'flags.cache') });
    network.publish(definitionsOf({}));
    await expect.poll(() => told).toMatchObject([{ code: 'cache', message: expect.stringMatching(/ENOENT/) }]);
    network.publish(ON);
    await settled();
    expect(client.boolean('banner', false)).toBe(true);
    await client.close();
    expect(told).toHaveLength(1);
  });

  it('has the last of many states, whole', async () => {
    const client = await start();
    for (let round = 0; round < 50; round += 1) {
      network.publish(definitionsOf({ banner: { default: round % 2 === 0 ? 'off' : 'on' }, [`flag-${round}`]: {} }));
      if (round % 7 === 0) await settled();
    }
    await settled();
    const { version } = client.status();
    await client.close();
    network.snapshot = unreachable;
    const again = await start();
    expect(again.status()).toMatchObject({ source: 'cache', version });
    expect(version).toBe(network.id);
    await again.close();
  });
});
