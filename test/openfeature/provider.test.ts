import {
  ErrorCode,
  type EvaluationContext,
  type EvaluationDetails,
  type JsonValue,
  OpenFeature,
  ProviderEvents,
  ProviderStatus,
} from '@openfeature/server-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { FlagstaffProvider, type ProviderOptions } from '../../src/openfeature/index.js';
import { FlagstaffClient } from '../../src/sdk/index.js';
import { inMemoryClient } from '../../src/testing/index.js';
import { encodeSnapshot } from '../../src/wire/batch.js';
import { fillFlag } from '../conformance/load.js';
import { serveStreams } from '../sdk/streaming.js';

afterEach(async () => {
  await OpenFeature.clearProviders();
  OpenFeature.clearHandlers();
  OpenFeature.clearHooks();
});

const VALUES = { yes: true, word: 'hello', count: 42, config: { a: [1, null] }, list: [1, 2] };

async function clientOf(values: Readonly<Record<string, JsonValue>> = VALUES, options: ProviderOptions = {}) {
  const memory = inMemoryClient(values as Parameters<typeof inMemoryClient>[0]);
  const provider = new FlagstaffProvider(memory, options);
  await OpenFeature.setProviderAndWait(provider);
  return { memory, provider, client: OpenFeature.getClient() };
}

/** Lets timers of no length run. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A server that is not there: nothing listens on the port of a server that was closed. */
async function nowhere(): Promise<string> {
  const { url, close } = await serveStreams({ 'flagstaff.yaml': 'environments: [production]\n' });
  await close();
  return url;
}

describe('OpenFeature 2, providers: the Flagstaff provider', () => {
  it('2.1.1 has a name', () => {
    expect(new FlagstaffProvider(inMemoryClient()).metadata.name).toBe('flagstaff');
    expect(new FlagstaffProvider(inMemoryClient()).runsOn).toBe('server');
  });

  it('2.2.1, 2.2.2.1 and 2.2.8.1: resolves booleans, strings, numbers and structures, typed', async () => {
    const { client } = await clientOf();
    const [yes, word, count]: [boolean, string, number] = [
      await client.getBooleanValue('yes', false),
      await client.getStringValue('word', ''),
      await client.getNumberValue('count', 0),
    ];
    const config = await client.getObjectValue<{ a: (number | null)[] }>('config', { a: [] });
    expect([yes, word, count, config]).toEqual([true, 'hello', 42, { a: [1, null] }]);
    expect(await client.getObjectValue('list', [0])).toEqual([1, 2]);
  });

  it('2.2.3, 2.2.4, 2.2.6 and 2.3.2: gives value and variant, and neither code nor message of an error', async () => {
    const { client } = await clientOf();
    const details = await client.getBooleanDetails('yes', false);
    expect(details).toMatchObject({ flagKey: 'yes', value: true, variant: 'on', reason: 'STATIC' });
    expect(details).not.toHaveProperty('errorCode');
    expect(details).not.toHaveProperty('errorMessage');
  });

  it.each<[string, Partial<Parameters<typeof fillFlag>[0]>, EvaluationContext, string]>([
    ['STATIC', {}, {}, 'STATIC'],
    ['TARGETING_MATCH', { overrides: { on: ['ada'] } }, { targetingKey: 'ada' }, 'OVERRIDE'],
    ['SPLIT', { rollout: { split: [{ variant: 'on', percent: 50 }] } }, { targetingKey: 'ada' }, 'SPLIT'],
    ['DEFAULT', { overrides: { on: ['ada'] } }, { targetingKey: 'bob' }, 'DEFAULT'],
    ['DISABLED', { enabled: false }, {}, 'DISABLED'],
    ['DISABLED', { starts_at: '2999-01-01' }, {}, 'INACTIVE'],
  ])('2.2.5 says why: %s', async (reason, written, context, precise) => {
    const flag = fillFlag({ key: 'flag', type: 'boolean', default: 'off', ...written });
    const bootstrap = encodeSnapshot(
      { environment: 'production', flags: [flag], segments: [] },
      'v1',
      '1-0-000000000000',
    );
    await OpenFeature.setProviderAndWait(new FlagstaffProvider({ bootstrap }));
    const details = await OpenFeature.getClient().getBooleanDetails('flag', true, context);
    expect(details.reason).toBe(reason);
    expect(details.flagMetadata['flagstaff.reason']).toBe(precise);
  });

  it('2.2.5 says that an answer may be out of date: STALE', async () => {
    const { memory, client } = await clientOf();
    memory.pretend('STALE');
    const details = await client.getBooleanDetails('yes', false);
    expect(details).toMatchObject({ value: true, variant: 'on', reason: 'STALE' });
    expect(details.flagMetadata['flagstaff.reason']).toBe('STATIC');
  });

  it.each<
    [ErrorCode, string, (client: ReturnType<typeof OpenFeature.getClient>) => Promise<EvaluationDetails<JsonValue>>]
  >([
    [ErrorCode.FLAG_NOT_FOUND, 'there is no such flag', (client) => client.getStringDetails('gone', 'otherwise')],
    [ErrorCode.TYPE_MISMATCH, 'the flag is of type boolean', (client) => client.getStringDetails('yes', 'otherwise')],
    [ErrorCode.TYPE_MISMATCH, 'the flag is of type json', (client) => client.getStringDetails('config', 'otherwise')],
  ])('2.2.7 and 2.3.3: in place of throwing says %s', async (code, message, ask) => {
    const { client } = await clientOf();
    const details = await ask(client);
    expect(details).toMatchObject({ value: 'otherwise', reason: 'ERROR', errorCode: code });
    expect(details.errorMessage).toContain(message);
    expect(details).not.toHaveProperty('variant');
  });

  it('2.2.7 gives the default and PROVIDER_NOT_READY when nobody has initialized it', async () => {
    const provider = new FlagstaffProvider(inMemoryClient(VALUES));
    const expected = { value: false, reason: 'ERROR', errorCode: ErrorCode.PROVIDER_NOT_READY };
    expect(await provider.resolveBooleanEvaluation('yes', false, {})).toMatchObject(expected);
  });

  it('serves without an error where a split lacks its unit, and says so in the metadata', async () => {
    const rollout = { split: [{ variant: 'on', percent: 50 }] };
    const flag = fillFlag({ key: 'flag', type: 'boolean', default: 'off', rollout });
    const bootstrap = encodeSnapshot(
      { environment: 'production', flags: [flag], segments: [] },
      'v1',
      '1-0-000000000000',
    );
    await OpenFeature.setProviderAndWait(new FlagstaffProvider({ bootstrap }));
    const details = await OpenFeature.getClient().getBooleanDetails('flag', true);
    expect(details).toMatchObject({ value: false, variant: 'off', reason: 'DEFAULT' });
    expect(details.flagMetadata['flagstaff.errorCode']).toBe('TARGETING_KEY_MISSING');
  });

  it('2.2.9 and 2.2.10: tells the version, the set, the rule and the flag’s own metadata, all of them primitives', async () => {
    const rules = [
      { name: 'Dutch', conditions: [{ attribute: 'country', operator: 'eq' as const, value: 'NL' }], serve: 'on' },
    ];
    const metadata = { ticket: 'PAY-1', weight: 3, urgent: true, 'flagstaff.rule': 'forged' };
    const flag = fillFlag({ key: 'flag', type: 'boolean', default: 'off', rules, metadata });
    const bootstrap = encodeSnapshot(
      { environment: 'production', flags: [flag], segments: [] },
      'abc',
      '1-0-000000000000',
    );
    await OpenFeature.setProviderAndWait(new FlagstaffProvider({ bootstrap }));
    const { flagMetadata } = await OpenFeature.getClient().getBooleanDetails('flag', false, { country: 'NL' });
    expect(flagMetadata).toEqual({
      version: 'abc',
      flagSetId: 'production',
      ticket: 'PAY-1',
      weight: 3,
      urgent: true,
      'flagstaff.reason': 'TARGETING_MATCH',
      'flagstaff.rule': 'Dutch',
    });
  });

  it('3.1.3: reads dates of a context as flags do, at any depth, and leaves the context as it is', async () => {
    const condition = (attribute: string) => ({ attribute, operator: 'date_before' as const, value: '2026-06-01' });
    const rules = [{ name: 'old', conditions: [condition('since'), condition('company.since')], serve: 'on' }];
    const flag = fillFlag({ key: 'flag', type: 'boolean', default: 'off', rules });
    const bootstrap = encodeSnapshot(
      { environment: 'production', flags: [flag], segments: [] },
      'v1',
      '1-0-000000000000',
    );
    await OpenFeature.setProviderAndWait(new FlagstaffProvider({ bootstrap }));
    const client = OpenFeature.getClient();
    const since = new Date('2026-01-01');
    expect(await client.getBooleanValue('flag', false, { since, company: { since, tags: [since] } })).toBe(true);
    expect(await client.getBooleanValue('flag', true, { since: new Date('2027-01-01'), company: { since } })).toBe(
      false,
    );
    expect(await client.getBooleanValue('flag', true, { since: new Date(Number.NaN), company: { since } })).toBe(false);
    expect(since).toBeInstanceOf(Date);
  });

  it('2.3.1 and 4: leaves hooks to the application, which see what was decided and why', async () => {
    const { client } = await clientOf();
    const seen: unknown[] = [];
    client.addHooks({
      before: () => ({ plan: 'pro' }),
      after: (_, { value, variant, flagMetadata }) => void seen.push([value, variant, flagMetadata.flagSetId]),
      error: (_, error) => void seen.push((error as { code?: string }).code),
    });
    await client.getBooleanValue('yes', false);
    await client.getBooleanValue('gone', false);
    expect(seen).toEqual([[true, 'on', 'test'], 'FLAG_NOT_FOUND']);
  });

  it('2.4.1 initializes: a server is asked before the first evaluation', async () => {
    const server = await serveStreams({
      'flagstaff.yaml': 'environments: [production]\n',
      'flag.flag.yaml': 'key: flag\ntype: string\nvariants: { a: x }\ndefault: a\n',
    });
    await OpenFeature.setProviderAndWait(new FlagstaffProvider({ url: server.url }));
    const details = await OpenFeature.getClient().getStringDetails('flag', '');
    expect(details).toMatchObject({ value: 'x', flagMetadata: { version: server.store.current?.revision.version } });
    await OpenFeature.clearProviders();
    await server.close();
  });

  it('lets an application start when no server answers: defaults, and an ERROR event', async () => {
    const events: string[] = [];
    OpenFeature.addHandler(ProviderEvents.Error, (details) => void events.push(String(details?.message)));
    await OpenFeature.setProviderAndWait(new FlagstaffProvider({ url: await nowhere(), initTimeout: 50 }));
    await soon();
    const client = OpenFeature.getClient();
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(events.length).toBeGreaterThan(0);
    const details = await client.getBooleanDetails('flag', true);
    expect(details).toMatchObject({ value: true, reason: 'ERROR', errorCode: ErrorCode.PROVIDER_NOT_READY });
  });

  it('2.4.2.1 fails to initialize when it is told to, if no server answers', async () => {
    const provider = new FlagstaffProvider({ url: await nowhere(), initTimeout: 50 }, { rejectWhenNotReady: true });
    await expect(OpenFeature.setProviderAndWait(provider)).rejects.toMatchObject({
      code: ErrorCode.PROVIDER_NOT_READY,
    });
    expect(OpenFeature.getClient().providerStatus).toBe(ProviderStatus.ERROR);
  });

  it('says PROVIDER_FATAL when its options make no sense', async () => {
    await OpenFeature.setProviderAndWait(new FlagstaffProvider({ url: 'ftp://example.com', initTimeout: 50 }));
    await soon();
    expect(OpenFeature.getClient().providerStatus).toBe(ProviderStatus.FATAL);
    expect(await OpenFeature.getClient().getNumberValue('flag', 3)).toBe(3);
  });

  it('2.5.1 and 2.5.2: shuts down, is not ready from then on, and may be initialized again', async () => {
    const flag = fillFlag({ key: 'flag', type: 'boolean', default: 'on' });
    const bootstrap = encodeSnapshot(
      { environment: 'production', flags: [flag], segments: [] },
      'v1',
      '1-0-000000000000',
    );
    const provider = new FlagstaffProvider({ bootstrap });
    await OpenFeature.setProviderAndWait(provider);
    await OpenFeature.clearProviders();
    const closed = await provider.resolveBooleanEvaluation('flag', false, {});
    expect(closed).toMatchObject({ value: false, errorCode: ErrorCode.PROVIDER_NOT_READY });
    await OpenFeature.setProviderAndWait(provider);
    expect(await OpenFeature.getClient().getBooleanValue('flag', false)).toBe(true);
  });

  it('leaves a client open that it was given', async () => {
    const client = new FlagstaffClient({ bootstrap: {}, url: await nowhere(), defaults: { a: true } });
    let closed = false;
    client.close = async () => {
      closed = true;
    };
    const provider = new FlagstaffProvider(client);
    await provider.onClose();
    expect(closed).toBe(false);
  });

  it('2.7.1 and 6: takes tracking events', async () => {
    const { memory, client } = await clientOf();
    const tracked: unknown[] = [];
    memory.track = (...event) => void tracked.push(event);
    client.track('checkout', { targetingKey: 'ada' }, { value: 12, currency: 'EUR' });
    expect(tracked).toEqual([['checkout', { targetingKey: 'ada' }, { value: 12, currency: 'EUR' }]]);
  });
});

describe('OpenFeature 5, events: the Flagstaff provider', () => {
  it('5.3.1 and 5.3.3: is READY once, whoever listens early or late', async () => {
    let ready = 0;
    OpenFeature.addHandler(ProviderEvents.Ready, () => {
      ready += 1;
    });
    await soon();
    const before = ready;
    const { client } = await clientOf();
    await soon();
    expect(ready).toBe(before + 1);
    let late = 0;
    client.addHandler(ProviderEvents.Ready, () => {
      late += 1;
    });
    await soon();
    expect(late).toBe(1);
  });

  it('5.1.1 and 5.1.2: tells which flags have changed, and when it is stale, and ready again', async () => {
    const { memory, client } = await clientOf();
    const seen: unknown[] = [];
    client.addHandler(ProviderEvents.ConfigurationChanged, (details) => void seen.push(details?.flagsChanged));
    client.addHandler(ProviderEvents.Stale, () => void seen.push(client.providerStatus));
    memory.set('word', 'bye');
    memory.set('word', 'bye');
    memory.pretend('STALE');
    client.addHandler(ProviderEvents.Ready, () => void seen.push(client.providerStatus));
    memory.pretend('READY');
    await soon();
    expect(seen).toEqual([['word'], ProviderStatus.STALE, ProviderStatus.READY]);
  });

  it('5.1.3: reaches the clients of its own domain alone', async () => {
    const [first, second] = [inMemoryClient({ a: 1 }), inMemoryClient({ a: 2 })];
    await OpenFeature.setProviderAndWait('first', new FlagstaffProvider(first));
    await OpenFeature.setProviderAndWait('second', new FlagstaffProvider(second));
    const seen: string[] = [];
    for (const domain of ['first', 'second']) {
      OpenFeature.getClient(domain).addHandler(ProviderEvents.ConfigurationChanged, () => void seen.push(domain));
    }
    first.set('a', 3);
    await soon();
    expect(seen).toEqual(['first']);
    expect(await OpenFeature.getClient('first').getNumberValue('a', 0)).toBe(3);
    expect(await OpenFeature.getClient('second').getNumberValue('a', 0)).toBe(2);
  });

  it('5.1.4 and 5.2.3: an ERROR says what is wrong, and with whom', async () => {
    const { memory, client } = await clientOf();
    const seen: unknown[] = [];
    client.addHandler(ProviderEvents.Error, (details) => void seen.push([details?.providerName, details?.message]));
    memory.pretend('ERROR');
    await soon();
    expect(seen).toEqual([['flagstaff', 'no server can be reached, says the test']]);
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
  });

  it('5.2.5: a handler that throws harms neither the others nor the client', async () => {
    const { memory, client } = await clientOf();
    let calls = 0;
    client.addHandler(ProviderEvents.ConfigurationChanged, () => {
      throw new Error('of the application');
    });
    client.addHandler(ProviderEvents.ConfigurationChanged, () => {
      calls += 1;
    });
    memory.set('word', 'bye');
    await soon();
    expect(calls).toBe(1);
  });

  it('is STALE right after READY, when its client was stale before it came', async () => {
    const memory = inMemoryClient(VALUES);
    memory.pretend('STALE');
    await OpenFeature.setProviderAndWait(new FlagstaffProvider(memory));
    await soon();
    expect(OpenFeature.getClient().providerStatus).toBe(ProviderStatus.STALE);
  });

  it('tells nothing any more once it is closed', async () => {
    const { memory, provider } = await clientOf();
    let calls = 0;
    provider.events.addHandler(ProviderEvents.ConfigurationChanged, () => {
      calls += 1;
    });
    memory.set('word', 'one');
    await OpenFeature.clearProviders();
    memory.set('word', 'two');
    await soon();
    expect(calls).toBe(1);
  });

  it('follows a server: flags that change there are told here', async () => {
    const files = {
      'flagstaff.yaml': 'environments: [production]\n',
      'a.flag.yaml': 'key: a\ntype: boolean\ndefault: off\n',
      'b.flag.yaml': 'key: b\ntype: boolean\ndefault: off\n',
    };
    const server = await serveStreams(files);
    await OpenFeature.setProviderAndWait(new FlagstaffProvider({ url: server.url }));
    const client = OpenFeature.getClient();
    const changed = new Promise((resolve) => {
      client.addHandler(ProviderEvents.ConfigurationChanged, (details) => resolve(details?.flagsChanged));
    });
    await soon();
    server.publish({ 'a.flag.yaml': 'key: a\ntype: boolean\ndefault: on\n' });
    expect(await changed).toEqual(['a']);
    expect(await client.getBooleanValue('a', false)).toBe(true);
    await OpenFeature.clearProviders();
    await server.close();
  });
});
