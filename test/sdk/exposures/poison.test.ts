import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Flag } from '../../../src/model/flag.js';
import { type ClientOptions, FlagstaffClient, memorySink } from '../../../src/sdk/index.js';
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

  it('holds no user whose hash is none', async () => {
    const sink = memorySink();
    await start({ sink, hashUser: (async () => 'later') as never });
    client.boolean('button', false, { targetingKey: 'u' });
    await client.close();
    expect(sink.exposures).toEqual([]);
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
