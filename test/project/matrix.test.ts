import { describe, expect, it } from 'vitest';
import { check } from '../../src/project/compile.js';
import { meantBy } from '../../src/project/matrix.js';

const FLAG = 'key: f\ntype: string\nvariants: { a: a, b: b }\ndefault: a\n';

/** `code pointer` of what the gate says about these tests. */
function findings(...cases: readonly string[]): string[] {
  const tests = `flag: f\ncases:\n${cases.map((text) => `  - ${text}\n`).join('')}`;
  const files = {
    'flagstaff.yaml': 'environments: [development, production]\n',
    'f.flag.yaml': FLAG,
    'f.test.yaml': tests,
  };
  return check(Object.entries(files).map(([path, text]) => ({ path, text })))
    .findings.map(({ code, pointer }) => `${code} ${pointer}`)
    .sort();
}

describe('what the gate says of a test case with a matrix', () => {
  it('is about the values of the matrix, at their place', () => {
    expect(
      findings(
        '{ name: x, environment: "{e}", now: "{t}", expect: { variant: "{v}" }, matrix: { e: [production, prod], t: [2026-01-01, noon], v: [a, c, null, 7, true] } }',
      ),
    ).toEqual([
      'reference/unknown-environment /cases/0/matrix/e/1',
      'reference/unknown-variant /cases/0/matrix/v/1',
      'reference/unknown-variant /cases/0/matrix/v/4',
      'type/date /cases/0/matrix/t/1',
    ]);
  });

  it('is nothing where a placeholder is only a part', () => {
    expect(
      findings('{ name: x, now: "{d}T00:00:00Z", expect: { variant: "x{v}" }, matrix: { d: [2026-01-01], v: [y] } }'),
    ).toEqual([]);
  });

  it('is about braces that the matrix does not know as about any other text', () => {
    expect(findings('{ name: x, environment: "{e}", expect: { variant: a }, matrix: { f: [1] } }')).toEqual([
      'reference/unknown-environment /cases/0/environment',
    ]);
  });

  it('knows the share of those who are served no variant', () => {
    expect(findings('{ name: x, distribution: { expect: { _none: 10, a: 90 } } }')).toEqual([]);
    expect(findings('{ name: x, distribution: { expect: { none: 10 } } }')).toEqual([
      'reference/unknown-variant /cases/0/distribution/expect/none',
    ]);
  });
});

describe('what a place of a case can stand for', () => {
  const one = { name: 'x', matrix: { a: [1, 'two'], b: [null] } };
  const meant = (value: string | number) => meantBy(one, '/cases/0', { value, pointer: '/cases/0/now' });

  it('is itself, or every value of its placeholder, or not known yet', () => {
    expect(meant(5)).toEqual([{ value: 5, pointer: '/cases/0/now' }]);
    expect(meant('{c}')).toEqual([{ value: '{c}', pointer: '/cases/0/now' }]);
    expect(meant('{a}')).toEqual([
      { value: 1, pointer: '/cases/0/matrix/a/0' },
      { value: 'two', pointer: '/cases/0/matrix/a/1' },
    ]);
    expect(meant('{a}{b}')).toEqual([]);
    expect(meantBy({ name: 'x' }, '/cases/0', { value: '{a}', pointer: '/p' })).toEqual([
      { value: '{a}', pointer: '/p' },
    ]);
  });
});
