import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvaluator } from '../../src/engine/evaluator.js';
import { neverMatches } from '../../src/lint/rules/never-matches.js';
import { shadowedRule } from '../../src/lint/rules/shadowed-rule.js';
import { compile } from '../../src/project/compile.js';
import type { Project } from '../../src/project/project.js';
import type { ReadingCache } from '../../src/project/read-file.js';
import { filesOf, NOW } from './flag-repository.js';

/** Small domains, so that conditions meet, exclude and imply each other often. */
const TEXTS = ['a', 'ab', 'abc', 'A', 'b', 'ba'];
const NUMBERS = [-1, 0, 1, 2, 3];
const VERSIONS = ['1.0.0', '1.2', 'v2', '2.0.0-rc.1', '2.0.0', '2.0.1'];
const DATES = ['2026-01-01', '2026-06-01T12:00:00Z', '2026-11-22', '2027-01-01'];
const ADDRESSES = ['10.0.0.1', '10.0.1.1', '2001:db8::1'];

const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);
const some = <T>(values: readonly T[]) => fc.uniqueArray(oneOf(values), { minLength: 1, maxLength: 3 });
const foldable = fc.option(fc.constant({ ignore_case: true }), { nil: {} });

function comparing(attribute: string, operators: readonly string[], value: fc.Arbitrary<unknown>) {
  return fc.record({ attribute: fc.constant(attribute), operator: oneOf(operators), value });
}

function textual(attribute: string) {
  const plain = fc.oneof(
    comparing(attribute, ['eq', 'ne', 'contains', 'not_contains', 'starts_with', 'ends_with'], oneOf(TEXTS)),
    comparing(attribute, ['in', 'not_in', 'starts_with', 'ends_with'], some(TEXTS)),
    comparing(attribute, ['matches'], oneOf(['^a', 'b$', 'c'])),
  );
  return fc.tuple(plain, foldable).map(([comparison, more]) => ({ ...comparison, ...more }));
}

function numeric(attribute: string) {
  return fc.oneof(
    comparing(attribute, ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'], oneOf(NUMBERS)),
    comparing(attribute, ['in', 'not_in'], some(NUMBERS)),
    comparing(attribute, ['modulo'], fc.record({ divisor: oneOf([2, 3]), remainder: oneOf([0, 1]) })),
  );
}

const presence = fc.record({
  attribute: oneOf(['text', 'number', 'version', 'date', 'list', 'any', 'undeclared']),
  operator: oneOf(['exists', 'not_exists']),
});

const elsewhere = fc.oneof(
  fc.record({ operator: oneOf(['in_segment', 'not_in_segment']), value: oneOf(['parent', 'child']) }),
  fc.record({ flag: fc.constant('other'), operator: fc.constant('serves'), value: some(['on', 'off', true, false]) }),
  comparing(
    'targetingKey',
    ['bucket'],
    fc.record({
      seed: oneOf(['s', 't']),
      range: oneOf([
        [0, 50],
        [25, 75],
        [50, 100],
        [10, 20],
      ]),
    }),
  ),
  fc.record({
    operator: fc.constant('time_window'),
    value: fc.record({ start: oneOf(['08:00', '12:00']), end: oneOf(['18:00', '24:00']) }),
  }),
);

const comparison = fc.oneof(
  textual('text'),
  textual('list'),
  textual('any'),
  textual('undeclared'),
  numeric('number'),
  numeric('any'),
  comparing('version', ['semver_eq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'], oneOf(VERSIONS)),
  comparing('version', ['semver_satisfies'], oneOf(['^1', '>=2', '1.x || 2.0.0'])),
  comparing('date', ['date_before', 'date_after'], oneOf([...DATES, 'now'])),
  comparing('date', ['date_within'], oneOf(['P30D', 'P1Y'])),
  comparing('ip', ['ip_in'], some(['10.0.0.0/24', '10.0.0.0/8', '2001:db8::/32'])),
  presence,
  elsewhere,
);

const { condition } = fc.letrec<{ condition: unknown }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    { arbitrary: comparison, weight: 6 },
    { arbitrary: fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }), weight: 1 },
    { arbitrary: fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }), weight: 1 },
    { arbitrary: fc.record({ not: tie('condition') }), weight: 1 },
  ),
}));

const conditions = fc.array(condition, { minLength: 1, maxLength: 3 });

/** Now and then a rule repeats the conditions of another and adds some: these are the shadowed ones. */
const rules = fc.array(fc.tuple(conditions, fc.nat(3), fc.boolean()), { minLength: 1, maxLength: 4 }).map((drafts) =>
  drafts.map(([own, from, repeats], index) => ({
    name: `rule-${index}`,
    conditions: repeats ? [...own, ...(drafts[from % drafts.length]?.[0] ?? [])] : own,
    serve: 'on',
  })),
);

const maybe = (value: fc.Arbitrary<unknown>) =>
  fc.oneof({ arbitrary: value, weight: 8 }, fc.constantFrom(null, undefined));
const scalar = fc.oneof(oneOf(TEXTS), oneOf(NUMBERS), fc.boolean());

const context = fc.record({
  targetingKey: fc.string({ minLength: 1, maxLength: 3 }),
  text: maybe(oneOf(TEXTS)),
  number: maybe(oneOf(NUMBERS)),
  version: maybe(oneOf([...VERSIONS, 'x'])),
  date: maybe(fc.oneof(oneOf(DATES), oneOf(DATES.map((date) => Date.parse(date))))),
  ip: maybe(oneOf(ADDRESSES)),
  list: maybe(fc.array(oneOf(TEXTS), { maxLength: 4 })),
  any: maybe(fc.oneof(scalar, fc.array(scalar, { maxLength: 4 }))),
  undeclared: maybe(fc.oneof(scalar, fc.array(scalar, { maxLength: 4 }))),
});

const someContexts = fc.array(context, { minLength: 20, maxLength: 20 });

const PROJECT = {
  environments: ['development'],
  context: {
    text: { type: 'string' },
    number: { type: 'number' },
    version: { type: 'semver' },
    date: { type: 'date' },
    ip: { type: 'ip' },
    list: { type: 'list' },
    any: { type: 'any' },
  },
};

const SURROUNDINGS = {
  'flagstaff.yaml': PROJECT,
  'parent.segment.yaml': { key: 'parent', conditions: [{ attribute: 'text', operator: 'starts_with', value: 'a' }] },
  'child.segment.yaml': {
    key: 'child',
    parent: 'parent',
    conditions: [{ attribute: 'number', operator: 'gt', value: 0 }],
    included: ['a'],
  },
  'other.flag.yaml': {
    key: 'other',
    type: 'boolean',
    default: 'off',
    rules: [{ conditions: [{ attribute: 'number', operator: 'gte', value: 2 }], serve: 'on' }],
  },
};

/** The names of the rules that are said never to decide, each with the code. */
function claimsAbout(project: Project): Map<string, string> {
  const claims = [neverMatches, shadowedRule].flatMap(({ code, check }) =>
    Array.from(check({ project, now: NOW }), ({ pointer }) => [`rule-${pointer.split('/')[2]}`, code] as const),
  );
  return new Map(claims);
}

describe('what lint says of rules that never decide', () => {
  it('is true of every context that is typed as declared', () => {
    const claimed = new Map<string, number>();
    const cache: ReadingCache = new Map();
    const property = fc.property(rules, someContexts, fc.nat(1e9), (written, contexts, later) => {
      const flag = { key: 'f', type: 'boolean', default: 'off', rules: written };
      const { project, snapshot, diagnostics } = compile(filesOf({ ...SURROUNDINGS, 'f.flag.yaml': flag }), cache);
      const definitions = snapshot?.definitions.get('development');
      if (project === undefined || definitions === undefined) throw new Error(JSON.stringify(diagnostics));
      const claims = claimsAbout(project);
      for (const code of claims.values()) claimed.set(code, (claimed.get(code) ?? 0) + 1);
      const evaluator = createEvaluator(definitions);
      const deciding = contexts.map((one) => evaluator.evaluate('f', one, NOW + later).rule ?? '');
      expect(deciding.filter((rule) => claims.has(rule))).toEqual([]);
    });
    fc.assert(property, { numRuns: 400 });
    expect(claimed.get('logic/never-matches')).toBeGreaterThan(20);
    expect(claimed.get('logic/shadowed-rule')).toBeGreaterThan(20);
  });
});
