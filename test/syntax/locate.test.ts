import { describe, expect, it } from 'vitest';
import type { Range, Target } from '../../src/diagnostics/diagnostic.js';
import { locate, sourceAt } from '../../src/syntax/locate.js';

const FILE = {
  path: 'a.flag.yaml',
  text: `key: 007
rules:
  - name: "first"
    serve:
  - plain
flow: {a: 1, b: [x, 2.10]}
list:
  - one

  - two   # comment

slash/key: { ~tilde: 1 }
smile: 😀, then { no flow
`,
};

/** The text between two positions. */
function textIn({ start, end }: Range): string {
  const lines = FILE.text.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
    .join('\n');
}

describe('locate', () => {
  it.each<[string, Target, string]>([
    ['/key', 'value', '007'],
    ['/key', 'key', 'key'],
    ['/rules/0/name', 'value', '"first"'],
    ['/rules/0', 'value', 'name: "first"\n    serve:'],
    ['/rules/0', 'key', 'name'],
    ['/rules/1', 'value', 'plain'],
    ['/rules/1', 'key', 'plain'],
    ['/flow', 'value', '{a: 1, b: [x, 2.10]}'],
    ['/flow/b/1', 'value', '2.10'],
    ['/list', 'value', '- one\n\n  - two'],
    ['/slash~1key/~0tilde', 'key', '~tilde'],
    ['/smile', 'value', '😀, then { no flow'],
  ])('finds %s (%s)', (pointer, target, text) => {
    expect(textIn(locate(FILE, pointer, target))).toBe(text);
  });

  it.each<[string, Target, string]>([
    ['/rules/0/serve', 'value', 'serve'],
    ['/flow/c', 'key', 'flow'],
    ['/flow/c/d/0', 'value', 'flow'],
    ['/rules/0/split', 'key', 'name'],
    ['/rules/7', 'value', 'rules'],
    ['/rules/x', 'value', 'rules'],
    ['/key/deeper', 'value', 'key'],
    ['/missing', 'key', 'key'],
    ['', 'key', 'key'],
  ])('shows for %s (%s), which has no text of its own, what holds it', (pointer, target, text) => {
    expect(textIn(locate(FILE, pointer, target))).toBe(text);
  });

  it('counts lines and columns from 1, columns in UTF-16 units, the end exclusive', () => {
    expect(locate(FILE, '/smile', 'value')).toEqual({ start: { line: 13, column: 8 }, end: { line: 13, column: 26 } });
  });

  it('has nothing better than the beginning for a file that is no YAML', () => {
    const start = { line: 1, column: 1 };
    expect(locate({ path: 'a', text: '[' }, '/x')).toEqual({ start, end: start });
    expect(locate({ path: 'a', text: '' }, '')).toEqual({ start, end: start });
  });

  it('has an empty mapping and an empty list in their own places', () => {
    expect(locate({ path: 'a', text: 'a: {}' }, '/a/0', 'key')).toMatchObject({ start: { column: 1 } });
    expect(locate({ path: 'a', text: '{}' }, '/a', 'key')).toMatchObject({ start: { column: 1 }, end: { column: 3 } });
  });
});

describe('sourceAt', () => {
  it.each<[string, string | undefined]>([
    ['/key', '007'],
    ['/flow/b/1', '2.10'],
    ['/rules/0/name', '"first"'],
    ['/flow', undefined],
    ['/missing', undefined],
  ])('%s', (pointer, source) => {
    expect(sourceAt(FILE, pointer)).toBe(source);
  });

  it('has nothing of a file that is no YAML', () => {
    expect(sourceAt({ path: 'a', text: '[' }, '')).toBeUndefined();
  });
});
