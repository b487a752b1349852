import { describe, expect, it } from 'vitest';
import { flagOf, lintOf, messagesOf } from './flag-repository.js';

const CONTEXT = {
  plan: { type: 'string' },
  age: { type: 'number' },
  app: { type: 'semver' },
  signup: { type: 'date' },
  roles: { type: 'list' },
  thing: { type: 'any' },
};
const CONFIG = {
  environments: ['development', 'production'],
  context: CONTEXT,
  lint: { 'hygiene/unused-attribute': 'off', 'context/unknown-attribute': 'off' },
};
const GUARDED = { environments: ['development', 'production'], protected: ['production'] };

const where = (attribute: string, operator: string, value?: unknown, more = {}) => ({
  attribute,
  operator,
  ...(value !== undefined && { value }),
  ...more,
});

/** What is said of a rule with these conditions. */
function saidOf(...conditions: readonly unknown[]): string[] {
  const flag = flagOf({ rules: [{ name: 'it', conditions, serve: 'on' }] });
  return messagesOf(lintOf({ 'flagstaff.yaml': CONFIG, 'f.flag.yaml': flag }), 'logic/never-matches');
}

/** The rules that are said to be hidden, by their names. */
function hiddenOf(rules: Readonly<Record<string, readonly unknown[]>>, more: Readonly<Record<string, unknown>> = {}) {
  const written = Object.entries(rules).map(([name, conditions]) => ({ name, conditions, serve: 'on' }));
  const report = lintOf({ 'flagstaff.yaml': CONFIG, 'f.flag.yaml': flagOf({ rules: written }), ...more });
  return messagesOf(report, 'logic/shadowed-rule').map((message) => message.split('`')[1]);
}

describe('logic/never-matches', () => {
  it('names the attribute', () => {
    expect(saidOf(where('plan', 'eq', 'free'), where('plan', 'eq', 'pro'))).toEqual([
      'the rule can never match: its conditions on `plan` contradict each other',
    ]);
  });

  it.each([
    ['equal to a value that is not in the list', [where('plan', 'eq', 'a'), where('plan', 'in', ['b', 'c'])]],
    ['in two lists with nothing in common', [where('plan', 'in', ['a', 'b']), where('plan', 'in', ['c', 'd'])]],
    [
      'in three lists that only pairwise have something in common',
      [where('plan', 'in', ['a', 'b']), where('plan', 'in', ['b', 'c']), where('plan', 'in', ['a', 'c'])],
    ],
    ['equal and not equal', [where('plan', 'eq', 'a'), where('plan', 'ne', 'a')]],
    ['in a list and not in a wider one', [where('roles', 'in', ['a']), where('roles', 'not_in', ['a', 'b'])]],
    ['there and not there', [where('thing', 'exists'), where('thing', 'not_exists')]],
    ['not there and yet equal to something', [where('thing', 'not_exists'), where('thing', 'eq', 1)]],
    ['above and below', [where('age', 'gt', 10), where('age', 'lt', 5)]],
    ['above and below the same number', [where('age', 'gte', 5), where('age', 'lt', 5)]],
    ['exactly one number and not that', [where('age', 'gte', 5), where('age', 'lte', 5), where('age', 'ne', 5)]],
    ['a version before another and after it', [where('app', 'semver_lt', '2.0.0'), where('app', 'semver_gte', 'v2')]],
    ['a version and a range without it', [where('app', 'semver_eq', '3.0.0'), where('app', 'semver_satisfies', '^2')]],
    [
      'a date before another and after it',
      [where('signup', 'date_before', '2026-01-01'), where('signup', 'date_after', '2026-06-01')],
    ],
    [
      'in the future and in the last month',
      [where('signup', 'date_after', 'now'), where('signup', 'date_within', 'P1M')],
    ],
    ['two beginnings', [where('plan', 'starts_with', 'a'), where('plan', 'starts_with', ['b', 'c'])]],
    [
      'equal in any case, and to another text',
      [where('plan', 'eq', 'Pro', { ignore_case: true }), where('plan', 'eq', 'free')],
    ],
    [
      'two texts, each in any case',
      [where('plan', 'eq', 'Pro', { ignore_case: true }), where('plan', 'eq', 'free', { ignore_case: true })],
    ],
    ['a comparison and its opposite', [where('plan', 'matches', '^a'), { not: where('plan', 'matches', '^a') }]],
    ['nested in all', [where('plan', 'eq', 'a'), { all: [{ all: [where('plan', 'eq', 'b')] }] }]],
    ['under two nots', [where('plan', 'eq', 'a'), { not: { not: where('plan', 'eq', 'b') } }]],
    [
      'not any of what there must be',
      [where('plan', 'eq', 'a'), { not: { any: [where('plan', 'eq', 'a'), where('age', 'gt', 1)] } }],
    ],
    [
      'any of what there cannot be',
      [where('plan', 'eq', 'a'), { any: [where('plan', 'eq', 'b'), where('plan', 'eq', 'c')] }],
    ],
    [
      'two buckets side by side',
      [
        { operator: 'bucket', value: { seed: 's', range: [0, 50] } },
        { operator: 'bucket', value: { seed: 's', range: [50, 100] } },
      ],
    ],
  ])('is said of what is %s', (_, conditions) => {
    expect(saidOf(...conditions)).toHaveLength(1);
  });

  it.each([
    ['a list that holds both', [where('roles', 'eq', 'a'), where('roles', 'eq', 'b')]],
    ['an attribute of any type, which may be a list', [where('thing', 'gt', 10), where('thing', 'lt', 5)]],
    ['an attribute that is not declared', [where('new', 'eq', 'a'), where('new', 'eq', 'b')]],
    ['two attributes', [where('plan', 'eq', 'a'), where('email', 'eq', 'b')]],
    ['a range with one number in it', [where('age', 'gte', 5), where('age', 'lte', 5)]],
    ['what is neither', [where('plan', 'ne', 'a'), where('plan', 'ne', 'b')]],
    ['not there and not equal', [where('plan', 'not_exists'), where('plan', 'ne', 'b')]],
    ['one branch that is left', [where('plan', 'eq', 'a'), { any: [where('plan', 'eq', 'b'), where('age', 'gt', 1)] }]],
    [
      'a pre-release, which is before its release',
      [where('app', 'semver_lt', '2.0.0'), where('app', 'semver_gt', '2.0.0-rc.1')],
    ],
    ['cases that differ', [where('plan', 'eq', 'PRO', { ignore_case: true }), where('plan', 'eq', 'pro')]],
    [
      'buckets of different seeds',
      [
        { operator: 'bucket', value: { seed: 's', range: [0, 50] } },
        { operator: 'bucket', value: { seed: 't', range: [50, 100] } },
      ],
    ],
    [
      'a fixed date and now, which moves',
      [where('signup', 'date_before', '2020-01-01'), where('signup', 'date_before', 'now')],
    ],
  ])('is not said of %s', (_, conditions) => {
    expect(saidOf(...conditions)).toEqual([]);
  });

  it('knows that a member of a segment is a member of its ancestors', () => {
    const said = messagesOf(
      lintOf({
        'top.segment.yaml': { key: 'top', included: ['a'] },
        'mid.segment.yaml': { key: 'mid', parent: 'top', included: ['a'] },
        'low.segment.yaml': { key: 'low', parent: 'mid', included: ['a'] },
        'f.flag.yaml': flagOf({
          rules: [
            {
              conditions: [
                { operator: 'in_segment', value: 'low' },
                { operator: 'not_in_segment', value: 'top' },
              ],
              serve: 'on',
            },
          ],
        }),
      }),
      'logic/never-matches',
    );
    expect(said).toEqual(['the rule can never match: its conditions on segment `top` contradict each other']);
  });

  it('knows that a flag serves one variant, by either of its names', () => {
    const serving = (...values: readonly unknown[]) =>
      messagesOf(
        lintOf({
          'g.flag.yaml': flagOf({ key: 'g' }),
          'f.flag.yaml': flagOf({
            rules: [{ conditions: values.map((value) => ({ flag: 'g', operator: 'serves', value })), serve: 'on' }],
          }),
        }),
        'logic/never-matches',
      );
    expect(serving('on', ['off'])).toHaveLength(1);
    expect(serving(true, ['on'])).toEqual([]);
  });

  it('looks at segments and at the audience of experiments too', () => {
    const conditions = [where('age', 'gt', 2), where('age', 'lt', 1)];
    const report = lintOf({
      'flagstaff.yaml': CONFIG,
      's.segment.yaml': { key: 's', conditions },
      'f.flag.yaml': flagOf({
        rules: [{ conditions: [{ operator: 'in_segment', value: 's' }], serve: 'on' }],
        experiment: { conditions, split: { on: 50, off: 50 } },
      }),
    });
    expect(messagesOf(report, 'logic/never-matches')).toEqual([
      'the experiment takes nobody: its conditions on `age` contradict each other',
      'the conditions of the segment can never hold: its conditions on `age` contradict each other',
    ]);
  });

  it('points at the comparisons that contradict each other, and at no others', () => {
    const conditions = [where('age', 'gt', 2), where('plan', 'exists'), where('age', 'gte', 3), where('age', 'lt', 1)];
    const flag = flagOf({ rules: [{ conditions, serve: 'on' }] });
    const [diagnostic] = lintOf({ 'flagstaff.yaml': CONFIG, 'f.flag.yaml': flag }).diagnostics;
    expect(diagnostic?.related?.map(({ message }) => message)).toEqual(['`age gte 3`', '`age lt 1`']);
  });
});

describe('logic/shadowed-rule', () => {
  it.each([
    ['a wider list', [where('country', 'in', ['DE', 'FR'])], [where('country', 'eq', 'DE')]],
    ['fewer conditions', [where('age', 'gt', 1)], [where('plan', 'eq', 'a'), where('age', 'gt', 1)]],
    ['a wider range of numbers', [where('age', 'gt', 1)], [where('age', 'gte', 2)]],
    [
      'a wider range of versions',
      [where('app', 'semver_gte', '2.0.0')],
      [where('app', 'semver_satisfies', '^3 || ^4')],
    ],
    [
      'a wider range of dates',
      [where('signup', 'date_before', '2026-06-01')],
      [where('signup', 'date_before', '2026-01-01')],
    ],
    ['fewer letters to begin with', [where('plan', 'starts_with', ['a', 'x'])], [where('plan', 'starts_with', 'ab')]],
    ['presence alone', [where('thing', 'exists')], [where('thing', 'gt', 5)]],
    ['the same conditions', [where('plan', 'matches', 'a')], [where('plan', 'matches', 'a')]],
    [
      'a condition that always holds',
      [{ any: [where('age', 'gt', 1), { not: where('age', 'gt', 1) }] }],
      [where('plan', 'eq', 'a')],
    ],
    [
      'all the branches of the later one',
      [where('country', 'in', ['DE', 'FR', 'IT'])],
      [{ any: [where('country', 'eq', 'DE'), where('country', 'eq', 'FR')] }],
    ],
    ['one branch among several', [{ any: [where('plan', 'eq', 'x'), where('age', 'gt', 1)] }], [where('age', 'gt', 3)]],
  ])('is said of a rule after one with %s', (_, first, second) => {
    expect(hiddenOf({ first, second })).toEqual(['second']);
  });

  it.each([
    ['narrower', [where('country', 'eq', 'DE')], [where('country', 'in', ['DE', 'FR'])]],
    ['about something else', [where('plan', 'eq', 'a')], [where('age', 'gt', 1)]],
    ['overlapping', [where('age', 'gt', 5)], [where('age', 'gt', 1)]],
    ['of another case', [where('plan', 'eq', 'a')], [where('plan', 'eq', 'a', { ignore_case: true })]],
    ['a share of users', [{ operator: 'bucket', value: { seed: 's', range: [0, 99] } }], [where('plan', 'eq', 'a')]],
  ])('is not said of a rule after one that is %s', (_, first, second) => {
    expect(hiddenOf({ first, second })).toEqual([]);
  });

  it('is said once, with the first rule that hides it', () => {
    const report = lintOf({
      'flagstaff.yaml': CONFIG,
      'f.flag.yaml': flagOf({
        rules: [1, 1, 1].map((age) => ({ conditions: [where('age', 'gt', age)], serve: 'on' })),
      }),
    });
    expect(messagesOf(report, 'logic/shadowed-rule')).toEqual([
      'rule 2 never decides: rule 1 before it takes everyone who matches it',
      'rule 3 never decides: rule 1 before it takes everyone who matches it',
    ]);
  });

  it('is not said of a rule that can never match anyway', () => {
    expect(
      hiddenOf({ first: [where('age', 'gt', 1)], second: [where('age', 'gt', 3), where('age', 'lt', 2)] }),
    ).toEqual([]);
  });

  it('finds the one that hides another among a thousand', () => {
    const rules = Array.from(
      { length: 1000 },
      (_, index) => [`r${index}`, [where('plan', 'eq', `p${index % 999}`)]] as const,
    );
    expect(hiddenOf(Object.fromEntries(rules))).toEqual(['r999']);
  });

  it('is said of a segment after its parent', () => {
    const segments = {
      'parent.segment.yaml': { key: 'parent', included: ['a'] },
      'child.segment.yaml': { key: 'child', parent: 'parent', included: ['a'] },
    };
    const inSegment = (value: string) => [{ operator: 'in_segment', value }];
    expect(hiddenOf({ first: inSegment('parent'), second: inSegment('child') }, segments)).toEqual(['second']);
    expect(hiddenOf({ first: inSegment('child'), second: inSegment('parent') }, segments)).toEqual([]);
  });
});

describe('bucketing/growth-moves-users', () => {
  const said = (kind: string, rollout: unknown) =>
    lintOf({ 'f.flag.yaml': flagOf({ [kind]: rollout }) }).diagnostics.filter(({ code }) =>
      code.startsWith('bucketing'),
    );

  it('says how to write it, where whole thousandths can', () => {
    expect(said('rollout', { split: { on: 10, off: 30 } }).map(({ help }) => help)).toEqual([
      'write `percent: 40` and a `split` of `{ on: 25, off: 75 }`: who enters is then another hash than which variant',
    ]);
    expect(said('rollout', { split: { on: 10, off: 20 } })[0]?.help).toContain('a `split` of exactly 100');
  });

  it('looks at experiments and at each step', () => {
    const steps = [
      { at: '2027-01-01', split: { on: 5, off: 5 } },
      { at: '2027-02-01', split: { on: 50, off: 50 } },
    ];
    expect(said('rollout', { steps }).map(({ pointer }) => pointer)).toEqual(['/rollout/steps/0/split']);
  });

  it('has nothing against one variant below 100, or a share of 0 beside it', () => {
    expect(said('rollout', { split: { on: 10 } })).toEqual([]);
    expect(said('rollout', { split: { on: 10, off: 0 } })).toEqual([]);
  });
});

describe('safety/kill-switch-without-effect', () => {
  const CODE = 'safety/kill-switch-without-effect';
  const said = (flag: Readonly<Record<string, unknown>>, more = {}) =>
    messagesOf(lintOf({ 'f.flag.yaml': { key: 'f', owner: 'x', ...flag }, ...more }), CODE);
  const RULE = { conditions: [where('plan', 'eq', 'a')], serve: 'on' };

  it('is said of a flag that stays on when it is killed', () => {
    expect(said({ type: 'boolean', default: 'on' })).toEqual([
      'switching the flag off changes nothing in `development`, `production`: everyone gets `on` anyway',
    ]);
  });

  it('is said of the environment where that is so', () => {
    const flag = { type: 'boolean', default: 'off', environments: { production: { default: true } } };
    expect(said(flag)).toEqual(['switching the flag off changes nothing in `production`: everyone gets `on` anyway']);
  });

  it('is said of rules, lists and splits that all serve the off variant', () => {
    expect(said({ type: 'boolean', default: 'off', rules: [{ ...RULE, serve: 'off' }] })).toHaveLength(1);
    expect(said({ type: 'boolean', default: 'off', overrides: { off: ['u'] } })).toHaveLength(1);
    expect(said({ type: 'boolean', default: 'on', off_variant: 'off', rollout: { split: { off: 100 } } })).toHaveLength(
      1,
    );
  });

  it('is not said of a flag that is not released, unless it is meant to be a kill switch', () => {
    expect(said({ type: 'boolean', default: 'off' })).toEqual([]);
    expect(said({ type: 'boolean', default: 'off', purpose: 'kill_switch' })).toHaveLength(1);
    expect(said({ type: 'boolean', default: null })).toEqual([]);
  });

  it('is not said where somebody gets something else', () => {
    expect(said({ type: 'boolean', default: 'off', rules: [RULE] })).toEqual([]);
    expect(said({ type: 'boolean', default: 'on', off_variant: 'off' })).toEqual([]);
    expect(said({ type: 'boolean', default: 'off', overrides: { on: ['u'] } })).toEqual([]);
    expect(
      said({
        type: 'boolean',
        default: 'off',
        rollout: { steps: [{ at: '2027-01-01', percent: 5 }], split: { on: 100 } },
      }),
    ).toEqual([]);
  });

  it('is said of a flag of another type that serves one variant in every environment', () => {
    const flag = { type: 'string', variants: { a: 'x', b: 'y' }, default: 'a' };
    expect(said(flag)).toHaveLength(1);
    expect(said({ ...flag, environments: { production: { rollout: { split: { b: 5 } } } } })).toEqual([]);
  });

  it('asks nothing of protected environments that nobody has described', () => {
    const flag = { type: 'boolean', default: 'on', off_variant: 'off' };
    const production = { flag: 'f', environment: 'production', default: 'on' };
    expect(said(flag, { 'flagstaff.yaml': GUARDED })).toEqual([]);
    expect(said(flag, { 'flagstaff.yaml': GUARDED, 'f.production.override.yaml': production })).toEqual([
      'switching the flag off changes nothing in `production`: everyone gets `on` anyway',
    ]);
  });
});

describe('safety/not-in-disabled-segment', () => {
  const said = (condition: unknown) =>
    messagesOf(
      lintOf({
        'top.segment.yaml': { key: 'top', enabled: false, included: ['a'] },
        'low.segment.yaml': { key: 'low', parent: 'top', included: ['a'] },
        'f.flag.yaml': flagOf({ rules: [{ conditions: [condition], serve: 'on' }] }),
      }),
      'safety/not-in-disabled-segment',
    );

  it('is said of a disabled segment and of its descendants', () => {
    expect(said({ operator: 'not_in_segment', value: 'top' })).toEqual([
      'segment `top` is disabled: everyone counts as outside it',
    ]);
    expect(said({ operator: 'not_in_segment', value: 'low' })).toEqual([
      'segment `low` has no members, because `top` is disabled: everyone counts as outside it',
    ]);
  });

  it('is said of `in_segment` under a `not`, and not of `not_in_segment` there', () => {
    expect(said({ not: { any: [{ operator: 'in_segment', value: 'top' }] } })).toHaveLength(1);
    expect(said({ not: { operator: 'not_in_segment', value: 'top' } })).toEqual([]);
    expect(said({ operator: 'in_segment', value: 'top' })).toEqual([]);
  });
});

describe('safety/personal-data', () => {
  it('finds addresses wherever somebody is picked out', () => {
    const report = lintOf({
      's.segment.yaml': { key: 's', included: ['a@b.example'], excluded: ['u', 'c@b.example'] },
      'f.flag.yaml': flagOf({
        overrides: { on: ['d@b.example'] },
        rules: [
          { conditions: [{ operator: 'in_segment', value: 's' }], serve: 'on' },
          { conditions: [where('email', 'eq', 'e@b.example'), where('email', 'ends_with', '@b.example')], serve: 'on' },
        ],
      }),
    });
    expect(messagesOf(report, 'safety/personal-data').map((message) => message.split('`')[1])).toEqual([
      'd@b.example',
      'e@b.example',
      'a@b.example',
      'c@b.example',
    ]);
  });
});

describe('context/unknown-attribute', () => {
  const said = (flag: Readonly<Record<string, unknown>>, config: object = CONTEXT) =>
    messagesOf(
      lintOf({ 'flagstaff.yaml': { environments: ['here'], context: config }, 'f.flag.yaml': flagOf(flag) }),
      'context/unknown-attribute',
    );
  const reading = (attribute: string) => ({ rules: [{ conditions: [where(attribute, 'exists')], serve: 'on' }] });

  it('looks at conditions and at what is hashed', () => {
    expect(said(reading('plam'))).toEqual(['`context` declares no attribute `plam`']);
    expect(said({ bucket_by: 'company' })).toEqual(['`context` declares no attribute `company`']);
  });

  it('knows the targeting key, and parts of what may be anything', () => {
    expect(said(reading('targetingKey'))).toEqual([]);
    expect(said(reading('thing.of.mine'))).toEqual([]);
    expect(said(reading('plan.name'))).toHaveLength(1);
  });
});

describe('hygiene', () => {
  const about = (code: string, files: Readonly<Record<string, unknown>>) =>
    messagesOf(lintOf(files), `hygiene/${code}`);

  it('does not call unused what a broken file may use', () => {
    const files = {
      'flagstaff.yaml': { environments: ['here'], context: CONTEXT },
      's.segment.yaml': { key: 's', included: ['a'] },
      'g.flag.yaml': { key: 'g', type: 'string', owner: 'x', variants: { a: 'x', b: 'y' }, default: 'a' },
    };
    const unused = (more: object) =>
      lintOf({ ...files, ...more }).diagnostics.filter(({ code }) => code.startsWith('hygiene/unused'));
    expect(unused({})).toHaveLength(8);
    expect(unused({ 'f.flag.yaml': 'key: [' })).toEqual([]);
    expect(unused({ 'g.here.override.yaml': 'key: [' })).toEqual([]);
  });

  it('counts every way of using a segment', () => {
    const used = {
      'a.segment.yaml': { key: 'a', included: ['u'] },
      'b.segment.yaml': { key: 'b', included: ['u'] },
      'c.segment.yaml': { key: 'c', parent: 'a', conditions: [{ operator: 'not_in_segment', value: 'b' }] },
    };
    expect(about('unused-segment', used)).toEqual(['nothing uses segment `c`']);
  });

  it('looks for variants in every environment', () => {
    const flag = {
      key: 'f',
      type: 'string',
      owner: 'x',
      variants: { a: '1', b: '2', c: '3', d: '4', e: '5' },
      default: 'a',
    };
    const behaviour = { off_variant: 'b', rollout: { steps: [{ at: '2027-01-01', split: { c: 10 } }] } };
    const files = {
      'flagstaff.yaml': GUARDED,
      'f.flag.yaml': { ...flag, environments: { development: behaviour } },
      'f.production.override.yaml': { flag: 'f', environment: 'production', default: 'a', overrides: { d: ['u'] } },
    };
    expect(about('unused-variant', files)).toEqual(['no environment serves variant `e`']);
  });

  it('looks at the names of override files too', () => {
    const override = { flag: 'f', environment: 'production', default: 'off' };
    const files = { 'flagstaff.yaml': GUARDED, 'f.flag.yaml': flagOf(), 'f.prod.override.yaml': override };
    expect(about('file-name', files)).toEqual(['the file is called `f.prod.override.yaml`']);
  });

  it('tells how a file should be called that it does not recognise', () => {
    const helps = lintOf({ 'a/b-flag.yml': 'x: 1', 'c.yaml': 'x: 1', 'd.md': '#' }).diagnostics.map(({ help }) => help);
    expect(helps[0]).toBe('call it `b.flag.yaml`');
    expect(helps[1]).toMatch(/^call it `…\.flag\.yaml`/);
    expect(helps).toHaveLength(2);
  });

  it('asks archived flags for nothing', () => {
    const flag = {
      key: 'f',
      type: 'string',
      variants: { a: 'x', b: 'y' },
      default: 'a',
      state: 'archived',
      remove_by: '2020-01-01',
    };
    expect(lintOf({ 'f.flag.yaml': flag }).diagnostics).toEqual([]);
  });

  it('calls a flag overdue from the instant on, in each environment', () => {
    const said = (flag: Readonly<Record<string, unknown>>) => about('overdue', { 'f.flag.yaml': flagOf(flag) });
    expect(said({ remove_by: '2026-11-22' })).toEqual(['the flag should have been gone by 2026-11-22']);
    expect(said({ remove_by: '2026-11-23' })).toEqual([]);
    expect(said({ environments: { production: { expires_at: '2026-11-21T23:59:59Z' } } })).toHaveLength(1);
    expect(said({ expires_at: '2026-11-22T00:00:01Z' })).toEqual([]);
    expect(said({ remove_by: '2026-01-01', snooze: { until: '2026-11-22', reason: 'x' } })).toHaveLength(1);
    expect(said({ remove_by: '2026-01-01', snooze: { until: '2026-11-23', reason: 'x' } })).toEqual([]);
  });
});

describe('hygiene/settled-rollout', () => {
  const said = (flag: Readonly<Record<string, unknown>>, more = {}) =>
    messagesOf(lintOf({ 'f.flag.yaml': flagOf(flag), ...more }), 'hygiene/settled-rollout');
  const ALL = { split: { on: 100 } };
  const SOME = { split: { on: 50 } };

  it('is said of everyone and of nobody', () => {
    expect(said({ rollout: ALL })).toEqual(['the rollout gives everyone `on`']);
    expect(said({ rollout: { percent: 0, split: { on: 50, off: 50 } } })).toEqual(['the rollout gives everyone `off`']);
    expect(said({ rollout: { split: { on: 0 } } })).toEqual(['the rollout gives everyone `off`']);
    expect(said({ rollout: SOME })).toEqual([]);
    expect(said({ rollout: { split: { on: 50, off: 50 } } })).toEqual([]);
    expect(said({ rollout: { percent: 50, ...ALL } })).toEqual([]);
  });

  it('waits for the last step', () => {
    const steps = (last: string) => [
      { at: '2026-01-01', percent: 10 },
      { at: last, percent: 100 },
    ];
    expect(said({ rollout: { ...ALL, steps: steps('2026-11-22') } })).toHaveLength(1);
    expect(said({ rollout: { ...ALL, steps: steps('2026-11-23') } })).toEqual([]);
  });

  it('is said only when all environments agree', () => {
    expect(said({ rollout: SOME, environments: { development: { rollout: ALL } } })).toEqual([]);
    expect(said({ environments: { development: { rollout: ALL } } })).toEqual([]);
    expect(said({ default: 'on', environments: { development: { rollout: ALL } } })).toHaveLength(1);
    expect(
      said({ rollout: ALL, environments: { production: { experiment: { split: { on: 50, off: 50 } } } } }),
    ).toEqual([]);
  });

  it('goes by the protected environments, if there are any', () => {
    const production = (rollout: unknown) => ({
      'flagstaff.yaml': GUARDED,
      'f.production.override.yaml': {
        flag: 'f',
        environment: 'production',
        default: 'off',
        off_variant: 'off',
        rollout,
      },
    });
    expect(said({ rollout: ALL }, production(SOME))).toEqual([]);
    expect(said({ rollout: SOME }, production(ALL))).toHaveLength(1);
    expect(said({ rollout: ALL }, { 'flagstaff.yaml': GUARDED })).toEqual([]);
  });

  it('can be snoozed', () => {
    expect(said({ rollout: ALL, snooze: { until: '2026-12-01', reason: 'x' } })).toEqual([]);
  });
});

describe('naming/mismatch', () => {
  it('checks flags, segments and groups, each by its own pattern', () => {
    const naming = { flag: '^f$', segment: '^s$', group: '^g$' };
    const report = lintOf({
      'flagstaff.yaml': { environments: ['here'], naming },
      'F.flag.yaml': flagOf({ key: 'F', experiment: { split: { on: 50, off: 50 } } }),
      'S.segment.yaml': { key: 'S', included: ['a'] },
      'G.group.yaml': { key: 'G', slots: [{ flag: 'F', range: [0, 50] }] },
    });
    expect(messagesOf(report, 'naming/mismatch')).toEqual([
      'the key `F` does not match `^f$`',
      'the key `G` does not match `^g$`',
      'the key `S` does not match `^s$`',
    ]);
  });
});
