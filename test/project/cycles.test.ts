import { describe, expect, it } from 'vitest';
import { findCircuits } from '../../src/project/circuits.js';
import { compiled, flag, GUARDED, type Literal, told } from './files.js';

/** Flags by key, each with the keys of its prerequisites. */
function flags(dependencies: Readonly<Record<string, readonly string[]>>): Literal {
  return Object.fromEntries(
    Object.entries(dependencies).map(([key, needed]) => {
      const list = needed.map((other) => `  - { flag: ${other}, variants: [on] }\n`).join('');
      return [`${key}.flag.yaml`, flag(key, needed.length > 0 ? `prerequisites:\n${list}` : '')];
    }),
  );
}

/** The circles that are told, spelled out. */
function circles(literal: Literal): string[] {
  return compiled(literal).diagnostics.map(({ message }) => /`(.*)`/.exec(message)?.[1] ?? message);
}

describe('flags that depend on each other', () => {
  it.each<[string, Readonly<Record<string, readonly string[]>>, readonly string[]]>([
    ['a circle of two', { a: ['b'], b: ['a'] }, ['a → b → a']],
    ['a self-reference', { a: ['a'] }, ['a → a']],
    ['a circle that does not go through the first flag', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, ['b → c → d → b']],
    ['two circles that share a flag', { a: ['b', 'c'], b: ['a'], c: ['a'] }, ['a → b → a', 'a → c → a']],
    ['two circles that share a way', { a: ['b'], b: ['c'], c: ['a', 'b'] }, ['a → b → c → a', 'b → c → b']],
    ['two circles far from each other', { a: ['b'], b: ['a'], c: ['d'], d: ['c'] }, ['a → b → a', 'c → d → c']],
    ['a diamond', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
    ['a chain', { a: ['b'], b: ['c'], c: [] }, []],
  ])('%s', (_name, dependencies, expected) => {
    expect(circles(flags(dependencies))).toEqual(expected);
  });

  it('are told once, with the place of each step', () => {
    const { diagnostics } = compiled(flags({ a: ['b'], b: ['c', 'c'], c: ['a'] }));
    expect(diagnostics).toEqual([
      {
        code: 'cycle/flag',
        severity: 'error',
        file: 'a.flag.yaml',
        range: { start: { line: 5, column: 13 }, end: { line: 5, column: 14 } },
        pointer: '/prerequisites/0/flag',
        message: 'flags depend on each other: `a → b → c → a`',
        help: 'remove one of these references',
        related: [
          {
            file: 'a.flag.yaml',
            range: expect.anything(),
            pointer: '/prerequisites/0/flag',
            message: '`a` asks for `b`',
          },
          {
            file: 'b.flag.yaml',
            range: expect.anything(),
            pointer: '/prerequisites/0/flag',
            message: '`b` asks for `c`',
          },
          {
            file: 'c.flag.yaml',
            range: expect.anything(),
            pointer: '/prerequisites/0/flag',
            message: '`c` asks for `a`',
          },
        ],
      },
    ]);
  });

  it('a chain of 10,000 is none, and soon found to be none', () => {
    const chain = Array.from({ length: 10_000 }, (_, index): [string, string[]] => [`f${index}`, [`f${index + 1}`]]);
    expect(circles(flags(Object.fromEntries([...chain, ['f10000', []]])))).toEqual([]);
  });

  it('a circle of 2,000 is told by its beginning and end', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `f${String(index).padStart(4, '0')}`);
    const ring = names.map((name, index): [string, string[]] => [name, [names[(index + 1) % names.length] ?? '']]);
    const { diagnostics } = compiled(flags(Object.fromEntries(ring)));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.message).toContain('f0000 → f0001 → ');
    expect(diagnostics[0]?.message).toContain(' → … 1977 more … → ');
    expect(diagnostics[0]?.message).toMatch(/ → f1999 → f0000`$/);
    expect(diagnostics[0]?.related).toHaveLength(24);
  });

  it('a knot of more circles than anybody reads is told by the first 20', () => {
    const names = Array.from({ length: 12 }, (_, index) => `f${index}`);
    const everyone = Object.fromEntries(names.map((name) => [name, names]));
    const { diagnostics } = compiled(flags(everyone));
    expect(diagnostics).toHaveLength(20);
    expect(
      diagnostics.filter(({ message }) => message.endsWith('; there are more circles among these, not told here')),
    ).toHaveLength(1);
  });
});

describe('where the references stand', () => {
  it('`serves` and the audience of an experiment count as prerequisites do', () => {
    const rule = (other: string) =>
      `rules:\n  - conditions: [{ not: { flag: ${other}, operator: serves, value: on } }]\n    serve: on\n`;
    const experiment =
      'experiment:\n  conditions: [{ all: [{ flag: a, operator: serves, value: [on] }] }]\n  split: { on: 100 }\n';
    expect(told({ 'a.flag.yaml': flag('a', rule('b')), 'b.flag.yaml': flag('b', experiment) })).toEqual([
      'a.flag.yaml:5:33 cycle/flag flags depend on each other: `a → b → a`',
    ]);
  });

  it('segments go in circles by parent and by condition', () => {
    const segment = (key: string, more: string) => `key: ${key}\n${more}\n`;
    expect(
      told({
        's.segment.yaml': segment('s', 'parent: t\nincluded: [u]'),
        't.segment.yaml': segment('t', 'conditions: [{ operator: not_in_segment, value: s }]'),
        'u.segment.yaml': segment('u', 'parent: u\nincluded: [u]'),
        'v.segment.yaml': segment('v', 'parent: s\nincluded: [u]'),
      }),
    ).toEqual([
      's.segment.yaml:2:9 cycle/segment segments depend on each other: `s → t → s`',
      'u.segment.yaml:2:9 cycle/segment a segment depends on itself: `u → u`',
    ]);
  });

  it('a circle through flag and segment is one of flags', () => {
    expect(
      told({
        'a.flag.yaml': flag('a', 'rules:\n  - conditions: [{ operator: in_segment, value: a }]\n    serve: on\n'),
        'a.segment.yaml': 'key: a\nconditions: [{ flag: a, operator: serves, value: on }]\n',
      }),
    ).toEqual(['a.flag.yaml:5:49 cycle/flag flags depend on each other: `a → segment a → a`']);
  });

  it('a circle that only some environments close is told with their names', () => {
    const a = flag('a', 'prerequisites: [{ flag: b, variants: [on] }]\n');
    const b = flag('b', 'environments: { staging: { prerequisites: [{ flag: a, variants: [on] }] } }\n');
    expect(told({ 'a.flag.yaml': a, 'b.flag.yaml': b })).toEqual([
      'a.flag.yaml:4:25 cycle/flag flags depend on each other in staging: `a → b → a`',
    ]);
  });

  it('references that no environment has together are no circle', () => {
    const a = flag(
      'a',
      'prerequisites: [{ flag: b, variants: [on] }]\nenvironments: { staging: { prerequisites: null } }\n',
    );
    const b = flag('b', 'environments: { staging: { prerequisites: [{ flag: a, variants: [on] }] } }\n');
    expect(told({ 'a.flag.yaml': a, 'b.flag.yaml': b })).toEqual([]);
  });

  it('a protected environment has the circles of its override files only', () => {
    const guarded = { 'flagstaff.yaml': GUARDED, 'a.flag.yaml': flag('a'), 'b.flag.yaml': flag('b') };
    const override = (key: string, other: string) =>
      `flag: ${key}\nenvironment: production\ndefault: off\nprerequisites: [{ flag: ${other}, variants: [on] }]\n`;
    expect(
      told({
        ...guarded,
        'a.production.override.yaml': override('a', 'b'),
        'b.production.override.yaml': override('b', 'a'),
      }),
    ).toEqual(['a.production.override.yaml:4:25 cycle/flag flags depend on each other in production: `a → b → a`']);
  });

  it('archived flags depend on nothing', () => {
    const archived = (key: string, other: string) =>
      flag(
        key,
        `state: archived\nprerequisites: [{ flag: ${other}, variants: [on] }]\nrules:\n  - conditions: [{ flag: ${other}, operator: serves, value: on }]\n    serve: on\n`,
      );
    expect(told({ 'a.flag.yaml': archived('a', 'b'), 'b.flag.yaml': archived('b', 'a') })).toEqual([]);
  });
});

describe('findCircuits', () => {
  /** All elementary cycles by trying every way, each beginning with its lowest node. */
  function allCircuits(graph: readonly (readonly number[])[]): string[] {
    const found: string[] = [];
    const walk = (start: number, path: readonly number[]): void => {
      for (const target of graph[path.at(-1) ?? start] ?? []) {
        if (target === start) found.push(path.join(' '));
        else if (target > start && !path.includes(target)) walk(start, [...path, target]);
      }
    };
    for (let node = 0; node < graph.length; node += 1) walk(node, [node]);
    return found.sort();
  }

  it('finds every circle of small graphs, each once', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const nodes = 2 + (seed % 4);
      const graph = Array.from({ length: nodes }, (_, from) =>
        Array.from({ length: nodes }, (_, to) => to).filter(
          (to) => ((seed * 2654435761) >>> ((from * nodes + to) % 31)) & 1,
        ),
      );
      const found = findCircuits(graph, 10_000).flatMap(({ circuits }) => circuits.map((circuit) => circuit.join(' ')));
      expect(found.sort(), JSON.stringify(graph)).toEqual(allCircuits(graph));
    }
  });
});
