import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff } from '../../src/diff/diff.js';
import { type ImpactOptions, impactOf } from '../../src/diff/impact.js';
import { createEvaluator } from '../../src/engine/evaluator.js';
import type { Context } from '../../src/model/context.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { oneFlag, snapshotOf } from './snapshots.js';

const now = Date.parse('2026-06-01T00:00:00Z');
const production = new Set(['production']);

function impactIn(before: Snapshot, after: Snapshot, more: Partial<ImpactOptions> = {}) {
  return impactOf(diff(before, after), before, after, { now, environments: production, ...more });
}

/** The transitions without their examples. */
function transitionsOf(report: ReturnType<typeof impactIn>) {
  return report.flags.map(({ transitions }) => transitions.map(({ from, to, share }) => [from, to, share]));
}

/** How many of many users get another variant, by evaluating them. */
function shareByEvaluation(before: Snapshot, after: Snapshot, count: number, at = now): number {
  const [old, changed] = [before, after].map(({ definitions }) =>
    createEvaluator(definitions.get('production') ?? { environment: '', flags: [], segments: [] }),
  );
  let different = 0;
  for (let user = 0; user < count; user += 1) {
    const context = { targetingKey: `someone-${user}`, company: `company-${user}` };
    const answers = [old, changed].map((side) => side?.evaluate('checkout', context, at).variant);
    if (answers[0] !== answers[1]) different += 1;
  }
  return different / count;
}

describe('the ranges alone', () => {
  it.each<[string, object, object, (string | number | null)[][]]>([
    [
      'a rollout that grows',
      { rollout: { split: { on: 25 } } },
      { rollout: { split: { on: 50 } } },
      [['off', 'on', 0.25]],
    ],
    ['a kill switch', { default: 'on' }, { default: 'on', off_variant: 'off', enabled: false }, [['on', 'off', 1]]],
    [
      'a kill switch over a rollout',
      { rollout: { split: { on: 25 } } },
      { enabled: false, rollout: { split: { on: 25 } } },
      [['on', 'off', 0.25]],
    ],
    [
      'entry and split',
      { rollout: { percent: 20, split: { on: 50, off: 50 } } },
      { default: 'on', rollout: { percent: 30, split: { on: 50, off: 50 } } },
      [['off', 'on', 0.75]],
    ],
    ['an archived flag', { default: 'on' }, { default: 'on', state: 'archived' }, [['on', null, 1]]],
    [
      'another order',
      { rollout: { split: { on: 30, off: 70 } } },
      { rollout: { split: { off: 70, on: 30 } } },
      [
        ['on', 'off', 0.3],
        ['off', 'on', 0.3],
      ],
    ],
    [
      'another seed',
      { rollout: { split: { on: 50 } } },
      { seed: 'new', rollout: { split: { on: 50 } } },
      [
        ['off', 'on', 0.25],
        ['on', 'off', 0.25],
      ],
    ],
    [
      'another unit',
      { rollout: { split: { on: 20 } } },
      { bucket_by: 'company', rollout: { split: { on: 50 } } },
      [
        ['off', 'on', 0.4],
        ['on', 'off', 0.1],
      ],
    ],
    [
      'a step that has come',
      { rollout: { split: { on: 100 }, percent: 10 } },
      { rollout: { split: { on: 100 }, steps: [{ at: '2026-01-01', percent: 35 }] } },
      [['off', 'on', 0.25]],
    ],
  ])('%s is exact', (_, before, after, expected) => {
    const sides = [oneFlag(before), oneFlag(after)] as const;
    const report = impactIn(...sides);
    expect(report.population).toBeUndefined();
    expect(report.flags).toMatchObject([{ flag: 'checkout', environment: 'production', exact: true }]);
    expect(transitionsOf(report)[0]?.sort()).toEqual(expected.sort());
    const told = report.flags[0]?.share ?? 0;
    expect(Math.abs(told - shareByEvaluation(...sides, 20_000))).toBeLessThan(0.02);
  });

  it('a step to come counts with its time', () => {
    const steps = (percent: number) => ({
      rollout: {
        split: { on: 100 },
        steps: [
          { at: '2026-12-01', percent: 10 },
          { at: '2027-01-01', percent },
        ],
      },
    });
    const [impact] = impactIn(oneFlag(steps(20)), oneFlag(steps(60))).flags;
    expect(impact).toMatchObject({ share: 0.4, exact: true, at: '2027-01-01T00:00:00.000Z' });
  });

  it('paperwork and new flags change nothing for anybody', () => {
    expect(
      impactIn(oneFlag({}), oneFlag({ owner: 'a', description: 'b', tags: ['c'], metadata: { d: 1 } })).flags,
    ).toEqual([]);
    expect(impactIn(snapshotOf({}), oneFlag({ default: 'on' })).flags).toEqual([]);
  });

  it('a value that changes under the same variant is something else', () => {
    const side = (value: number) =>
      snapshotOf({ 'a.flag.yaml': { key: 'a', type: 'number', variants: { x: value, y: 0 }, default: 'x' } });
    const [impact] = impactIn(side(1), side(2)).flags;
    expect(impact).toMatchObject({
      share: 1,
      exact: true,
      transitions: [{ from: 'x', to: 'x', share: 1, value_changed: true }],
    });
  });

  it('a group that changes moves the experiment with it', () => {
    const side = (range: [number, number]) =>
      oneFlag(
        { experiment: { split: { on: 50, off: 50 } } },
        { 'g.group.yaml': { key: 'g', slots: [{ flag: 'checkout', range }] } },
      );
    const sides = [side([0, 50]), side([0, 80])] as const;
    const [impact] = impactIn(...sides).flags;
    expect(impact).toMatchObject({ share: 0.15, exact: true });
    expect(Math.abs(0.15 - shareByEvaluation(...sides, 20_000))).toBeLessThan(0.02);
  });

  const percent = fc.integer({ min: 0, max: 100 });
  const plan = fc.record({
    percent,
    first: percent,
    seed: fc.constantFrom('x', 'y'),
    swapped: fc.boolean(),
    enabled: fc.boolean(),
  });
  const drawn = ({
    percent,
    first,
    seed,
    swapped,
    enabled,
  }: {
    percent: number;
    first: number;
    seed: string;
    swapped: boolean;
    enabled: boolean;
  }) => {
    const split = swapped ? { off: 100 - first, on: first } : { on: first, off: 100 - first };
    return oneFlag({ seed, enabled, off_variant: 'on', rollout: { percent, split } });
  };

  it('say what evaluating many users says', () => {
    fc.assert(
      fc.property(plan, plan, (before, after) => {
        const sides = [drawn(before), drawn(after)] as const;
        const share = impactIn(...sides).flags[0]?.share ?? 0;
        expect(Math.abs(share - shareByEvaluation(...sides, 10_000))).toBeLessThan(0.03);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what hangs on attributes', () => {
  const rule = (value: string) => ({
    rules: [{ name: 'Plan', conditions: [{ attribute: 'plan', operator: 'eq', value }], serve: 'on' }],
  });
  const context = { plan: { type: 'string', enum: ['free', 'pro', 'enterprise'], weights: [80, 18, 2] } };
  const project = { 'flagstaff.yaml': { environments: ['production'], context } };

  it('is estimated with made-up contexts that follow the weights', () => {
    const report = impactIn(oneFlag(rule('free'), project), oneFlag(rule('pro'), project));
    expect(report.population).toEqual({ kind: 'synthetic', size: 10_000, seed: 1 });
    const [impact] = report.flags;
    expect(impact).toMatchObject({
      exact: false,
      transitions: [
        { from: 'on', to: 'off' },
        { from: 'off', to: 'on' },
      ],
    });
    expect(Math.abs((impact?.share ?? 0) - 0.98)).toBeLessThan(0.01);
    expect(Math.abs((impact?.transitions[1]?.share ?? 0) - 0.18)).toBeLessThan(0.02);
  });

  it('is counted in contexts that are given', () => {
    const contexts = ['free', 'pro', 'pro', 'enterprise'].map((plan, at) => ({
      targetingKey: `u${at}`,
      plan,
      country: 'DE',
    }));
    const report = impactIn(oneFlag(rule('free')), oneFlag(rule('pro')), {
      contexts: { source: 'some.ndjson', contexts },
    });
    expect(report.population).toEqual({ kind: 'file', size: 4, source: 'some.ndjson' });
    expect(report.flags[0]?.transitions).toEqual([
      { from: 'off', to: 'on', share: 0.5, example: { targetingKey: 'u1', plan: 'pro' } },
      { from: 'on', to: 'off', share: 0.25, example: { targetingKey: 'u0', plan: 'free' } },
    ]);
  });

  it('is bounded by the ranges when only shares changed', () => {
    const side = (on: number) => oneFlag({ ...rule('pro'), rollout: { split: { on } } });
    const [impact] = impactIn(side(10), side(15)).flags;
    expect(impact).toMatchObject({ exact: false, at_most: 0.05 });
    expect(impact?.share).toBeLessThanOrEqual(0.06);
    expect(impact?.share).toBeGreaterThan(0);
  });

  it('finds both sides of every literal', () => {
    const conditions = [
      { attribute: 'age', operator: 'gte', value: 18 },
      { attribute: 'app', operator: 'semver_lt', value: '2.0.0' },
      { attribute: 'since', operator: 'date_before', value: '2026-01-01' },
      { attribute: 'seen', operator: 'date_within', value: 'P30D' },
      { attribute: 'mail', operator: 'ends_with', value: '@example.com' },
      { attribute: 'name', operator: 'matches', value: '^ad[am]' },
      { attribute: 'ip', operator: 'ip_in', value: '10.0.0.0/8' },
      { attribute: 'id', operator: 'modulo', value: { divisor: 7, remainder: 3 } },
      { attribute: 'roles', operator: 'contains', value: 'admin' },
    ];
    const declared = {
      age: 'number',
      app: 'semver',
      since: 'date',
      seen: 'date',
      mail: 'string',
      name: 'string',
      ip: 'ip',
      id: 'number',
      roles: 'list',
    };
    const attributes = Object.fromEntries(Object.entries(declared).map(([name, type]) => [name, { type }]));
    const files = { 'flagstaff.yaml': { environments: ['production'], context: attributes } };
    for (const condition of conditions) {
      const before = oneFlag({ rules: [{ name: 'r', conditions: [condition], serve: 'on' }] }, files);
      const report = impactIn(before, oneFlag({}, files));
      expect([condition.attribute, report.flags[0]?.share !== 0, report.flags[0]?.share !== 1]).toEqual([
        condition.attribute,
        true,
        true,
      ]);
    }
  });

  it('reaches through segments and prerequisites', () => {
    const files = (country: string) => ({
      'eu.segment.yaml': { key: 'eu', conditions: [{ attribute: 'country', operator: 'eq', value: country }] },
      'a.flag.yaml': {
        key: 'a',
        type: 'boolean',
        default: 'off',
        rules: [{ name: 'EU', conditions: [{ operator: 'in_segment', value: 'eu' }], serve: 'on' }],
      },
      'b.flag.yaml': {
        key: 'b',
        type: 'boolean',
        default: 'on',
        off_variant: 'off',
        prerequisites: [{ flag: 'a', variants: ['on'] }],
      },
    });
    const report = impactIn(snapshotOf(files('DE')), snapshotOf(files('FR')));
    expect(report.flags.map(({ flag, exact, share }) => [flag, exact, share > 0.1])).toEqual([
      ['a', false, true],
      ['b', false, true],
    ]);
  });

  it('users whom a list names are counted, not estimated', () => {
    const files = (included: string[]) => ({
      'vip.segment.yaml': { key: 'vip', included },
      'a.flag.yaml': {
        key: 'a',
        type: 'boolean',
        default: 'off',
        rules: [{ name: 'VIP', conditions: [{ operator: 'in_segment', value: 'vip' }], serve: 'on' }],
      },
    });
    const report = impactIn(snapshotOf(files(['x'])), snapshotOf(files(['y', 'z'])));
    expect(report.population).toBeUndefined();
    expect(report.flags).toEqual([
      {
        flag: 'a',
        environment: 'production',
        share: 0,
        exact: true,
        transitions: [],
        named: [
          { from: 'on', to: 'off', users: 1, example: { targetingKey: 'x' } },
          { from: 'off', to: 'on', users: 2, example: { targetingKey: 'y' } },
        ],
      },
    ]);
  });
});

it('the same question gets the same answer, and every example does what it says', () => {
  const side = (value: number, on: number) =>
    oneFlag({
      rules: [{ name: 'Age', conditions: [{ attribute: 'age', operator: 'gt', value }], split: { on: 50, off: 50 } }],
      rollout: { split: { on } },
    });
  const [before, after] = [side(18, 10), side(21, 30)];
  const report = impactIn(before, after);
  expect(impactIn(before, after)).toEqual(report);
  const evaluators = [before, after].map(({ definitions }) =>
    createEvaluator(definitions.get('production') ?? { environment: '', flags: [], segments: [] }),
  );
  const transitions = report.flags.flatMap(({ transitions }) => transitions);
  expect(transitions.length).toBeGreaterThan(0);
  for (const { from, to, example } of transitions) {
    const got = evaluators.map((side) => side.evaluate('checkout', example as Context, now).variant);
    expect(got).toEqual([from, to]);
  }
});
