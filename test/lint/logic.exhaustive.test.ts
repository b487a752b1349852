import { describe, expect, it } from 'vitest';
import { createEvaluator } from '../../src/engine/evaluator.js';
import { knowledgeOf } from '../../src/lint/logic/knowledge.js';
import { assume } from '../../src/lint/logic/reasoner.js';
import { compile } from '../../src/project/compile.js';
import type { WrittenComparison } from '../../src/project/written.js';
import { filesOf, NOW } from './flag-repository.js';

const TEXTS = ['a', 'ab', 'A', 'b'];
const FOLDING = new Set([
  'eq',
  'ne',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'matches',
]);

type Draft = Omit<WrittenComparison, 'attribute'>;

/** Each operator with each value, and where that is possible in any case too. */
function each(
  operators: readonly WrittenComparison['operator'][],
  values: readonly WrittenComparison['value'][],
): Draft[] {
  const drafts = operators.flatMap((operator) =>
    values.map((value) => ({ operator, ...(value !== undefined && { value }) })),
  );
  const texts = drafts.filter(({ operator, value }) => FOLDING.has(operator) && JSON.stringify(value).includes('"'));
  return [...drafts, ...texts.map((draft) => ({ ...draft, ignore_case: true }))];
}

const PRESENCE = each(['exists', 'not_exists'], [undefined]);
const ON_TEXTS = [
  ...PRESENCE,
  ...each(['eq', 'ne', 'contains', 'not_contains', 'starts_with', 'ends_with'], TEXTS),
  ...each(['in', 'not_in', 'starts_with'], [['a', 'b'], ['ab', 'A'], ['ab']]),
  ...each(['matches'], ['^a', 'b$']),
];
const ON_NUMBERS = [
  ...PRESENCE,
  ...each(['eq', 'ne', 'gt', 'gte', 'lt', 'lte'], [0, 1, 2]),
  ...each(
    ['in', 'not_in'],
    [
      [0, 1],
      [2, 1],
    ],
  ),
  ...each(
    ['modulo'],
    [
      { divisor: 2, remainder: 0 },
      { divisor: 2, remainder: 1 },
      { divisor: 3, remainder: 1 },
    ],
  ),
];
const ON_VERSIONS = [
  ...PRESENCE,
  ...each(['semver_eq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'], ['1.0.0', 'v2', '2.0.0-rc.1']),
  ...each(['semver_satisfies'], ['^1', '>=2.0.0-rc.1', '>2 <1']),
];
const ON_DATES = [
  ...PRESENCE,
  ...each(['date_before', 'date_after'], ['2026-01-01', '2026-11-22', '2026-11-22T00:00:00.001Z', 'now']),
  ...each(['date_within'], ['PT1H', 'P1Y']),
];
const ON_ADDRESSES = [
  ...PRESENCE,
  ...each(['ip_in'], [['10.0.0.0/8'], ['10.0.0.0/8', '2001:db8::/32'], ['2001:db8::/32']]),
];
const ON_ANYTHING = [
  ...ON_TEXTS,
  ...each(['eq', 'gt', 'gte', 'lte'], [0, 1]),
  ...each(['in', 'not_in'], [[0, 'a']]),
  ...each(['eq', 'ne'], [true]),
];

const NOTHING = [undefined, null];
const SCALARS = [...TEXTS, 'c', 'B', 'aB', 'ba', 0, 1, 2, 0.5, true, false];
const LISTS = [[], ...SCALARS.flatMap((one) => SCALARS.map((other) => [one, other]))];
const BEFORE_AND_AFTER = [-400, -30, -1, 0, 1].map((days) => NOW + days * 86_400_000);

const CASES: Readonly<Record<string, { readonly comparisons: readonly Draft[]; readonly values: readonly unknown[] }>> =
  {
    string: { comparisons: ON_TEXTS, values: [...NOTHING, ...TEXTS, 'c', 'B', 'aB', 'ba', 'Ab', 'ac', 'cb'] },
    number: { comparisons: ON_NUMBERS, values: [...NOTHING, -2, -1, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7] },
    semver: {
      comparisons: ON_VERSIONS,
      values: [
        ...NOTHING,
        'x',
        '0.9.0',
        '1.0.0-alpha',
        '1.0.0',
        '1.5',
        '2.0.0-alpha',
        '2.0.0-rc.1',
        '2.0.0-rc.2',
        '2.0.0+build',
        '2.0.1',
      ],
    },
    date: {
      comparisons: ON_DATES,
      values: [
        ...NOTHING,
        'x',
        '2025-06-01',
        '2026-01-01',
        '2026-11-22',
        '2027-01-01',
        ...BEFORE_AND_AFTER,
        NOW - 1,
        NOW + 1,
      ],
    },
    ip: { comparisons: ON_ADDRESSES, values: [...NOTHING, 'x', '10.0.0.1', '11.0.0.1', '2001:db8::1'] },
    list: { comparisons: ON_TEXTS, values: [...NOTHING, ...LISTS] },
    any: { comparisons: ON_ANYTHING, values: [...NOTHING, ...SCALARS, ...LISTS] },
  };

/** For each comparison, which of the values satisfy it, by the engine. */
function truthTable(type: string, comparisons: readonly Draft[], values: readonly unknown[]) {
  const written = comparisons.map((draft) => ({ attribute: 'it', ...draft }));
  const flags = written.map((comparison, index) => {
    const rules = [{ name: 'holds', conditions: [comparison], serve: 'on' }];
    return [`f${index}.flag.yaml`, { key: `f${index}`, type: 'boolean', default: 'off', rules }];
  });
  const config = { environments: ['here'], context: { it: { type } } };
  const { project, snapshot, diagnostics } = compile(
    filesOf({ 'flagstaff.yaml': config, ...Object.fromEntries(flags) }),
  );
  const definitions = snapshot?.definitions.get('here');
  if (project === undefined || definitions === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  const evaluator = createEvaluator(definitions);
  const holds = written.map((_, index) =>
    values.map((it) => evaluator.evaluate(`f${index}`, { it }, NOW).rule === 'holds'),
  );
  return { knowledge: knowledgeOf(project), written, holds };
}

/** Where the values above tell apart all that the comparisons do, whatever they rule out must be found. */
const COMPLETE = new Set(['number', 'semver']);

describe.each(Object.entries(CASES))('two comparisons of an attribute of type %s', (type, { comparisons, values }) => {
  const { knowledge, written, holds } = truthTable(type, comparisons, values);
  const literals = written.flatMap((comparison, index) =>
    [false, true].map((negated) => ({
      literal: { comparison, negated, file: '', pointer: '' },
      holds: (holds[index] ?? []).map((one) => one !== negated),
    })),
  );
  const pairs = literals.flatMap((one, index) => literals.slice(index).map((other) => ({ one, other })));
  const judged = pairs.map(({ one, other }) => ({
    pair: [one, other].map(({ literal }) => JSON.stringify([literal.comparison, literal.negated])).join(' '),
    contradiction: assume({ all: [{ literal: one.literal }, { literal: other.literal }] }, knowledge).contradiction,
    possible: one.holds.some((held, at) => held && other.holds[at]),
  }));

  it('are never said to contradict each other where some value satisfies both', () => {
    const wrong = judged.filter(({ contradiction, possible }) => contradiction !== undefined && possible);
    expect(wrong.map(({ pair }) => pair)).toEqual([]);
  });

  if (COMPLETE.has(type))
    it('are always said to contradict each other where no value satisfies both', () => {
      const missed = judged.filter(({ contradiction, possible }) => contradiction === undefined && !possible);
      expect(missed.map(({ pair }) => pair)).toEqual([]);
    });

  it('contradict each other now and then', () => {
    expect(judged.filter(({ contradiction }) => contradiction !== undefined).length).toBeGreaterThan(10);
  });
});
