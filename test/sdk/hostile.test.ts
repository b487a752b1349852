import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Flag } from '../../src/model/flag.js';
import { type ClientOptions, FlagstaffClient, memorySink } from '../../src/sdk/index.js';
import { definitionsOf, Network, status, unreachable } from './network.js';
import { settled, VirtualTime } from './virtual-time.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LATER = { starts_at: '2026-12-01T13:00:00Z', default: 'on' } as const;
const PATTERN: Partial<Flag> = {
  ...LATER,
  rules: [{ name: 'r', conditions: [{ attribute: 'email', operator: 'matches', value: '^a+$' }], serve: 'on' }],
};

let time: VirtualTime;
let network: Network;
let clients: FlagstaffClient[];

beforeEach(() => {
  time = new VirtualTime();
  network = new Network();
  network.definitions = definitionsOf({ banner: { default: 'on' } });
  clients = [];
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
});

function make(options: Partial<ClientOptions> = {}): FlagstaffClient {
  const fixed = { url: 'http://flags.test', fetch: network.fetch, time, random: () => 0.5 };
  const client = new FlagstaffClient({ ...fixed, ...options });
  clients.push(client);
  return client;
}

describe('a redirect', () => {
  let servers: Server[];

  beforeEach(() => {
    servers = [];
  });

  afterEach(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function listen(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('is not followed, and neither key nor exposures go along', async () => {
    const strangers: string[] = [];
    const stranger = await listen((request, response) => {
      strangers.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.setHeader('content-type', 'application/json').end(network.snapshotText());
    });
    const url = await listen((request, response) => {
      response.writeHead(301, { location: `${stranger}${request.url}` }).end();
    });
    const client = new FlagstaffClient({
      url,
      key: 'secret',
      bootstrap: network.snapshotText(),
      exposures: { flushInterval: 10 },
    });
    clients.push(client);
    client.track('bought');
    await client.ready();
    expect(client.status()).toMatchObject({ source: 'bootstrap', error: { code: 'unavailable' } });
    expect(client.status().error?.message).toContain('301');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.status().exposures).toEqual({ pending: 1, dropped: 0 });
    expect(strangers).toEqual([]);
  });
});

describe('options that make no sense', () => {
  const senseless: Record<string, unknown> = {
    'urls as one text': { urls: 'http://flags.test' },
    'urls that are none': { urls: [undefined, 5] },
    'no exposures': { exposures: null },
    'a batch of nothing': { exposures: { flushSize: 0, sink: memorySink() } },
    'no room for any': { exposures: { capacity: Number.NaN, sink: memorySink() } },
    'a window of no time': { exposures: { flushInterval: -1, sink: memorySink() } },
    'no defaults': { defaults: null },
    'no backoff': { backoff: null },
    'no cache': { cache: null },
    'a cache that is none': { cache: {} },
  };

  it.each(Object.keys(senseless))('harm nobody: %s', async (name) => {
    const client = make(senseless[name] as Partial<ClientOptions>);
    await settled();
    client.track('bought', { targetingKey: 'u1' });
    expect(client.boolean('banner', true)).toBe(true);
    await time.advance(20 * SECOND);
    await client.close();
  });

  it('harm nobody when there are none at all', async () => {
    const client = new FlagstaffClient(undefined as never);
    clients.push(client);
    expect(client.boolean('banner', true)).toBe(true);
    await client.ready();
    expect(client.status()).toMatchObject({ state: 'ERROR', error: { code: 'options' } });
  });
});

describe('closing', () => {
  it('leaves no timer behind, though definitions come in at the very end', async () => {
    network.definitions = definitionsOf({ banner: PATTERN });
    const client = make({ bootstrap: network.snapshotText() });
    const closed = client.close();
    await closed;
    await settled();
    expect(time.timers).toBe(0);
    expect(client.status().source).toBe('bootstrap');
  });

  it('does not wait for a disk that does not answer', async () => {
    const client = make({ cache: { load: async () => undefined, save: () => new Promise(() => undefined) } });
    await settled();
    let isClosed = false;
    void client.close().then(() => {
      isClosed = true;
    });
    await time.advance(2 * SECOND);
    expect(isClosed).toBe(true);
  });

  it('is the same for everyone who asks for it', async () => {
    let sent = 0;
    const sink = {
      send: async () => {
        await new Promise<void>((resolve) => time.after(2 * SECOND, resolve));
        sent += 1;
      },
    };
    const client = make({ exposures: { sink } });
    await settled();
    client.track('bought');
    void client.close();
    let isClosed = false;
    void client.close().then(() => {
      isClosed = true;
    });
    await time.advance(SECOND);
    expect([isClosed, sent]).toEqual([false, 0]);
    await time.advance(2 * SECOND);
    expect([isClosed, sent]).toEqual([true, 1]);
  });
});

describe('the start', () => {
  it('waits for the server although the cache is of no use', async () => {
    const cache = { load: () => Promise.reject(new Error('it is damaged')), save: async () => undefined };
    let answer: (response: Response) => void = () => undefined;
    network.snapshot = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const client = make({ cache, bootstrap: network.snapshotText() });
    let isReady = false;
    void client.ready().then(() => {
      isReady = true;
    });
    await settled();
    expect([isReady, client.status().error?.code]).toEqual([false, 'cache']);
    answer(Response.json(JSON.parse(network.snapshotText())));
    await settled();
    expect([isReady, client.status().source]).toEqual([true, 'live']);
  });

  it('does not call a client failed whose server has not been asked', async () => {
    const cache = { load: () => Promise.reject(new Error('it is damaged')), save: async () => undefined };
    network.snapshot = () => new Promise(() => undefined);
    const client = make({ cache });
    await settled();
    expect(client.status()).toMatchObject({ state: 'NOT_READY', error: { code: 'cache' } });
  });
});

describe('several servers', () => {
  const urls = ['http://busy.test', 'http://idle.test'];

  it('are asked without waiting when only one of them wants to be left alone', async () => {
    const { snapshot } = network;
    network.snapshot = (asked) =>
      asked.url.hostname === 'busy.test' ? status(503, { 'retry-after': '600' })(asked) : snapshot(asked);
    const client = make({ urls });
    await time.advance(5 * SECOND);
    expect(client.status()).toMatchObject({ state: 'READY', source: 'live' });
  });

  it('are left alone for as long as each has asked for', async () => {
    network.snapshot = status(503, { 'retry-after': '120' });
    make({ urls });
    await time.advance(119 * SECOND);
    expect(network.count('snapshot')).toBe(2);
    await time.advance(MINUTE);
    expect(network.count('snapshot')).toBeGreaterThan(2);
  });

  it('pass over the one that wants to be left alone, again and again', async () => {
    network.snapshot = (asked) =>
      asked.url.hostname === 'busy.test' ? status(503, { 'retry-after': '600' })(asked) : unreachable(asked);
    make({ urls });
    await time.advance(5 * MINUTE);
    expect(network.asked.filter(({ url }) => url.hostname === 'busy.test')).toHaveLength(1);
    expect(network.asked.filter(({ url }) => url.hostname === 'idle.test').length).toBeGreaterThan(5);
  });
});

it('tells of a moment that has passed although other news comes first', async () => {
  network.definitions = definitionsOf({ banner: LATER, other: {} });
  const client = make();
  const changed: (readonly string[])[] = [];
  client.on('changed', ({ keys }) => changed.push(keys));
  await settled();
  time.base += 2 * 3_600_000;
  network.publish(definitionsOf({ banner: LATER, other: { default: 'on' } }));
  await time.advance(2 * MINUTE);
  expect(changed.flat()).toEqual(['banner', 'other']);
});

it('refuses definitions that cannot be compared, and keeps what it has', async () => {
  const client = make();
  await settled();
  const { version } = client.status();
  const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  network.height += 1;
  const text = network.snapshotText().replace('"metadata":{}', `"metadata":{},"x":${nested}`);
  network.snapshot = () => new Response(text, { headers: { 'content-type': 'application/json' } });
  network.stream = () => network.openStream('data: nonsense\nevent: commit\n\n');
  network.cut();
  await time.advance(3 * MINUTE);
  expect(client.status()).toMatchObject({ version, error: { code: 'malformed' } });
  expect(client.boolean('banner', false)).toBe(true);
});
