import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWithLibrary } from '../../src/syntax/parse-yaml.js';
import { readPlain } from '../../src/syntax/plain-reader.js';

const FLAGS = join(import.meta.dirname, '../../flags');

const SAMPLE = `# yaml-language-server: $schema=../flag.schema.json
key: checkout.one-page      # a comment
tags: [web, 'it''s', "quoted # text", 2.10, {a: 1, b: [x]}]
empty: []
none: {}
rules:
  - name: Premium users, 100 % of them
    conditions:
    - { attribute: app_version, operator: semver_gt, value: 2.0.0 }
    -
      any:
        - { attribute: t, operator: date_after, value: 2026-12-01T09:00:00Z }

    serve: on
  - split: { on: 50, off: 50 }
url: https://example.com/#top
time: 10:30
`;

/** What files are made of, and what tells apart plain from not. */
const PIECES = [
  ...['a', 'key: v', 'b: ', 'c:', ':', ': ', '-', '- ', '--', '- - ', '- x', '- k: v', '\n', '\n\n', '\n  ', '\n    '],
  ...['[', ']', '{', '}', ', ', ',', '[]', '{}', '[a, b]', '{ a: 1 }', '{a: [b, {c: d}]}', '[a: b]', '"', "'", "''"],
  ...[
    '"x"',
    "'x'",
    '"\\n"',
    ' #c',
    '#',
    ' ',
    '  ',
    '\t',
    '\r\n',
    '|',
    '>',
    '|\n  x',
    '&a ',
    '*a',
    '!t ',
    '!!str ',
    '? ',
  ],
  ...['1', '.5', '5.', '-1', '+1', '-0', '007', '0x1', '0o7', '1e3', '.inf', '.nan', '1.2.3', '123456789012345678'],
  ...['true', 'False', 'null', '~', 'NULL', 'yes', '<<: ', '__proto__: ', 'constructor: ', '---\n', '...\n', '%Y\n'],
  ...['\u00a0', 'é', '\u2028', '\ufeff', '@', '`', '%', '\\', '=', 'a:b', 'a#b', 'http://x', '(', '<', '~x', 'a b: c'],
];

const pieced = fc.array(fc.constantFrom(...PIECES), { maxLength: 16 }).map((pieces) => pieces.join(''));

/** A file that is all right, with something put in or taken out here and there. */
const damaged = fc
  .array(fc.tuple(fc.nat(SAMPLE.length), fc.oneof(fc.constantFrom(...PIECES), fc.integer({ min: 1, max: 3 }))), {
    minLength: 1,
    maxLength: 3,
  })
  .map((changes) => changes.reduce((text, [at, change]) => damage(text, at, change), SAMPLE));

function damage(text: string, at: number, change: string | number): string {
  return typeof change === 'string'
    ? text.slice(0, at) + change + text.slice(at)
    : text.slice(0, at) + text.slice(at + change);
}

describe('the plain reader', () => {
  it('reads what flags are written in, as the library does', () => {
    const data = readPlain(SAMPLE);
    expect(data).toBeDefined();
    expect(JSON.stringify(data)).toBe(JSON.stringify(parseWithLibrary({ path: 'a', text: SAMPLE }).data));
  });

  it('reads nearly every file of the sample repository', () => {
    const files = readdirSync(FLAGS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
    const plain = files.filter((name) => readPlain(readFileSync(join(FLAGS, name), 'utf8')) !== undefined);
    expect(files.length).toBeGreaterThan(0);
    expect(plain.length / files.length).toBeGreaterThan(0.9);
  });

  it('gives what the library gives, to the order of keys, or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(pieced, damaged), (text) => {
        const plain = readPlain(text);
        if (plain === undefined) return;
        const { data, findings } = parseWithLibrary({ path: 'a', text });
        expect(findings).toEqual([]);
        expect(JSON.stringify(plain)).toBe(JSON.stringify(data));
      }),
      { numRuns: 3_000 },
    );
  });

  it('leaves to the library what is deeper than is allowed', () => {
    expect(readPlain(`a: ${'['.repeat(99)}${']'.repeat(99)}\n`)).toBeDefined();
    expect(readPlain(`a: ${'['.repeat(100)}${']'.repeat(100)}\n`)).toBeUndefined();
    expect(readPlain(`a: ${'{b: '.repeat(100)}1${'}'.repeat(100)}\n`)).toBeUndefined();
  });
});
