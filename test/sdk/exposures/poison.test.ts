import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Flag } from '../../../src/model/flag.js';
import { type Batch, type ClientOptions, FlagstaffClient, memorySink, saltedHash } from '../../../src/sdk/index.js';
import { definitionsOf, Network } from '../network.js';
import { settled, VirtualTime } from '../virtual-time.js';

const SECOND = 1000;
const EXPERIMENT: Partial<Flag> = { experiment: { percent: 100, split: [{ variant: 'on', percent: 100 }] } };

let time: VirtualTime;
let network: Network;
let client: FlagstaffClient;

beforeEach(() => {
  time = new VirtualTime();
  network = new Network();
  network.definitions = definitionsOf({ button: EXPERIMENT });
});

afterEach(() => client.close());

async function start(exposures: ClientOptions['exposures'], options: Partial<ClientOptions> = {}): Promise<void> {
  client = new FlagstaffClient({
    url: 'http://flags.test',
    fetch: network.fetch,
    time,
    ...(exposures !== undefined && { exposures }),
    ...options,
  });
  await settled();
}

describe('what is tracked', () => {
  it('never throws, whatever it is', async () => {
    const sink = memorySink();
    await start({ sink });
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const details = [null, 5, 'x', { big: 10n }, { circular }, { value: Number.NaN }, { get: () => 5 }];
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    for (const each of [...details, trap]) client.track('bought', { targetingKey: 'u' }, each as never);
    for (const context of [null, 5, trap]) client.track('bought', context as never);
    for (const name of ['', 5, null, 'x'.repeat(2000)]) client.track(name as never);
    await client.close();
    for (const event of sink.events) expect(() => JSON.stringify(event)).not.toThrow();
    for (const { name } of sink.events) expect(name).toBe('bought');
    expect(sink.events.length + (client.status().exposures?.dropped ?? 0)).toBe(15);
  });

  it('is what it was then, whatever becomes of the object', async () => {
    const sink = memorySink();
    await start({ sink });
    const basket = { size: 1 };
    client.track('bought', undefined, { basket });
    basket.size = 2;
    await client.close();
    expect(sink.events).toMatchObject([{ attributes: { basket: { size: 1 } } }]);
  });
});

describe('a batch', () => {
  it('is not spoilt by a user whom no server takes', async () => {
    const sink = memorySink();
    await start({ sink });
    client.boolean('button', false, { targetingKey: 'x'.repeat(600) });
    client.boolean('button', false, { targetingKey: 'fine' });
    await client.close();
    expect(sink.exposures.map(({ user_id }) => user_id)).toEqual(['fine']);
    expect(client.status().exposures).toEqual({ pending: 0, dropped: 1 });
  });

  it('is never more than a server takes in one request', async () => {
    const sizes: number[] = [];
    const send = async ({ exposures }: Batch) => void sizes.push(Buffer.byteLength(JSON.stringify({ exposures })));
    await start({ sink: { send }, flushSize: 100_000, capacity: 100_000 });
    for (let user = 0; user < 2500; user += 1) {
      client.boolean('button', false, { targetingKey: `${user}`.padEnd(512, '語') });
    }
    await client.close();
    expect(sizes).toHaveLength(5);
    expect(Math.max(...sizes)).toBeLessThan(1024 * 1024);
  });

  it('is never more than a server takes, however much is told of what users do', async () => {
    const batches: Batch[] = [];
    await start({ sink: { send: async (batch) => void batches.push(batch) } });
    for (let at = 0; at < 100; at += 1) {
      client.track('bought', undefined, { at, basket: '語'.repeat(10_000) });
      client.boolean('button', false, { targetingKey: `u${at}` });
    }
    await client.close();
    const sizes = batches.map(({ exposures, events }) => Buffer.byteLength(JSON.stringify({ exposures, events })));
    expect(Math.max(...sizes)).toBeLessThan(1024 * 1024);
    expect(batches.flatMap(({ events }) => events.map(({ attributes }) => attributes?.at))).toEqual(
      Array.from({ length: 100 }, (_, at) => at),
    );
    expect(client.status().exposures).toEqual({ pending: 0, dropped: 0 });
  });

  it('is not spoilt by details that no server takes', async () => {
    const sink = memorySink();
    await start({ sink });
    let deep: unknown = 1;
    for (let level = 0; level < 64; level += 1) deep = [deep];
    client.track('large', undefined, { text: 'x'.repeat(100_000) });
    client.track('deep', undefined, { deep });
    client.track('fine', undefined, { text: 'x'.repeat(10_000), deep: [[[[1]]]] });
    await client.close();
    expect(sink.events.map(({ name }) => name)).toEqual(['fine']);
    expect(client.status().exposures).toEqual({ pending: 0, dropped: 2 });
  });

  it.each<[string, (user: string) => string]>([
    ['none', (async () => 'later') as never],
    ['made without a salt', saltedHash(undefined as never)],
    ['made with an empty salt', saltedHash('')],
  ])('holds no user whose hash is %s, and says so once', async (_, hashUser) => {
    const sink = memorySink();
    await start({ sink, hashUser });
    const errors: unknown[] = [];
    client.on('error', (error) => errors.push(error));
    for (const user of ['u', 'v']) client.boolean('button', false, { targetingKey: user });
    await client.close();
    expect(sink.exposures).toEqual([]);
    expect(client.status().exposures).toEqual({ pending: 0, dropped: 2 });
    const message = '`hashUser` gives no text of 1 to 512 characters: such exposures are let go';
    expect(errors).toEqual([{ code: 'exposures', message }]);
  });

  it('that the server will never take is counted as dropped, and the next one goes', async () => {
    const taken: string[] = [];
    let answer = 400;
    const { fetch } = network;
    await start(
      {},
      {
        fetch: async (input, init) => {
          if (!String(input).endsWith('/exposures')) return fetch(input, init);
          if (answer === 202) taken.push(String(init?.body));
          return new Response(null, { status: answer });
        },
      },
    );
    client.track('first');
    await time.advance(11 * SECOND);
    expect(client.status().exposures).toEqual({ pending: 0, dropped: 1 });
    answer = 202;
    client.track('second');
    await time.advance(11 * SECOND);
    expect(taken).toHaveLength(1);
  });
});

/** A network whose `/exposures` answer what the test says. */
function answering(answers: readonly Response[]): { readonly fetch: typeof fetch; readonly sent: string[] } {
  const sent: string[] = [];
  const { fetch } = network;
  return {
    sent,
    fetch: async (input, init) => {
      if (!String(input).endsWith('/exposures')) return fetch(input, init);
      const { events } = JSON.parse(String(init?.body));
      sent.push(`${new URL(String(input)).host} ${events.map(({ name }: { name: string }) => name)}`);
      return answers[sent.length - 1] ?? new Response(null, { status: 202 });
    },
  };
}

describe('a server', () => {
  it.each([400, 401, 403, 404, 409, 413, 422, 451])('that answers %i never blocks what comes after', async (status) => {
    const { fetch, sent } = answering([new Response(null, { status }), new Response(null, { status })]);
    await start({}, { fetch });
    const errors: unknown[] = [];
    client.on('error', (error) => errors.push(error));
    for (const name of ['first', 'second', 'third']) {
      client.track(name);
      await time.advance(11 * SECOND);
    }
    expect(sent).toEqual(['flags.test first', 'flags.test second', 'flags.test third']);
    expect(client.status()).toMatchObject({ state: 'READY', exposures: { pending: 0, dropped: 2 } });
    expect(errors).toEqual([
      {
        code: 'exposures',
        message: `exposures were refused and let go: http://flags.test/exposures answered ${status}`,
      },
    ]);
  });

  it.each<[number, string, number]>([
    [429, '120', 120],
    [503, '120', 120],
    [503, 'in 3 minutes', 180],
    [503, '99999999', 600],
    [500, 'soon', 0],
    [408, '', 0],
  ])('that answers %i with `Retry-After: %s` is left alone that long', async (status, text, seconds) => {
    const after = text === 'in 3 minutes' ? new Date(time.now() + 190 * SECOND).toUTCString() : text;
    const { fetch, sent } = answering([new Response(null, { status, headers: { 'retry-after': after } })]);
    await start({}, { fetch, random: () => 0.999 });
    client.track('once');
    await time.advance(10 * SECOND);
    expect(sent).toHaveLength(1);
    await time.advance(Math.max(seconds * SECOND - SECOND, 0));
    expect(sent).toHaveLength(1);
    await time.advance(3 * SECOND);
    expect(sent).toEqual(['flags.test once', 'flags.test once']);
    expect(client.status().exposures).toEqual({ pending: 0, dropped: 0 });
  });

  it('that wants to be left alone does not keep another one from being asked', async () => {
    const { fetch, sent } = answering([new Response(null, { status: 503, headers: { 'retry-after': '300' } })]);
    await start({}, { fetch, urls: ['http://one.test', 'http://two.test'] });
    client.track('once');
    await time.advance(12 * SECOND);
    expect(sent).toEqual(['one.test once', 'two.test once']);
  });

  it('that cannot be reached is tried again', async () => {
    let failures = 2;
    const { fetch } = network;
    const failing: typeof fetch = async (input, init) => {
      if (!String(input).endsWith('/exposures')) return fetch(input, init);
      failures -= 1;
      if (failures >= 0) throw new TypeError('fetch failed');
      return new Response(null, { status: 202 });
    };
    await start({}, { fetch: failing });
    client.track('once');
    await time.advance(30 * SECOND);
    expect(client.status().exposures).toEqual({ pending: 0, dropped: 0 });
    expect(failures).toBe(-1);
  });
});

describe('an event before there are definitions', () => {
  it('is counted as dropped: nobody knows its environment', async () => {
    const sink = memorySink();
    network.snapshot = () => new Response(null, { status: 503 });
    network.stream = () => new Response(null, { status: 503 });
    await start({ sink });
    client.track('early');
    expect(client.status().exposures).toEqual({ pending: 0, dropped: 1 });
  });
});

describe('closing', () => {
  it('waits 5 s at most for a sink that neither takes nor closes', async () => {
    const never = () => new Promise<void>(() => undefined);
    await start({ sink: { send: never, close: never } });
    client.track('bought');
    let isClosed = false;
    void client.close().then(() => {
      isClosed = true;
    });
    await time.advance(4.9 * SECOND);
    expect(isClosed).toBe(false);
    await time.advance(0.2 * SECOND);
    expect(isClosed).toBe(true);
    expect(client.status().exposures).toEqual({ pending: 1, dropped: 1 });
    expect(time.timers).toBe(0);
  });

  it('does not reject when the sink throws where it should reject', async () => {
    const close = () => {
      throw new Error('no');
    };
    await start({ sink: { send: async () => undefined, close } });
    await client.close();
    expect(time.timers).toBe(0);
  });

  it('leaves no timer behind, though evaluating goes on', async () => {
    await start({ sink: memorySink() });
    await client.close();
    client.boolean('button', false, { targetingKey: 'u' });
    expect(time.timers).toBe(0);
  });
});
