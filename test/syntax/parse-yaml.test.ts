import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/diagnostics/catalogue.js';
import { parseYaml } from '../../src/syntax/parse-yaml.js';

function parse(text: string) {
  return parseYaml({ path: 'a.flag.yaml', text });
}

/** `code line:column-line:column` of each finding. */
function told(text: string): string[] {
  return parse(text).findings.map(({ code, range }) => {
    return `${code} ${range?.start.line}:${range?.start.column}-${range?.end.line}:${range?.end.column}`;
  });
}

describe('what is read', () => {
  it.each<[string, unknown]>([
    ['a: 1\nb: [x, "y", \'z\']\n', { a: 1, b: ['x', 'y', 'z'] }],
    ['yes: no\non: off\n', { yes: 'no', on: 'off' }],
    ['a: true\nb: FALSE\nc: ~\nd:\n', { a: true, b: false, c: null, d: null }],
    ['a: 2.10\nb: 0o17\nc: 0x1F\nd: 1e3\ne: -0\nf: +5\n', { a: 2.1, b: 15, c: 31, d: 1000, e: 0, f: 5 }],
    ['a: 2027-03-01\nb: 2.0.0\nc: 10:30\n', { a: '2027-03-01', b: '2.0.0', c: '10:30' }],
    ['---\na: 1\n...\n', { a: 1 }],
    ['a: 1\r\nb:\r\n  - x\r\n', { a: 1, b: ['x'] }],
    ['a: |\n  *bold*, &and, !loud\n  \ttabbed\n', { a: '*bold*, &and, !loud\n\ttabbed\n' }],
    ['a: "tab\tinside"\n', { a: 'tab\tinside' }],
    ['a: first\n  second\n', { a: 'first second' }],
    ["'quoted key': 1\n? long\n: 2\n", { 'quoted key': 1, long: 2 }],
    ['"<<": 1\n', { '<<': 1 }],
    ['null', null],
    ['text', 'text'],
    ['- a\n- - b\n  - c\n', ['a', ['b', 'c']]],
  ])('%j', (text, data) => {
    expect(parse(text)).toEqual({ data, findings: [] });
  });

  it('keeps keys as they are written, and in their order', () => {
    const { data } = parse('true: 1\n2.10: 2\nz: 3\n007: 4\na: 5\n');
    expect(Object.keys(data as object)).toEqual(['true', '2.10', 'z', '007', 'a']);
  });

  it('gives a name such as toString no meaning', () => {
    expect(parse('a: 1\n').data).not.toHaveProperty('hasOwnProperty.call.x');
    expect(Object.keys(parse('toString: 1\nvalueOf: 2\n').data as object)).toEqual(['toString', 'valueOf']);
  });
});

describe('what is refused', () => {
  it.each<[string, readonly string[]]>([
    ['', ['syntax/invalid-yaml 1:1-1:1']],
    ['# nothing but a comment\n', ['syntax/invalid-yaml 1:1-1:1']],
    ['a: [1, 2\n', ['syntax/invalid-yaml 2:1-2:1']],
    ['a: b: c\n', ['syntax/invalid-yaml 1:4-1:5']],
    ['a: .inf\n', ['syntax/invalid-yaml 1:4-1:8']],
    ['a: [1, .NaN]\n', ['syntax/invalid-yaml 1:8-1:12']],
    ['a: 1e999\n', ['syntax/invalid-yaml 1:4-1:9']],
    ['? [a]\n: b\n', ['syntax/invalid-yaml 1:3-1:6']],
    ['? {a: 1}\n: b\n', ['syntax/invalid-yaml 1:3-1:9']],
    [': b\n', ['syntax/invalid-yaml 1:1-1:1']],
    ['~: b\n', ['syntax/invalid-yaml 1:1-1:2']],
    ['a: x\u0007y\n', ['syntax/invalid-yaml 1:5-1:6']],
    ['a: \u001f\n', ['syntax/invalid-yaml 1:4-1:5']],
    ['a: 1\nb: 2\na: 3\n', ['syntax/duplicate-key 3:1-3:2']],
    ['a: {b: 1, b: 2}\n', ['syntax/duplicate-key 1:11-1:12']],
    ['1: a\n"1": b\n', ['syntax/duplicate-key 2:1-2:4']],
    ['a: &x 1\nb: *x\n', ['syntax/anchor 1:4-1:6', 'syntax/anchor 2:4-2:6']],
    ['<<: {a: 1}\n', ['syntax/merge-key 1:1-1:3']],
    ['a: !!str 1\n', ['syntax/tag 1:4-1:9']],
    ['%YAML 1.1\n---\na: 1\n', ['syntax/tag 1:1-1:10']],
    ['a: 1\n---\nb: 2\n', ['syntax/multiple-documents 2:1-2:4']],
    ['\ufeffa: 1\n', ['syntax/byte-order-mark 1:1-1:1']],
    ['a:\n\t- b\n\t- c\n', ['syntax/tab 2:1-2:2']],
    ['a:\t1\nb:\t2\n', ['syntax/tab 1:3-1:4']],
    ['a: {\tb: 1}\n', ['syntax/tab 1:5-1:6']],
    ['__proto__: {polluted: true}\n', ['syntax/forbidden-key 1:1-1:10']],
    ['a: {constructor: 1}\nb: [{prototype: 2}]\n', ['syntax/forbidden-key 1:5-1:16', 'syntax/forbidden-key 2:6-2:15']],
    ['"__proto__": 1\n', ['syntax/forbidden-key 1:1-1:12']],
  ])('%j', (text, expected) => {
    expect(told(text)).toEqual(expected);
    expect(parse(text).data).toBeUndefined();
  });

  it('says of a repeated key where the first one stands', () => {
    const [finding] = parse('a: 1\na: 2\n').findings;
    expect(finding).toMatchObject({ pointer: '/a', related: [{ range: { start: { line: 1, column: 1 } } }] });
  });

  it.each<[string, Code]>([
    ['not-utf8', 'syntax/not-utf8'],
    ['too-large', 'syntax/too-large'],
    ['unreadable', 'syntax/invalid-yaml'],
  ])('a file that was %s', (problem, code) => {
    const { findings } = parseYaml({ path: 'a', text: '', problem: problem as 'not-utf8' });
    expect(findings.map((finding) => finding.code)).toEqual([code]);
  });

  it('more than 1 MiB of UTF-8, however many characters that is', () => {
    const umlauts = (bytes: number) => `a: ${'ü'.repeat((bytes - 4) / 2)}\n`;
    expect(told(umlauts(1024 * 1024))).toEqual([]);
    expect(told(umlauts(1024 * 1024 + 2))).toEqual(['syntax/too-large 1:1-1:1']);
  });

  it('each has something to say about what to do', () => {
    for (const text of [
      '',
      'a: [',
      'a: b: c',
      'a: 1\na: 2',
      'a: &x 1',
      '!a b',
      '\ufeff',
      'a:\tb',
      '<<: a',
      'a: .nan',
    ]) {
      expect(parse(text).findings.map(({ help }) => help)).not.toContain(undefined);
    }
  });
});

describe('nesting', () => {
  const shapes: [string, (levels: number) => string][] = [
    ['flow lists', (levels) => '['.repeat(levels) + ']'.repeat(levels)],
    ['flow mappings', (levels) => '{a: '.repeat(levels) + '}'.repeat(levels)],
    ['block lists', (levels) => `${'- '.repeat(levels)}a`],
    ['explicit keys', (levels) => `${'? '.repeat(levels)}a`],
    ['block mappings', (levels) => Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:\n`).join('')],
  ];

  it.each(shapes)('of 100 %s is read or refused for something else', (_name, shape) => {
    expect(told(shape(100)).filter((line) => line.startsWith('syntax/too-deep'))).toEqual([]);
  });

  it.each(shapes)('of 101 %s is too deep', (_name, shape) => {
    expect(told(shape(101))).toEqual([expect.stringMatching('^syntax/too-deep ')]);
  });

  it.each(shapes)('of 10,000 %s ends soon and overflows nothing', (name, shape) => {
    const levels = name === 'block mappings' ? 1_400 : 10_000;
    expect(told(shape(levels))).toEqual([expect.stringMatching('^syntax/too-deep ')]);
  });

  it('of unclosed brackets up to the size limit ends soon', () => {
    expect(told('['.repeat(1024 * 1024))).toEqual([expect.stringMatching('^syntax/too-deep ')]);
  });
});
