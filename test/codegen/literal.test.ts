import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literal } from '../../src/codegen/literal.js';
import type { Json } from '../../src/model/json.js';

function evaluated(code: string): unknown {
  return new Function(`return ${code};`)();
}

describe('a value as code', () => {
  it.each<[Json, string]>([
    ["it's", "'it\\'s'"],
    ['"', `'"'`],
    [{ a: 1, 'b-c': [true, null] }, "{ a: 1, 'b-c': [true, null] }"],
    [JSON.parse('{"__proto__": 1}'), "{ ['__proto__']: 1 }"],
    [
      { list: ['x'.repeat(50), 'y'.repeat(50)] },
      `{\n  list: [\n    '${'x'.repeat(50)}',\n    '${'y'.repeat(50)}',\n  ],\n}`,
    ],
  ])('%j', (value, code) => {
    expect(literal(value)).toBe(code);
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(evaluated(literal(value as Json)))).toBe(JSON.stringify(value));
      }),
    );
  });
});
