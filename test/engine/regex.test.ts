import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../src/engine/regex.js';

describe('compileRegex', () => {
  it('finds a pattern anywhere', () => {
    const regex = compileRegex('b+');
    expect('test' in regex && [regex.test('abc'), regex.test('ac')]).toEqual([true, false]);
  });

  it.each([
    ['(', 'missing closing ): `(`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['\\1', 'invalid escape sequence: `\\1`'],
  ])('says what is wrong with %s', (pattern, problem) => {
    expect(compileRegex(pattern)).toEqual({ problem });
  });

  it('tells a problem in one line', () => {
    const regex = compileRegex('(\n(');
    expect('problem' in regex && regex.problem).not.toMatch(/\n/);
  });
});
