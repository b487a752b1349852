import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Definitions } from '../../src/model/definitions.js';
import { batchBetween, encodeBatch, encodeSnapshot } from '../../src/wire/batch.js';
import { applyBatch, BatchReader, type StreamMessage } from '../../src/wire/batch-reader.js';
import { decodeSnapshot } from '../../src/wire/decode.js';
import { encodeFrame } from '../../src/wire/frame.js';
import { createStreamParser } from '../../src/wire/stream-parser.js';
import { fillFlag, fillSegment } from '../conformance/load.js';

const REVISION = { version: 'f00d', author: 'Ada', message: 'a change', at: '2026-12-01T12:00:00Z' };
const HISTORY = '0123456789ab';
const LARGEST = 1_000_000;

const onOff = fc.constantFrom('on', 'off');
const keys = fc.constantFrom('a', 'b', 'c', 'd');
const flags = fc.uniqueArray(
  fc.record({ key: keys, default: onOff, enabled: fc.boolean() }).map((some) => fillFlag({ ...some, type: 'boolean' })),
  { selector: ({ key }) => key },
);
const segments = fc.uniqueArray(
  fc.record({ key: keys, included: fc.array(fc.string(), { maxLength: 3 }) }).map((some) => fillSegment(some)),
  { selector: ({ key }) => key },
);
const definitions: fc.Arbitrary<Definitions> = fc.record({ environment: fc.constant('production'), flags, segments });

function messagesOf(text: string): StreamMessage[] {
  const messages: StreamMessage[] = [];
  const feed = createStreamParser(
    { event: (message) => messages.push(message), comment: () => undefined, retry: () => undefined },
    LARGEST,
  );
  feed(text);
  return messages;
}

function batchText(before: Definitions, after: Definitions, height: number): string {
  return encodeBatch(batchBetween(before, after, REVISION), { height, history: HISTORY });
}

/** What is served of it: a removed flag stays as an archived one, which nobody can tell from none. */
function servedOf({ flags, segments }: Definitions): object {
  const byKey = <T extends { readonly key: string }>(list: readonly T[]) =>
    [...list].sort((a, b) => (a.key < b.key ? -1 : 1));
  return { flags: byKey(flags.filter(({ state }) => state === 'active')), segments: byKey(segments) };
}

describe('a batch', () => {
  it('leads from what was to what is, whatever changed', () => {
    fc.assert(
      fc.property(definitions, definitions, (before, after) => {
        const reader = new BatchReader(undefined, LARGEST);
        const wholes = messagesOf(batchText(before, after, 2)).map((message) => reader.take(message));
        const last = wholes.pop();
        expect(wholes.every((whole) => whole === undefined)).toBe(true);
        if (last?.kind !== 'batch') throw new Error('no batch');
        expect(last.batch).toMatchObject({ version: 'f00d', id: `2-0-${HISTORY}` });
        expect(servedOf(applyBatch(before, last.batch))).toEqual(servedOf(after));
      }),
    );
  });

  it('is refused when an event is missing, doubled, or out of its place', () => {
    const some = fc.tuple(definitions, definitions).filter(([a, b]) => batchBetween(a, b, REVISION).length > 2);
    fc.assert(
      fc.property(some, fc.nat(), fc.constantFrom('missing', 'doubled', 'moved'), ([before, after], at, how) => {
        const messages = messagesOf(batchText(before, after, 2));
        const index = at % (messages.length - 1);
        const [event] = messages.splice(index, 1);
        if (event === undefined) throw new Error('no event');
        if (how === 'doubled') messages.splice(index, 0, event, event);
        if (how === 'moved') messages.splice(index + 1, 0, event);
        // Without its first event a batch of two is a batch of one.
        fc.pre(how !== 'missing' || index > 0);
        const reader = new BatchReader(undefined, LARGEST);
        expect(() => messages.map((message) => reader.take(message))).toThrow(/gap|wrong id/);
      }),
    );
  });

  it('is refused when it comes from the past', () => {
    const [before, after] = [empty(), { ...empty(), flags: [fillFlag({ key: 'a', type: 'boolean', default: 'on' })] }];
    const reader = new BatchReader(`7-0-${HISTORY}`, LARGEST);
    const take = (height: number) => () =>
      messagesOf(batchText(before, after, height)).map((each) => reader.take(each));
    expect(take(8)).not.toThrow();
    expect(take(8)).not.toThrow();
    expect(take(7)).toThrow('a batch from the past');
  });

  it('is refused when it does not end', () => {
    const flag = fillFlag({ key: 'a', type: 'boolean', default: 'on' });
    const many = Array.from({ length: 40 }, (_, index) => ({ ...flag, key: `flag-${index}` }));
    const reader = new BatchReader(undefined, 5000);
    const messages = messagesOf(batchText(empty(), { ...empty(), flags: many }, 1));
    expect(() => messages.map((message) => reader.take(message))).toThrow('a batch without an end');
  });

  it('leaves out what it does not know, and is refused by who cannot read its format', () => {
    const reader = new BatchReader(undefined, LARGEST);
    expect(reader.take({ event: 'weather', data: 'sunny', id: 'x' })).toBeUndefined();
    const commit = (data: string) => () =>
      new BatchReader(undefined, LARGEST).take({ event: 'commit', id: `1-0-${HISTORY}`, data });
    expect(commit('{"format":2,"version":"v"}')).toThrow('the server sends format 2, this SDK reads 1');
    expect(commit('{"format":1}')).toThrow('a commit without its version');
    expect(commit('{"version":"v"}')).toThrow('no number of the format');
  });

  it('is midway until its commit has come', () => {
    const after = { ...empty(), flags: [fillFlag({ key: 'a', type: 'boolean', default: 'on' })] };
    const reader = new BatchReader(undefined, LARGEST);
    const seen = messagesOf(batchText(empty(), after, 1)).map((message) => {
      reader.take(message);
      return reader.isMidway;
    });
    expect(seen).toEqual([true, false]);
  });
});

describe('a snapshot', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(definitions, (all) => {
        const text = encodeSnapshot(all, 'f00d', `1-0-${HISTORY}`);
        expect(decodeSnapshot(text)).toEqual({ definitions: all, version: 'f00d', id: `1-0-${HISTORY}` });
      }),
    );
  });

  it.each<[string, (body: Record<string, unknown>) => void]>([
    ['has no format', (body) => delete body.format],
    ['has no id', (body) => delete body.id],
    ['has an id that is none', (body) => Object.assign(body, { id: '1-x' })],
    ['has no flags', (body) => delete body.flags],
    ['has a flag twice', (body) => Object.assign(body, { flags: [FLAG, FLAG] })],
    ['has something for a flag', (body) => Object.assign(body, { flags: [7] })],
    ['has a flag of an unknown type', (body) => Object.assign(body, { flags: [{ ...FLAG, type: 'colour' }] })],
    ['has a value of another type', (body) => Object.assign(body, { flags: [{ ...FLAG, variants: { on: 'yes' } }] })],
    ['has a rule without conditions', (body) => Object.assign(body, { flags: [{ ...FLAG, rules: [{ name: 'r' }] }] })],
    ['has a condition that is none', (body) => Object.assign(body, { flags: [withCondition({ all: [7] })] })],
    ['has endless conditions', (body) => Object.assign(body, { flags: [withCondition(nested(500))] })],
    ['has something for a segment', (body) => Object.assign(body, { segments: [{ key: 's' }] })],
  ])('is refused when it %s', (_, spoil) => {
    const body = JSON.parse(encodeSnapshot({ ...empty(), flags: [FLAG] }, 'v', `1-0-${HISTORY}`));
    spoil(body);
    expect(() => decodeSnapshot(JSON.stringify(body))).toThrow();
  });

  it('may say more than this SDK knows', () => {
    const body = JSON.parse(encodeSnapshot({ ...empty(), flags: [FLAG] }, 'v', `1-0-${HISTORY}`));
    const more = { ...body, weather: 'sunny', flags: [{ ...FLAG, mood: 'fine' }] };
    expect(decodeSnapshot(JSON.stringify(more)).definitions.flags).toHaveLength(1);
  });

  it.each(['', 'null', '[]', '<!doctype html>', '{"format":1', '7'])('is not %j', (text) => {
    expect(() => decodeSnapshot(text)).toThrow();
  });

  it('never throws anything but what is caught, whatever JSON comes', () => {
    const odd = fc.record(
      { format: fc.constant(1), environment: fc.string(), version: fc.string() },
      { requiredKeys: [] },
    );
    const body = fc.record({ head: odd, flags: fc.jsonValue(), segments: fc.jsonValue() });
    fc.assert(
      fc.property(body, ({ head, flags, segments }) => {
        const text = JSON.stringify({ ...head, id: `1-0-${HISTORY}`, flags, segments });
        try {
          decodeSnapshot(text);
        } catch (thrown) {
          expect(thrown).toHaveProperty('code');
        }
      }),
    );
  });
});

describe('the stream parser', () => {
  it('gives the same events however the bytes are cut', () => {
    const text = `: hello\n\n${batchText(empty(), { ...empty(), flags: [FLAG] }, 1)}${encodeFrame({ retry: 1000 })}`;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length })), (cuts) => {
        const seen: unknown[] = [];
        const feed = createStreamParser(
          {
            event: (message) => seen.push(message),
            comment: () => seen.push('comment'),
            retry: (milliseconds) => seen.push(milliseconds),
          },
          LARGEST,
        );
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        for (const [index, end] of places.slice(1).entries()) feed(text.slice(places[index], end));
        expect(seen).toEqual(['comment', ...messagesOf(text), 1000]);
      }),
    );
  });

  it('refuses an event without an end, and what is no stream', () => {
    const feed = () =>
      createStreamParser({ event: () => undefined, comment: () => undefined, retry: () => undefined }, 1000);
    expect(() => feed()(`data: ${'x'.repeat(2000)}`)).toThrow('an event without an end');
    expect(() => feed()('<html>\n<body>\n')).toThrow('something else than events');
  });
});

const FLAG = fillFlag({ key: 'a', type: 'boolean', default: 'on' });

function empty(): Definitions {
  return { environment: 'production', flags: [], segments: [] };
}

function withCondition(condition: object): object {
  return { ...FLAG, rules: [{ name: 'r', serve: 'on', conditions: [condition] }] };
}

function nested(depth: number): object {
  let condition: object = { attribute: 'a', operator: 'eq', value: 1 };
  for (let level = 0; level < depth; level += 1) condition = { not: condition };
  return condition;
}
