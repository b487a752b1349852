import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientOptions, FlagstaffClient } from '../../src/sdk/index.js';
import { flag } from '../project/files.js';
import { type ChaosProxy, type Mischief, startProxy } from './chaos-proxy.js';
import { type Streaming, serveStreams } from './streaming.js';

const PATIENCE = { timeout: 20_000 };

/** Fast, so that a test sees many attempts. */
const FAST = { backoff: { min: 5, max: 40 }, readTimeout: 400, requestTimeout: 400, pollAfter: 200, pollInterval: 50 };

let server: Streaming;
let proxy: ChaosProxy;
let clients: FlagstaffClient[];
let wrong: unknown[];
let torn: string[];

const onRejection = (reason: unknown) => wrong.push(reason);

beforeEach(async () => {
  clients = [];
  wrong = [];
  torn = [];
  process.on('unhandledRejection', onRejection);
  server = await serveStreams(stateOf(0));
  proxy = await startProxy(server.url);
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await proxy.close();
  await server.close();
  process.off('unhandledRejection', onRejection);
  expect(wrong).toEqual([]);
  expect(torn).toEqual([]);
});

/**
 * The number of the state stands in a flag and in a segment; who sees one without the other sees half a change.
 * The padding makes a batch longer than one packet.
 */
function stateOf(number: number): Record<string, string> {
  const rule = (state: number) =>
    `  - name: is ${state}\n    conditions: [{ operator: in_segment, value: now }]\n    serve: s${state}\n`;
  const variants = `variants: { off: none, s${number}: "${number}" }\n`;
  const padding = 'x'.repeat(3000);
  return {
    'state.flag.yaml': `key: state\ntype: string\ndefault: off\n${variants}rules:\n${rule(number)}`,
    'now.segment.yaml': `key: now\nincluded: [user-${number}]\n`,
    'padding.flag.yaml': `key: padding\ntype: string\ndefault: p\nvariants: { p: "${number}${padding}" }\n`,
    'banner.flag.yaml': flag('banner'),
  };
}

function start(options: Partial<ClientOptions> = {}): FlagstaffClient {
  const client = new FlagstaffClient({ url: proxy.url, ...FAST, ...options });
  clients.push(client);
  const look = () => {
    const padding = client.string('padding')?.replaceAll('x', '');
    if (padding === undefined) return;
    const state = client.string('state', 'mine', { targetingKey: `user-${padding}` });
    if (state !== padding) torn.push(`the flag says ${padding}, the segment ${state}`);
  };
  client.on('changed', look);
  client.on('ready', look);
  return client;
}

async function sameAsAFreshOne(client: FlagstaffClient, number: number): Promise<void> {
  await expect
    .poll(() => client.string('state', 'mine', { targetingKey: `user-${number}` }), PATIENCE)
    .toBe(String(number));
  const fresh = new FlagstaffClient({ url: server.url });
  await fresh.ready();
  const contexts = [undefined, { targetingKey: `user-${number}` }, { targetingKey: 'user-0' }];
  for (const context of contexts) expect(client.allFlags(context)).toEqual(fresh.allFlags(context));
  await fresh.close();
}

describe('a client behind a bad network', () => {
  it.each<[string, Mischief]>([
    ['breaks after 100 bytes', { cutAfter: 100 }],
    ['breaks after 1,000 bytes', { cutAfter: 1000 }],
    ['breaks after 5,000 bytes', { cutAfter: 5000 }],
    ['is slow', { delay: 30 }],
    ['says everything twice', { doubleEvery: 1 }],
    ['says some things twice', { doubleEvery: 3 }],
    ['speaks garbage', { garbageEvery: 2 }],
    ['swallows everything', { swallow: true }],
  ])('has no torn flags and is right in the end when it %s', async (_, mischief) => {
    const client = start();
    await client.ready();
    for (let number = 1; number <= 10; number += 1) {
      if (number === 3) {
        proxy.mischief = mischief;
        proxy.breakAll();
      }
      if (number === 8) {
        proxy.mischief = {};
        proxy.breakAll();
      }
      server.publish(stateOf(number));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await sameAsAFreshOne(client, 10);
    expect(client.status()).toMatchObject({ state: 'READY', source: 'live' });
  });

  it('does without a stream where streams never get through', async () => {
    const client = start();
    await client.ready();
    proxy.mischief = { cutAfter: 6000 };
    proxy.breakAll();
    server.publish(stateOf(1));
    await sameAsAFreshOne(client, 1);
  });

  it('notices a connection that is dead at one end only', async () => {
    const client = start();
    await client.ready();
    proxy.mischief = { swallow: true };
    server.publish(stateOf(1));
    await sameAsAFreshOne(client, 1);
    const before = proxy.connections;
    await expect.poll(() => proxy.connections, PATIENCE).toBeGreaterThan(before + 1);
    expect(client.status().error).toMatchObject({ code: 'unreachable' });
    proxy.mischief = {};
    server.publish(stateOf(2));
    await sameAsAFreshOne(client, 2);
  });
});

describe('a hundred clients that lose their server at once', () => {
  it('come back one by one, spread over the window', async () => {
    const many = Array.from({ length: 100 }, () =>
      start({ backoff: { min: 1000, max: 1000 }, readTimeout: 60_000, requestTimeout: 30_000 }),
    );
    await Promise.all(many.map((client) => client.ready()));
    await expect.poll(() => server.hub.size, PATIENCE).toBe(100);
    const before = proxy.connections;
    const counts: number[] = [];
    proxy.breakAll();
    for (let tenth = 0; tenth < 10; tenth += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      counts.push(proxy.connections - before - counts.reduce((sum, count) => sum + count, 0));
    }
    await expect.poll(() => server.hub.size, PATIENCE).toBe(100);
    // Evenly spread, a tenth of the window has 10 on average; 40 at once is beyond any chance.
    expect(Math.max(...counts)).toBeLessThan(40);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(5);
  });
});
