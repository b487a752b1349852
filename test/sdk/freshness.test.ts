import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClientOptions, FlagstaffClient } from '../../src/sdk/index.js';
import { encodeComment, encodeFrame } from '../../src/wire/frame.js';
import { definitionsOf, Network, silent, status, unreachable } from './network.js';
import { settled, VirtualTime } from './virtual-time.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const OFF = definitionsOf({ banner: { default: 'off' } });
const ON = definitionsOf({ banner: { default: 'on' } });

let time: VirtualTime;
let network: Network;
let clients: FlagstaffClient[];
let told: [string, unknown][];

beforeEach(() => {
  time = new VirtualTime();
  network = new Network();
  network.definitions = OFF;
  clients = [];
  told = [];
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  expect(time.timers).toBe(0);
});

/** The middle of each window, unless a test says otherwise. */
async function start(options: Partial<ClientOptions> = {}): Promise<FlagstaffClient> {
  const fixed = { fetch: network.fetch, time, random: () => 0.5 };
  const client = new FlagstaffClient({ url: 'http://flags.test', ...fixed, ...options });
  clients.push(client);
  for (const event of ['ready', 'changed', 'stale', 'error'] as const) {
    client.on(event, (details) => told.push([event, details]));
  }
  await settled();
  return client;
}

const errors = () => told.filter(([event]) => event === 'error').map(([, details]) => details as { code: string });

/** When the streams were asked for, in milliseconds from the start. */
function timesOfStreams(): number[] {
  const times: number[] = [];
  const { stream } = network;
  network.stream = (asked) => {
    times.push(time.elapsed());
    return stream(asked);
  };
  return times;
}

async function stayHealthy(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 15 * SECOND) {
    network.say(encodeComment('keepalive'));
    await time.advance(15 * SECOND);
  }
}

describe('the start', () => {
  it('takes a snapshot and goes on from there', async () => {
    const client = await start({ key: 'secret', environment: 'production' });
    expect(client.status()).toMatchObject({ state: 'READY', source: 'live', environment: 'production' });
    const [snapshot, stream] = network.asked;
    expect(snapshot?.url.href).toBe('http://flags.test/snapshot?environment=production');
    expect(snapshot?.headers).toMatchObject({ authorization: 'Bearer secret' });
    expect(stream?.headers).toMatchObject({ authorization: 'Bearer secret', 'last-event-id': network.id });
    network.publish(ON);
    await settled();
    expect(client.boolean('banner')).toBe(true);
    expect(told.map(([event]) => event)).toEqual(['ready', 'changed']);
  });

  it('is over after the time for it, and goes on behind', async () => {
    network.snapshot = silent;
    const client = await start();
    let isOver = false;
    void client.ready().then(() => {
      isOver = true;
    });
    await time.advance(4.9 * SECOND);
    expect([isOver, client.status().state]).toEqual([false, 'NOT_READY']);
    await time.advance(0.2 * SECOND);
    expect([isOver, client.status().state]).toEqual([true, 'ERROR']);
    network.snapshot = () => Response.json(JSON.parse(network.snapshotText()));
    await time.advance(10 * SECOND);
    expect(client.status().state).toBe('READY');
    expect(told.at(-1)?.[0]).toBe('ready');
  });

  it('uses the bootstrap as soon as the server is known to be away', async () => {
    network.snapshot = unreachable;
    const client = await start({ bootstrap: JSON.parse(network.snapshotText()) });
    await client.ready();
    expect(client.status()).toMatchObject({ state: 'READY', source: 'bootstrap', error: { code: 'unreachable' } });
    expect(client.booleanDetails('banner', true)).toMatchObject({ value: false, variant: 'off' });
  });
});

describe('after a stream has ended', () => {
  it('waits somewhere in a window that doubles up to half a minute', async () => {
    await start({ random: () => 1 });
    const times = timesOfStreams();
    network.stream = ((next) => (asked) => {
      next(asked);
      return unreachable(asked);
    })(network.stream);
    network.cut();
    await time.advance(3 * MINUTE);
    const pauses = times.map((at, index) => at - (times[index - 1] ?? 0));
    expect(pauses.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 30, 30].map((seconds) => seconds * SECOND));
  });

  it('asks for what came since', async () => {
    const client = await start();
    const before = network.id;
    network.cut();
    network.stream = (asked) => {
      expect(asked.headers['last-event-id']).toBe(before);
      const response = network.openStream();
      network.publish(ON);
      return response;
    };
    await time.advance(SECOND);
    expect(client.boolean('banner')).toBe(true);
    expect(network.count('snapshot')).toBe(1);
  });

  it('begins with the narrowest window again after a minute of health', async () => {
    await start({ random: () => 1 });
    const times = timesOfStreams();
    for (let round = 0; round < 4; round += 1) {
      network.cut();
      await time.advance(10 * SECOND);
    }
    expect(times.map((at, index) => at - index * 10 * SECOND)).toEqual([1, 2, 4, 8].map((each) => each * SECOND));
    await stayHealthy(MINUTE);
    const now = time.elapsed();
    network.cut();
    await time.advance(2 * SECOND);
    expect(times.at(-1)).toBe(now + SECOND);
  });

  it('waits at least as long as the server asks when it says farewell', async () => {
    await start({ random: () => 1 });
    const times = timesOfStreams();
    network.say(encodeFrame({ retry: 5000 }));
    await settled();
    network.cut();
    await time.advance(20 * SECOND);
    expect(times).toEqual([6 * SECOND]);
  });

  it.each([
    ['seconds', () => '7'],
    ['a date', () => new Date(time.now() + 7 * SECOND).toUTCString()],
  ])('obeys Retry-After in %s', async (_, retryAfter) => {
    await start({ random: () => 0 });
    const times = timesOfStreams();
    network.stream = ((next) => (asked) => {
      if (times.length > 0) return next(asked);
      next(asked);
      return status(503, { 'retry-after': retryAfter() })(asked);
    })(network.stream);
    network.cut();
    await time.advance(20 * SECOND);
    expect(times).toEqual([0, 7 * SECOND]);
    expect(errors()).toMatchObject([{ code: 'unavailable' }]);
  });

  it('does not wait for ever, whatever the server asks', async () => {
    await start({ random: () => 0 });
    const times = timesOfStreams();
    network.stream = ((next) => (asked) => {
      if (times.length > 0) return next(asked);
      next(asked);
      return status(503, { 'retry-after': '99999999' })(asked);
    })(network.stream);
    network.cut();
    await time.advance(11 * MINUTE);
    expect(times.slice(0, 2)).toEqual([0, 10 * MINUTE]);
  });

  it.each([401, 403, 404])('asks less often when the answer is %i, says so, and does not stop', async (code) => {
    network.snapshot = status(code);
    const client = await start();
    await time.advance(30 * MINUTE);
    expect(network.asked.length).toBeGreaterThan(8);
    expect(network.asked.length).toBeLessThan(20);
    expect(errors()).toMatchObject([{ code: 'refused', message: `http://flags.test/snapshot answered ${code}` }]);
    expect(client.status().state).toBe('ERROR');
    network.snapshot = () => Response.json(JSON.parse(network.snapshotText()));
    await time.advance(6 * MINUTE);
    expect(client.status().state).toBe('READY');
  });

  it('gives a stream up that is silent for three signs of life', async () => {
    await start({ random: () => 0 });
    const times = timesOfStreams();
    await time.advance(44 * SECOND);
    network.say(encodeComment('keepalive'));
    await time.advance(44 * SECOND);
    expect(times).toEqual([]);
    await time.advance(2 * SECOND);
    expect(times).toEqual([89 * SECOND]);
    expect(errors()).toMatchObject([{ code: 'unreachable', message: 'the server said nothing for 45 s' }]);
  });

  it('tries the servers in turn', async () => {
    const client = await start({ urls: ['http://a.test', 'http://b.test/base/'], random: () => 0 });
    const hosts = () => network.asked.map(({ url }) => url.origin + url.pathname);
    const { stream } = network;
    network.stream = (asked) => (asked.url.host === 'a.test' ? unreachable(asked) : stream(asked));
    network.cut();
    await settled();
    await time.advance(10 * SECOND);
    expect(hosts().slice(0, 3)).toEqual([
      'http://a.test/snapshot',
      'http://a.test/stream',
      'http://b.test/base/stream',
    ]);
    expect(client.status().state).toBe('READY');
  });
});

describe('without a stream for half a minute', () => {
  it('asks for snapshots now and then, by what it has, until the stream is back', async () => {
    const client = await start({ random: () => 0.999 });
    const { stream } = network;
    network.stream = unreachable;
    network.cut();
    await time.advance(29 * SECOND);
    expect(network.count('snapshot')).toBe(1);
    network.publish(ON);
    await time.advance(2 * SECOND);
    expect(network.count('snapshot')).toBe(2);
    expect(client.boolean('banner')).toBe(true);
    await time.advance(5 * MINUTE);
    expect(network.count('snapshot')).toBe(7);
    expect(network.asked.filter(({ path }) => path === 'snapshot').at(-1)?.headers).toMatchObject({
      'if-none-match': `"${network.id}"`,
    });
    expect(client.status().state).toBe('READY');
    network.stream = stream;
    await time.advance(MINUTE);
    await stayHealthy(10 * MINUTE);
    const polls = network.count('snapshot');
    await stayHealthy(10 * MINUTE);
    expect(network.count('snapshot')).toBe(polls);
  });

  it('is stale when nothing is heard for five minutes, and says when that is over', async () => {
    const client = await start();
    const { snapshot, stream } = network;
    network.snapshot = unreachable;
    network.stream = unreachable;
    network.cut();
    await time.advance(4.9 * MINUTE);
    expect(client.booleanDetails('banner')).not.toHaveProperty('stale');
    await time.advance(0.2 * MINUTE);
    expect(client.status()).toMatchObject({ state: 'STALE', source: 'live', error: { code: 'unreachable' } });
    expect(client.booleanDetails('banner')).toMatchObject({ value: false, stale: true });
    Object.assign(network, { snapshot, stream });
    await stayHealthy(MINUTE);
    expect(client.status()).toMatchObject({ state: 'READY' });
    expect(client.status()).not.toHaveProperty('error');
    expect(told.map(([event]) => event)).toEqual(['ready', 'error', 'stale', 'ready']);
  });
});

describe('what cannot be right', () => {
  it('keeps the last snapshot when the server speaks a newer format, and says so', async () => {
    const client = await start();
    const newer = JSON.stringify({ ...JSON.parse(network.snapshotText()), format: 2, flags: 'of another kind' });
    network.stream = () => network.openStream(encodeFrame({ id: network.id, event: 'snapshot', data: newer }));
    network.snapshot = () => Response.json(JSON.parse(newer));
    network.cut();
    await time.advance(2 * MINUTE);
    expect(client.booleanDetails('banner', true)).toMatchObject({ value: false, variant: 'off' });
    expect(errors()).toMatchObject([{ code: 'newer-format' }]);
  });

  it.each([
    ['HTML with 200', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['something else than events', () => network.openStream('<html>\n<body>\n')],
    ['a flag that is none', () => network.openStream(eventOf('flag_updated', { flag: { key: 'banner' } }))],
    ['an event without an end', () => network.openStream(`data: ${'x'.repeat(5000)}`)],
    ['a batch with a gap', () => network.openStream(eventOf('commit', { format: 1, version: 'v' }, 2))],
  ])('is refused, and a whole snapshot asked for: %s', async (_, answer) => {
    const client = await start({ maxSize: 4000 });
    const { stream } = network;
    network.stream = answer;
    network.cut();
    await time.advance(SECOND);
    expect(client.boolean('banner')).toBe(false);
    expect(errors()[0]).toMatchObject({ code: 'malformed' });
    network.stream = stream;
    network.publish(ON);
    await time.advance(30 * SECOND);
    expect(client.boolean('banner')).toBe(true);
    expect(network.asked.filter(({ path }) => path === 'snapshot').at(-1)?.headers).not.toHaveProperty('if-none-match');
    expect(client.status()).toMatchObject({ state: 'READY', source: 'live' });
  });

  it('is a snapshot that does not end, or is too large', async () => {
    network.snapshot = () => network.openStream('{'.repeat(3000));
    await start({ maxSize: 2000 });
    expect(errors()).toMatchObject([{ code: 'malformed' }]);
    const trickle = () => {
      const response = network.openStream('{');
      return new Response(response.body, { headers: { 'content-type': 'application/json' } });
    };
    network.snapshot = trickle;
    await time.advance(SECOND);
    for (let second = 0; second < 300; second += 10) {
      network.say(' ');
      await time.advance(10 * SECOND);
    }
    expect(errors().map(({ code }) => code)).toContain('unreachable');
  });

  it('is "nothing new" for who has nothing', async () => {
    network.snapshot = () => new Response(null, { status: 304 });
    const client = await start();
    expect(client.status()).toMatchObject({ state: 'ERROR', error: { code: 'malformed' } });
  });
});

describe('another history', () => {
  it('replaces everything, when the stream begins anew', async () => {
    const client = await start();
    network.cut();
    network.definitions = definitionsOf({ other: { default: 'on' } });
    network.stream = () => network.openStream(network.snapshotEvent());
    await time.advance(SECOND);
    expect([client.boolean('banner', true), client.boolean('other')]).toEqual([true, true]);
    expect(told.at(-1)).toEqual(['changed', { keys: ['banner', 'other'], version: network.id }]);
  });
});

describe('time', () => {
  const starts = (at: string) =>
    definitionsOf({
      sale: { default: 'on', off_variant: 'off', starts_at: at },
      banner: { default: 'on', off_variant: 'off', prerequisites: [{ flag: 'sale', variants: ['on'] }] },
      plain: {},
    });

  it('changes flags, and those that ask about them, without a word from the server', async () => {
    network.definitions = starts('2026-12-01T12:10:00Z');
    const client = await start();
    await stayHealthy(10 * MINUTE - 15 * SECOND);
    expect([client.boolean('sale'), told.length]).toEqual([false, 1]);
    await stayHealthy(15 * SECOND);
    expect([client.boolean('sale'), client.boolean('banner')]).toEqual([true, true]);
    expect(told.at(-1)).toEqual(['changed', { keys: ['banner', 'sale'], version: network.id }]);
    expect(told).toHaveLength(2);
  });

  it('may be set: a clock that jumps is noticed within a minute, forward and back', async () => {
    network.definitions = starts('2026-12-01T15:00:00Z');
    const client = await start();
    time.base += 4 * 60 * MINUTE;
    expect(client.boolean('sale')).toBe(true);
    await stayHealthy(MINUTE);
    expect(told.at(-1)).toMatchObject(['changed', { keys: ['banner', 'sale'] }]);
    time.base -= 4 * 60 * MINUTE;
    expect(client.boolean('sale')).toBe(false);
    await stayHealthy(MINUTE);
    expect(told.map(([event]) => event)).toEqual(['ready', 'changed', 'changed']);
    expect(client.status().state).toBe('READY');
  });
});

describe('a client that was closed', () => {
  it('asks nobody any more, and keeps answering', async () => {
    const client = await start();
    await client.close();
    const asked = network.asked.length;
    await time.advance(60 * MINUTE);
    expect([network.asked.length, time.timers, network.streams]).toEqual([asked, 0, 0]);
    expect(client.boolean('banner')).toBe(false);
  });

  it('may be closed before it has begun, and twice', async () => {
    const client = new FlagstaffClient({ url: 'http://flags.test', fetch: network.fetch, time });
    await Promise.all([client.close(), client.close(), client.ready()]);
    expect(time.timers).toBe(0);
  });
});

function eventOf(event: string, data: object, n = 1): string {
  const text = JSON.stringify(data);
  return encodeFrame({ id: network.id.replace('-0-', `-${n}-`), event, data: text });
}
