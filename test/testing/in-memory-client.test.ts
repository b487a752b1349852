import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.js';
import { memorySink } from '../../src/sdk/index.js';
import { booleanFlag, jsonFlag, stringFlagWithoutDefault } from '../../src/sdk/typed-flag.js';
import { inMemoryClient } from '../../src/testing/index.js';

const onePage = booleanFlag('checkout.one-page', false);
const theme = jsonFlag<{ readonly colour: string }>('theme', { colour: 'blue' });
const greeting = stringFlagWithoutDefault('greeting');

describe('the client for tests', () => {
  it('serves what it was told, and defaults for the rest', async () => {
    const client = inMemoryClient({ yes: true, word: 'hi', count: 2, list: [1, null] });
    await client.ready();
    expect(client.boolean('yes', false)).toBe(true);
    expect(client.string('word', '')).toBe('hi');
    expect(client.number('count', 0)).toBe(2);
    expect(client.json('list', [])).toEqual([1, null]);
    expect(client.string('gone', 'otherwise')).toBe('otherwise');
    expect(client.stringDetails('yes', 'otherwise')).toMatchObject({ value: 'otherwise', errorCode: 'TYPE_MISMATCH' });
    expect(client.status()).toEqual({ state: 'READY', source: 'memory', version: 'memory-1', environment: 'test' });
    expect(client.allFlags().map(({ flag, value }) => [flag, value])).toEqual([
      ['count', 2],
      ['list', [1, null]],
      ['word', 'hi'],
      ['yes', true],
    ]);
  });

  it('tells what is tracked to the sink that it was given', async () => {
    const sink = memorySink();
    const client = inMemoryClient({ yes: true }, { exposures: { sink } });
    client.boolean('yes', false, { targetingKey: 'u1' });
    client.track('bought', { targetingKey: 'u1' }, { value: 3 });
    client.pretend('ERROR');
    client.track('nowhere');
    expect(client.status().exposures).toEqual({ pending: 1, dropped: 1 });
    await client.close();
    expect(sink.exposures).toEqual([]);
    expect(sink.events).toMatchObject([{ name: 'bought', user_id: 'u1', value: 3, environment: 'test' }]);
  });

  it('takes typed flags, whose values the compiler knows', () => {
    const client = inMemoryClient();
    expect([onePage.get(client), theme.get(client), greeting.get(client, 'hello')]).toEqual([
      false,
      { colour: 'blue' },
      'hello',
    ]);
    client.set(onePage, true);
    client.set(theme, { colour: 'green' });
    client.set(greeting, 'bye');
    expect(onePage.details(client)).toMatchObject({ value: true, variant: 'on', reason: 'STATIC' });
    expect(theme.get(client)).toEqual({ colour: 'green' });
    expect(greeting.details(client, '').value).toBe('bye');
    expect(onePage.withFlag(client, { on: () => 'new', off: () => 'old' })).toBe('new');
  });

  it('serves some contexts something else, the newest that matches first', () => {
    const client = inMemoryClient({ word: 'everyone' });
    client.set('word', 'pro', { for: { plan: 'pro' } });
    client.set('word', 'ada', { for: { targetingKey: 'ada', plan: 'pro' } });
    expect(client.string('word', '', { targetingKey: 'ada', plan: 'pro' })).toBe('ada');
    expect(client.string('word', '', { targetingKey: 'bob', plan: 'pro' })).toBe('pro');
    expect(client.stringDetails('word', '', { plan: 'free' })).toMatchObject({ value: 'everyone', reason: 'DEFAULT' });
    client.set('word', 'all');
    expect(client.string('word', '', { targetingKey: 'ada', plan: 'pro' })).toBe('all');
  });

  it('leaves to the caller what it was told for others only', () => {
    const client = inMemoryClient();
    client.set(onePage, true, { for: { targetingKey: 'ada' } });
    expect(onePage.get(client, { targetingKey: 'ada' })).toBe(true);
    expect(client.boolean('checkout.one-page', true, { targetingKey: 'bob' })).toBe(true);
    expect(client.boolean('checkout.one-page', false, { targetingKey: 'bob' })).toBe(false);
  });

  it('refuses values of two types for one flag, and nothing has changed then', () => {
    const client = inMemoryClient({ word: 'hi' });
    expect(() => client.set('word', 1, { for: { plan: 'pro' } })).toThrow('flag `word` is of type string, not number');
    expect(client.string('word', '', { plan: 'pro' })).toBe('hi');
  });

  it('goes back to what it began with', () => {
    const client = inMemoryClient({ a: 1, b: 1 });
    for (const key of ['a', 'b', 'c']) client.set(key, 2);
    client.reset('a');
    expect([client.number('a', 0), client.number('b', 0), client.number('c', 0)]).toEqual([1, 2, 2]);
    client.reset();
    expect([client.number('a', 0), client.number('b', 0), client.number('c', 0)]).toEqual([1, 1, 0]);
    client.set(onePage, true);
    client.reset(onePage);
    expect(onePage.get(client)).toBe(false);
  });

  it('tells what has changed, and nothing when nothing has', async () => {
    const client = inMemoryClient({ a: 1 });
    const seen: unknown[] = [];
    const end = client.on('changed', ({ keys }) => seen.push(keys));
    client.on('changed', () => {
      throw new Error('of the application');
    });
    client.set('a', 1);
    client.set('a', 2);
    client.set('b', 2);
    client.reset();
    end();
    client.set('a', 3);
    expect(seen).toEqual([['a'], ['b'], ['a', 'b']]);
    await client.close();
    expect(client.number('a', 0)).toBe(3);
  });

  it('looks like a client whose server does not answer, if it is told to', () => {
    const client = inMemoryClient({ a: 1 });
    const seen: string[] = [];
    for (const name of ['ready', 'stale', 'error'] as const) client.on(name, () => seen.push(name));
    client.pretend('STALE');
    expect(client.numberDetails('a', 0)).toMatchObject({ value: 1, stale: true });
    client.pretend('ERROR');
    expect(client.numberDetails('a', 0)).toMatchObject({ value: 0, errorCode: 'PROVIDER_NOT_READY' });
    expect(client.status()).toMatchObject({ state: 'ERROR', source: 'defaults', error: { code: 'unreachable' } });
    client.pretend('NOT_READY');
    client.pretend('READY');
    client.pretend('READY');
    expect(client.numberDetails('a', 0)).not.toHaveProperty('stale');
    expect(seen).toEqual(['stale', 'error', 'ready']);
  });

  it('serves any value to exactly those it is for', () => {
    const value = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    fc.assert(
      fc.property(fc.string(), value, fc.jsonValue(), (attribute, matching, served) => {
        fc.pre(attribute !== '' && attribute !== 'targetingKey' && attribute !== '__proto__');
        const client = inMemoryClient();
        client.set(jsonFlag<Json>('flag', null), served as Json, { for: { [attribute]: matching } });
        expect(client.jsonDetails('flag', 'otherwise', { [attribute]: matching }).variant).toBe('case-1');
        expect(client.json('flag', 'otherwise', { [attribute]: [] })).toBe('otherwise');
      }),
    );
  });
});
