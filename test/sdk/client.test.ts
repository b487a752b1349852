import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pauseAfter } from '../../src/sdk/backoff.js';
import { changedKeys } from '../../src/sdk/changes.js';
import { FlagstaffClient, type NodeClientOptions } from '../../src/sdk/index.js';
import { projectDirectory } from '../built.js';
import { fillFlag, fillSegment } from '../conformance/load.js';
import { flag } from '../project/files.js';
import { keyRingOf, makeKey } from '../server/serving.js';
import { definitionsOf, Network } from './network.js';
import { serveStreams } from './streaming.js';
import { settled } from './virtual-time.js';

let network: Network;
let client: FlagstaffClient;

async function start(options: NodeClientOptions = {}): Promise<void> {
  client = new FlagstaffClient({ url: 'http://flags.test', fetch: network.fetch, ...options });
  await client.ready();
}

beforeEach(() => {
  network = new Network();
  network.definitions = definitionsOf({
    banner: { default: 'on', metadata: { ticket: 'PAY-1' } },
    size: { type: 'number', default: 'big', variants: { big: 50 } },
    theme: { type: 'json', default: 'dark', variants: { dark: { colour: 'black' } } },
    none: { default: null },
    odd: { rules: [{ name: 'r', serve: 'on', conditions: [{ operator: 'in_segment', value: 'nobody-knows' }] }] },
  });
});

afterEach(() => client.close());

describe('an answer', () => {
  it('is the value with the way to it', async () => {
    await start();
    expect(client.booleanDetails('banner', false)).toEqual({
      flag: 'banner',
      value: true,
      variant: 'on',
      reason: 'STATIC',
      version: network.id,
      metadata: { ticket: 'PAY-1' },
    });
    expect([client.number('size', 1), client.json('theme', {})]).toEqual([50, { colour: 'black' }]);
  });

  it('is the default of the call, else that of the constructor, else nothing', async () => {
    await start({ defaults: { gone: true, none: true, size: 'not a number', banner: false } });
    expect([client.boolean('gone', false), client.boolean('gone'), client.boolean('nowhere')]).toEqual([
      false,
      true,
      undefined,
    ]);
    expect(client.booleanDetails('gone')).toMatchObject({
      value: true,
      reason: 'ERROR_FALLBACK',
      errorCode: 'FLAG_NOT_FOUND',
    });
    expect(client.booleanDetails('none')).toMatchObject({ value: true, variant: null, reason: 'STATIC' });
    expect(client.string('size', 'small')).toBe('small');
    expect(client.boolean('size')).toBeUndefined();
    expect(client.boolean('banner')).toBe(true);
  });

  it('is the default where the flag has another type, or cannot be evaluated', async () => {
    await start();
    expect(client.numberDetails('banner', 7)).toMatchObject({
      value: 7,
      variant: null,
      reason: 'ERROR_FALLBACK',
      errorCode: 'TYPE_MISMATCH',
      errorMessage: 'the flag is of type boolean, not number',
    });
    expect(client.jsonDetails('banner', { mine: 1 })).toMatchObject({ value: { mine: 1 }, errorCode: 'TYPE_MISMATCH' });
    expect(client.booleanDetails('odd', true)).toMatchObject({ value: true, errorCode: 'GENERAL' });
  });

  it('is the default while there is nothing, and says so', () => {
    client = new FlagstaffClient({ url: 'http://flags.test', fetch: network.fetch, defaults: { banner: true } });
    expect(client.status()).toEqual({ state: 'NOT_READY', source: 'defaults' });
    expect([client.boolean('banner'), client.boolean('banner', false), client.allFlags()]).toEqual([true, false, []]);
    expect(client.booleanDetails('banner')).toMatchObject({
      reason: 'ERROR_FALLBACK',
      errorCode: 'PROVIDER_NOT_READY',
    });
  });

  it('never throws, whatever the context does', async () => {
    await start();
    const evil = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: () => {
          throw new Error('evil');
        },
      },
    );
    const contexts = [null, 7, 'text', [], evil, { targetingKey: Symbol('x') }, { toJSON: () => null }] as never[];
    for (const context of contexts) {
      for (const { key } of network.definitions.flags)
        expect(() => client.booleanDetails(key, true, context)).not.toThrow();
      expect(() => client.allFlags(context)).not.toThrow();
    }
  });

  it('can be had for all flags at once, and for one or the other function', async () => {
    await start({ defaults: { none: false } });
    expect(client.allFlags().map(({ flag: key, value }) => [key, value])).toEqual([
      ['banner', true],
      ['none', false],
      ['odd', undefined],
      ['size', 50],
      ['theme', { colour: 'black' }],
    ]);
    expect(client.withFlag('banner', { on: () => 'new', off: () => 'old' })).toBe('new');
    expect(await client.withFlag('nowhere', { on: async () => 'new', off: async () => 'old' })).toBe('old');
  });
});

describe('a listener', () => {
  it('that throws or rejects harms nobody, and can stop listening', async () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', note);
    await start();
    const seen: unknown[] = [];
    client.on('changed', () => {
      throw new Error('mine');
    });
    client.on('changed', () => Promise.reject(new Error('mine')));
    const stop = client.on('changed', ({ keys }) => seen.push(keys));
    network.publish(definitionsOf({ banner: { default: 'off' } }));
    await settled();
    expect(seen).toEqual([['banner', 'none', 'odd', 'size', 'theme']]);
    stop();
    network.publish(definitionsOf({}));
    await settled();
    expect(seen).toHaveLength(1);
    expect(rejections).toEqual([]);
    process.off('unhandledRejection', note);
  });
});

describe('the constructor', () => {
  it.each<[string, NodeClientOptions, string]>([
    ['no server', {}, 'there is no `url`'],
    ['something else', { url: 'flags.example.com' }, 'a `url` is not one of a server'],
    ['credentials in a URL', { url: 'https://me:secret@flags.test' }, 'a `url` is not one of a server'],
    ['exposures that are none', { url: 'http://flags.test', exposures: true as never }, '`exposures` is no object'],
    ['a time that is none', { url: 'http://flags.test', pollInterval: -1 }, '`pollInterval` is no positive number'],
    ['a bootstrap that is none', { bootstrap: '<html>' }, 'the bootstrap is not used: something else than JSON'],
  ])('tells what makes no sense instead of throwing: %s', async (_, options, message) => {
    network.snapshot = () => new Promise(() => undefined);
    client = new FlagstaffClient({ fetch: network.fetch, ...options });
    const told: object[] = [];
    client.on('error', (error) => told.push(error));
    await settled();
    expect(told).toMatchObject([{ code: 'options', message: expect.stringContaining(message) }]);
    expect(JSON.stringify([told, client.status()])).not.toContain('secret');
    expect(client.boolean('banner', true)).toBe(true);
  });

  it('takes exactly the options that the documentation lists', async () => {
    const documented = (await readFile(`${projectDirectory}docs/sdk.md`, 'utf8'))
      .split('\n## ')
      .find((part) => part.startsWith('Options'));
    const listed = [...(documented ?? '').matchAll(/^\| ((?:`\w+` ?)+)\|/gm)].flatMap(
      ([, names]) => names?.match(/\w+/g) ?? [],
    );
    const all: Record<keyof NodeClientOptions, true> = {
      url: true,
      urls: true,
      key: true,
      environment: true,
      bootstrap: true,
      cacheFile: true,
      cache: true,
      defaults: true,
      initTimeout: true,
      staleAfter: true,
      pollAfter: true,
      pollInterval: true,
      requestTimeout: true,
      readTimeout: true,
      backoff: true,
      maxSize: true,
      exposures: true,
      fetch: true,
      time: true,
      random: true,
    };
    expect(listed.sort()).toEqual(Object.keys(all).sort());
  });
});

describe('with keys', () => {
  it('sees the environment of its key, and is refused with another', async () => {
    const [key, stored] = makeKey(1, { role: 'server', environment: 'production' });
    const server = await serveStreams({ 'banner.flag.yaml': flag('banner') }, { keyRing: keyRingOf([stored]) });
    client = new FlagstaffClient({ url: server.url, key });
    await client.ready();
    expect(client.status()).toMatchObject({ state: 'READY', environment: 'production' });
    const other = new FlagstaffClient({ url: server.url, key: `${key}x`, initTimeout: 500 });
    await other.ready();
    expect(other.status()).toMatchObject({ state: 'ERROR', error: { code: 'refused' } });
    expect(JSON.stringify(other.status())).not.toContain(key);
    await other.close();
    await server.close();
  });
});

describe('what changed', () => {
  beforeEach(() => start());

  it('is what differs, and all that asks about it', () => {
    const asks = (segment: string) => [
      { name: 'r', serve: 'on', conditions: [{ not: { operator: 'in_segment', value: segment } as const }] },
    ];
    const before = {
      environment: 'e',
      flags: [
        fillFlag({ key: 'by-segment', type: 'boolean', default: 'off', rules: asks('child') }),
        fillFlag({
          key: 'by-flag',
          type: 'boolean',
          default: 'off',
          prerequisites: [{ flag: 'by-segment', variants: ['on'] }],
        }),
        fillFlag({ key: 'plain', type: 'boolean', default: 'off' }),
        fillFlag({ key: 'gone', type: 'boolean', default: 'off' }),
      ],
      segments: [
        fillSegment({ key: 'parent', included: ['a'] }),
        fillSegment({ key: 'child', parent: 'parent', included: ['a'] }),
      ],
    };
    const [parent, child] = before.segments;
    const after = { ...before, flags: before.flags.slice(0, 3), segments: [{ ...parent, included: ['b'] }, child] };
    expect(changedKeys(before, after as typeof before)).toEqual(['by-flag', 'by-segment', 'gone']);
    expect(changedKeys(before, structuredClone(before))).toEqual([]);
  });
});

describe('a thousand clients that lose their server at once', () => {
  it('spread over the window, attempt by attempt', async () => {
    await start();
    const pace = { min: 1000, max: 30_000 };
    for (const [failures, window] of [
      [1, 1000],
      [3, 4000],
      [9, 30_000],
    ] as const) {
      const pauses = Array.from({ length: 1000 }, () => pauseAfter({ failures, refused: false }, pace, Math.random));
      const tenths = Array.from(
        { length: 10 },
        (_, tenth) => pauses.filter((pause) => Math.floor((pause / window) * 10) === tenth).length,
      );
      // 100 on average with a standard deviation of 9.5: seven of them either way are beyond any chance.
      expect(Math.min(...tenths)).toBeGreaterThan(33);
      expect(Math.max(...tenths)).toBeLessThan(167);
      expect(tenths.reduce((sum, count) => sum + count, 0)).toBe(1000);
    }
  });
});
