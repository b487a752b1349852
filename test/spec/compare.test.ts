import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.js';
import { meets, sameJson } from '../../src/spec/compare.js';

describe('comparing an answer', () => {
  it('looks at the keys that are expected and at no others', () => {
    const actual = { variant: 'on', reason: 'SPLIT', rule: null };
    expect(meets(actual, { variant: 'on' })).toBe(true);
    expect(meets(actual, { variant: 'on', rule: null })).toBe(true);
    expect(meets(actual, { variant: 'on', reason: 'DEFAULT' })).toBe(false);
  });

  it('misses what is not there', () => {
    expect(meets({ variant: 'on' }, { member: true })).toBe(false);
    expect(meets({ variant: 'on' }, { member: null })).toBe(false);
  });

  it('does not care for the order of keys, but for that of lists', () => {
    expect(sameJson({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
    expect(sameJson([1, 2], [2, 1])).toBe(false);
  });

  it('tells types, lengths, lists and objects apart', () => {
    const values: Json[] = [1, '1', true, null, [], {}, [1], { 0: 1 }, { a: null }, { b: null }];
    for (const a of values) for (const b of values) expect(sameJson(a, b)).toBe(a === b);
  });

  it('finds every JSON value the same as its copy', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('-0'));
        expect(sameJson(value as Json, JSON.parse(JSON.stringify(value)))).toBe(true);
      }),
    );
  });
});
