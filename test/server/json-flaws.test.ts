import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFlaws } from '../../src/server/json-flaws.js';

const repeatedNames = (text: string) =>
  jsonFlaws(text).flatMap(({ pointer, message }) => (message.includes('more than once') ? [pointer] : []));

describe('names that an object has more than once', () => {
  it.each([
    ['{}', []],
    ['3', []],
    ['"a"', []],
    ['{"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": 2}]}', []],
    ['{"a": 1, "a": 2}', ['/a']],
    ['{"a": 1, "\\u0061": 2, "a": 3}', ['/a']],
    ['{"a": {"b/c": 1, "b/c": {}}, "d": [0, [], {"~": "~", "~": ","}]}', ['/a/b~1c', '/d/2/~0']],
    ['{"a": "{\\"a\\": 1, \\"a\\": 1}", "\\"": ":", "\\\\": "a"}', []],
    ['{"": 1, "": 2}', ['/']],
    ['{"__proto__": 1, "__proto__": 2}', ['/__proto__']],
  ])('of %s are %j', (text, expected) => {
    expect(repeatedNames(text)).toEqual(expected);
  });

  it('are none in what is made from a value, and one where one entry is written again', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 2 }), (json, indent) => {
        const value: unknown = JSON.parse(json);
        expect(repeatedNames(JSON.stringify(value, null, indent))).toEqual([]);
        const twice = JSON.stringify({ x: value }, null, indent).replace(/\}$/, () => `, "x": ${json} }`);
        expect(repeatedNames(`[${json}, ${twice}]`)).toEqual(['/1/x']);
      }),
    );
  });

  it('are found in a body of the largest size without delay by its depth or its strings', () => {
    const long = JSON.stringify('\\"'.repeat(200_000));
    const deep = '['.repeat(5_000) + ']'.repeat(5_000);
    expect(repeatedNames(`{"a": ${long}, "b": ${deep}, "a": 1}`)).toEqual(['/a']);
  });
});

describe('numbers that do not survive', () => {
  it.each([
    ['[9007199254740993]', ['/0 would become 9007199254740992: quote a number that is a name, or write it shorter']],
    ['{"a": {"b": -12345678901234567890}}', [expect.stringMatching(/^\/a\/b would become -12345678901234567000:/)]],
    [
      '{"a": 9007199254740993, "a": 0}',
      [expect.stringMatching('/a would become'), '/a is there more than once: leave one'],
    ],
    ['[-74891052829607620, 1234567890123456789012]', [expect.stringMatching('/1 would become 1.2345')]],
    ['-0', [' is `-0`, which no file can hold: write 0']],
    ['[-0.0e3]', [expect.stringMatching(/^\/0 is `-0`/)]],
    ['[9007199254740992, 9007199254740991, -1, 0.1, 1e21, 1E-7, 100000000000000000000, 1e400, "9007199254740993"]', []],
    ['{"9007199254740993": 1, "-0": 0}', []],
  ])('of %s are %j', (text, expected) => {
    expect(jsonFlaws(text).map(({ pointer, message }) => `${pointer} ${message}`)).toEqual(expected);
  });

  it('are none in what JavaScript writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.double({ min: -1e21, max: 1e21, noNaN: true }).map(Math.round),
        ),
        (number) => {
          expect(jsonFlaws(JSON.stringify({ number }))).toEqual([]);
        },
      ),
    );
  });
});
