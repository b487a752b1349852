import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinations, countCombinations, fillIn, nameOf } from '../../src/spec/matrix.js';

const matrices = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,4}$/),
  fc.uniqueArray(fc.oneof(fc.integer(), fc.string(), fc.boolean()), { minLength: 1, maxLength: 4 }),
  { maxKeys: 4 },
);

describe('a matrix', () => {
  it('has as many combinations as the product of its lists, and none twice', () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const all = combinations(matrix);
        const product = Object.values(matrix).reduce((count, values) => count * values.length, 1);
        expect(all.length).toBe(product);
        expect(countCombinations(matrix)).toBe(product);
        expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(product);
      }),
    );
  });

  it('turns its last name fastest', () => {
    expect(combinations({ a: [1, 2], b: ['x', 'y'] })).toEqual([
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
      { a: 2, b: 'x' },
      { a: 2, b: 'y' },
    ]);
  });

  it('gives one empty combination when it names nothing', () => {
    expect(combinations({})).toEqual([{}]);
  });
});

describe('filling in', () => {
  it('replaces a string that is a placeholder by the value itself, whatever its type', () => {
    for (const value of [7, true, null, ['a'], { b: 1 }, 'text']) {
      expect(fillIn({ at: ['{x}'] }, { x: value })).toEqual({ at: [value] });
    }
  });

  it('replaces placeholders within longer strings by text', () => {
    expect(fillIn('{a}-{b}-{a}', { a: 1, b: 'two' })).toBe('1-two-1');
  });

  it('leaves alone what the combination does not name, keys, and what is no string', () => {
    const data = { '{a}': '{unknown}', n: 1, no: false, nothing: null };
    expect(fillIn(data, { a: 1 })).toEqual(data);
  });

  it('knows no names but those of the matrix', () => {
    expect(fillIn('{constructor} {toString}', { a: 1 })).toBe('{constructor} {toString}');
  });
});

describe('the name of a combination', () => {
  it('has the placeholders filled in and says what has none', () => {
    expect(nameOf('in {country}', { country: 'DE', plan: 'pro', age: 3 })).toBe('in DE (plan: pro, age: 3)');
  });

  it('tells every combination of a matrix apart', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 5 }), (values) => {
        const names = combinations({ n: values, m: [1, 2] }).map((one) => nameOf('number {n}', one));
        expect(new Set(names).size).toBe(values.length * 2);
      }),
    );
  });
});
