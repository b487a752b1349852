import { describe, expect, it } from 'vitest';
import { diff } from '../../src/diff/diff.js';
import { oneFlag, PROJECT, snapshotOf } from './snapshots.js';

const europe = {
  name: 'Europe',
  conditions: [{ attribute: 'country', operator: 'in', value: ['DE', 'FR'] }],
  serve: 'on',
};
const premium = { name: 'Premium', conditions: [{ attribute: 'plan', operator: 'eq', value: 'pro' }], serve: 'on' };

/** The texts of what changed in one flag. */
function texts(before: object, after: object): string[] {
  return diff(oneFlag(before), oneFlag(after)).map(({ text }) => text);
}

describe('one flag', () => {
  it.each<[string, object, object, string[]]>([
    [
      'a grown rollout',
      { rollout: { split: { on: 25 } } },
      { rollout: { split: { on: 50 } } },
      ['rollout on 25% → 50%'],
    ],
    ['a rollout that came', {}, { rollout: { split: { on: 25 } } }, ['rollout added: on 25%']],
    ['a rollout that went', { rollout: { split: { on: 25 } } }, {}, ['rollout removed (was on 25%)']],
    ['the kill switch', {}, { enabled: false }, ['enabled true → false']],
    ['another default', {}, { default: 'on' }, ['default off → on', 'off_variant off → on']],
    [
      'no default',
      {},
      { default: null },
      ["default off → the caller's default", "off_variant off → the caller's default"],
    ],
    ['archiving', {}, { state: 'archived' }, ['archived']],
    ['restoring', { state: 'archived' }, {}, ['restored']],
    ['a first owner', {}, { owner: 'a' }, ['owner set to a']],
    ['another owner', { owner: 'a' }, { owner: 'b c' }, ['owner a → "b c"']],
    ['tags', { tags: ['a', 'b'] }, { tags: ['b', 'c'] }, ['tags: +c, -a']],
    [
      'overrides',
      { overrides: { on: ['a', 'b'] } },
      { overrides: { on: ['b', 'user1'], off: ['x'] } },
      ['override on: +user1, -a', 'override off: +x'],
    ],
    [
      'metadata',
      { metadata: { ticket: 'A-1', old: 1 } },
      { metadata: { ticket: 'A-2', new: true } },
      ['metadata ticket "A-1" → "A-2"', 'metadata old 1 removed', 'metadata new set to true'],
    ],
    [
      'times',
      { starts_at: '2026-01-01' },
      { expires_at: '2027-01-01T00:00:00Z' },
      ['starts_at 2026-01-01 removed', 'expires_at set to 2027-01-01T00:00:00Z'],
    ],
    ['a seed', {}, { seed: '' }, ['seed "checkout" → ""']],
    [
      'percent',
      { rollout: { percent: 20, split: { on: 100 } } },
      { rollout: { split: { on: 100 } } },
      ['rollout percent 20% → 100%'],
    ],
    [
      'several shares',
      { rollout: { split: { on: 20, off: 30 } } },
      { rollout: { split: { on: 10, off: 40 } } },
      ['rollout on 20% → 10%, off 30% → 40%'],
    ],
    [
      'an order',
      { rollout: { split: { on: 20, off: 30 } } },
      { rollout: { split: { off: 30, on: 20 } } },
      ['rollout order on, off → off, on'],
    ],
    [
      'steps',
      {
        rollout: {
          steps: [
            { at: '2026-12-01', percent: 5 },
            { at: '2026-12-02', percent: 6 },
          ],
          split: { on: 100 },
        },
      },
      {
        rollout: {
          steps: [
            { at: '2026-12-01T00:00:00Z', percent: 7 },
            { at: '2026-12-03', percent: 6 },
          ],
          split: { on: 100 },
        },
      },
      [
        'rollout step at 2026-12-01: 5% → 7%',
        'rollout step at 2026-12-02 removed (was 6%)',
        'rollout step at 2026-12-03 added: 6%',
      ],
    ],
    [
      'an experiment',
      { experiment: { hypothesis: 'a', split: { on: 50, off: 50 } } },
      { experiment: { hypothesis: 'b', conditions: premium.conditions, split: { on: 50, off: 50 } } },
      ['experiment hypothesis "a" → "b"', 'experiment audience: condition added: plan is pro'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(texts(before, after)).toEqual(expected);
  });
});

it('what only people read is told too', () => {
  const before = { description: 'a', remove_by: '2026-12-01', purpose: 'release' };
  const after = { description: 'b', snooze: { until: '2026-12-01', reason: 'later' }, purpose: 'operational' };
  expect(texts(before, after)).toEqual([
    'purpose release → operational',
    'description "a" → "b"',
    'remove_by 2026-12-01 removed',
    'snooze set to {"until":"2026-12-01","reason":"later"}',
  ]);
});

describe('rules', () => {
  const last = { name: 'Last', conditions: [{ attribute: 'beta', operator: 'exists' }], serve: 'off' };
  const unnamed = (country: string) => ({
    conditions: [{ attribute: 'country', operator: 'eq', value: country }],
    serve: 'on',
  });

  it.each<[string, object[], object[], string[]]>([
    [
      'a rule that came',
      [premium],
      [premium, europe],
      ['rule "Europe" added after "Premium": country in [DE, FR] serves on'],
    ],
    [
      'a rule that came first',
      [premium],
      [europe, premium],
      ['rule "Europe" added first: country in [DE, FR] serves on'],
    ],
    ['a rule that went', [premium, europe], [premium], ['rule "Europe" removed (country in [DE, FR] serves on)']],
    ['a rule that moved', [premium, europe, last], [europe, last, premium], ['rule "Premium" moved after "Last"']],
    ['a rule that moved up', [premium, europe, last], [last, premium, europe], ['rule "Last" moved to the top']],
    ['a new name', [premium, europe], [premium, { ...europe, name: 'EU' }], ['rule "Europe" renamed to "EU"']],
    [
      'a new name and a new variant',
      [europe],
      [{ ...europe, name: 'EU', serve: 'off' }],
      ['rule "Europe" renamed to "EU"', 'rule "EU": serves on → off'],
    ],
    [
      'a list of values',
      [europe],
      [{ ...europe, conditions: [{ attribute: 'country', operator: 'in', value: ['FR', 'IT'] }] }],
      ['rule "Europe": country in: +IT, -DE'],
    ],
    [
      'a split in place of a variant',
      [europe],
      [{ ...europe, serve: undefined, split: { on: 50, off: 50 } }],
      ['rule "Europe": serves on → on 50%, off 50%'],
    ],
    [
      'unnamed rules that shift',
      [unnamed('DE'), unnamed('FR')],
      [unnamed('IT'), unnamed('DE'), unnamed('FR')],
      ['rule 1 added first: country is IT serves on'],
    ],
    ['an unnamed rule that changed', [unnamed('DE')], [unnamed('FR')], ['rule 1: country is DE → country is FR']],
    [
      'a name for an unnamed rule',
      [unnamed('DE')],
      [{ ...unnamed('DE'), name: 'Germany' }],
      ['rule 1 renamed to "Germany"'],
    ],
    [
      'conditions',
      [premium],
      [
        {
          ...premium,
          conditions: [
            {
              any: [
                { attribute: 'plan', operator: 'eq', value: 'pro' },
                { not: { attribute: 'age', operator: 'gt', value: 3 } },
              ],
            },
            { attribute: 'app', operator: 'semver_gte', value: '2.0.0' },
          ],
        },
      ],
      [
        'rule "Premium": condition removed: plan is pro',
        'rule "Premium": condition added: (plan is pro or not (age > 3))',
        'rule "Premium": condition added: app version >= 2.0.0',
      ],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(texts({ rules: before }, { rules: after })).toEqual(expected);
  });

  it('names the place by the name of the rule', () => {
    const before = oneFlag({ rules: [{ ...europe, name: 'a/b' }] });
    const after = oneFlag({ rules: [{ ...europe, name: 'a/b', serve: 'off' }] });
    expect(diff(before, after)).toEqual([
      {
        kind: 'flag_changed',
        key: 'checkout',
        path: '/rules/a~1b/serve',
        before: 'on',
        after: 'off',
        text: 'rule "a/b": serves on → off',
      },
    ]);
  });
});

describe('where', () => {
  const everywhere = { staging: { enabled: false }, production: { enabled: false }, development: { enabled: false } };

  it('one environment alone carries its name', () => {
    const [change, ...others] = diff(oneFlag({}), oneFlag({ environments: { production: { enabled: false } } }));
    expect(change).toMatchObject({ environment: 'production', path: '/enabled', before: true, after: false });
    expect(change?.text).toBe('production: enabled true → false');
    expect(others).toEqual([]);
  });

  it('what happens in every environment is one change without one', () => {
    expect(diff(oneFlag({}), oneFlag({ environments: everywhere }))).toEqual(
      diff(oneFlag({}), oneFlag({ enabled: false })),
    );
    expect(diff(oneFlag({}), oneFlag({ enabled: false }))).toHaveLength(1);
  });

  it('a change of what a flag is shows although a protected environment inherits nothing else', () => {
    const project = { environments: ['staging', 'production'], protected: ['production'] };
    const flag = (value: string) => ({ key: 'a', type: 'string', variants: { x: value }, default: 'x' });
    const side = (value: string) => snapshotOf({ 'flagstaff.yaml': project, 'a.flag.yaml': flag(value) });
    expect(diff(side('1'), side('2')).map(({ text }) => text)).toEqual(['variant x: "1" → "2"']);
  });

  it('a changed flag file changes only environments that are not protected', () => {
    const project = { environments: ['staging', 'production'], protected: ['production'] };
    const side = (enabled: boolean) =>
      snapshotOf({ 'flagstaff.yaml': project, 'a.flag.yaml': { key: 'a', type: 'boolean', default: 'on', enabled } });
    expect(diff(side(true), side(false)).map(({ text }) => text)).toEqual(['staging: enabled true → false']);
  });
});

describe('no change in meaning', () => {
  it.each<[string, object, object]>([
    [
      'the order of lists that are sets',
      { tags: ['a', 'b'], overrides: { on: ['x', 'y'] } },
      { tags: ['b', 'a'], overrides: { on: ['y', 'x'] } },
    ],
    ['what is the default anyway', {}, { enabled: true, seed: 'checkout', bucket_by: 'targetingKey', state: 'active' }],
    ['100 percent', { rollout: { split: { on: 25 } } }, { rollout: { percent: 100, split: { on: 25 } } }],
    ['a share of nothing', { rollout: { split: { on: 25 } } }, { rollout: { split: { off: 0, on: 25 } } }],
    ['the same instant', { starts_at: '2026-01-01' }, { starts_at: '2026-01-01T01:00:00+01:00' }],
    ['true and on', { default: true }, { default: 'on' }],
    [
      'the same in every environment',
      { enabled: false },
      {
        environments: { development: { enabled: false }, staging: { enabled: false }, production: { enabled: false } },
      },
    ],
  ])('%s', (_, before, after) => {
    expect(texts(before, after)).toEqual([]);
  });

  it.each<[string, object[], object[]]>([
    [
      'the order of conditions',
      [
        { attribute: 'a', operator: 'exists' },
        { attribute: 'b', operator: 'exists' },
      ],
      [
        { attribute: 'b', operator: 'exists' },
        { attribute: 'a', operator: 'exists' },
      ],
    ],
    [
      'the order of values',
      [{ attribute: 'a', operator: 'in', value: ['x', 'y'] }],
      [{ attribute: 'a', operator: 'in', value: ['y', 'x', 'x'] }],
    ],
    [
      'a list of one',
      [{ attribute: 'a', operator: 'eq', value: 'x' }],
      [{ attribute: 'a', operator: 'in', value: ['x'] }],
    ],
    [
      'nesting',
      [{ attribute: 'a', operator: 'exists' }],
      [{ all: [{ any: [{ attribute: 'a', operator: 'exists' }] }] }],
    ],
    ['not twice', [{ attribute: 'a', operator: 'exists' }], [{ not: { not: { attribute: 'a', operator: 'exists' } } }]],
    [
      'a complement',
      [{ not: { attribute: 'a', operator: 'eq', value: 1 } }],
      [{ attribute: 'a', operator: 'ne', value: 1 }],
    ],
    [
      'a version',
      [{ attribute: 'a', operator: 'semver_gt', value: 'v2.1' }],
      [{ attribute: 'a', operator: 'semver_gt', value: '2.1.0' }],
    ],
    [
      'a date',
      [{ attribute: 'a', operator: 'date_after', value: '2026-01-01' }],
      [{ attribute: 'a', operator: 'date_after', value: '2026-01-01T00:00:00.000Z' }],
    ],
  ])('of a rule: %s', (_, before, after) => {
    const rules = (conditions: object[]) => ({ rules: [{ name: 'r', conditions, serve: 'on' }] });
    expect(texts(rules(before), rules(after))).toEqual([]);
  });

  it('where a file lies and how it is written', () => {
    const before = snapshotOf({ 'a.flag.yaml': 'key: a\ntype: boolean\ndefault: off\nenabled: true\n' });
    const after = snapshotOf({
      'deep/er/a.flag.yaml': '# a comment\nenabled: true\ndefault: "off"\ntype: boolean\nkey: a\n',
    });
    expect(diff(before, after)).toEqual([]);
  });

  it('a part that moved to an override file', () => {
    const before = oneFlag({ environments: { production: { enabled: false } } });
    const after = oneFlag(
      {},
      {
        'checkout.production.override.yaml': { flag: 'checkout', environment: 'production', enabled: false },
      },
    );
    expect(diff(before, after)).toEqual([]);
  });
});

describe('objects that come and go', () => {
  const flag = {
    'a.flag.yaml': {
      key: 'a',
      type: 'boolean',
      default: 'off',
      environments: { staging: { rollout: { split: { on: 5 } } } },
    },
  };
  const segment = {
    's.segment.yaml': { key: 's', parent: 'p', included: ['u'] },
    'p.segment.yaml': { key: 'p', conditions: [{ attribute: 'a', operator: 'exists' }] },
  };
  const member = {
    'a.flag.yaml': { key: 'a', type: 'boolean', default: 'off', experiment: { split: { on: 50, off: 50 } } },
  };
  const group = (range: [number, number]) => ({
    ...member,
    'g.group.yaml': { key: 'g', slots: [{ flag: 'a', range }] },
  });
  const said = (before: object, after: object) =>
    diff(snapshotOf({ ...before }), snapshotOf({ ...after })).map(({ kind, key, text }) => [kind, key, text]);

  it('flags', () => {
    expect(said({}, flag)).toEqual([
      ['flag_created', 'a', 'created (boolean); development, production: serves off; staging: rollout on 5%, else off'],
    ]);
    expect(said(flag, {})).toEqual([['flag_removed', 'a', 'removed']]);
    expect(said(flag, { 'a.flag.yaml': { ...flag['a.flag.yaml'], state: 'archived' } })).toEqual([
      ['flag_archived', 'a', 'archived'],
    ]);
    expect(said({ 'a.flag.yaml': { ...flag['a.flag.yaml'], state: 'archived' } }, flag)).toEqual([
      ['flag_restored', 'a', 'restored'],
    ]);
  });

  it('segments', () => {
    expect(said({}, segment)).toEqual([
      ['segment_created', 'p', 'created: a is present'],
      ['segment_created', 's', 'created: within p, 1 included'],
    ]);
    expect(
      said(segment, { ...segment, 's.segment.yaml': { key: 's', enabled: false, included: ['v'], excluded: ['w'] } }),
    ).toEqual([
      ['segment_changed', 's', 'enabled true → false'],
      ['segment_changed', 's', 'parent p removed'],
      ['segment_changed', 's', 'included: +v, -u'],
      ['segment_changed', 's', 'excluded: +w'],
    ]);
    expect(said(segment, {})).toEqual([
      ['segment_removed', 'p', 'removed'],
      ['segment_removed', 's', 'removed'],
    ]);
  });

  it('groups', () => {
    expect(said(member, group([0, 50]))).toEqual([['group_created', 'g', 'created: a 0% to 50%']]);
    expect(said(group([0, 50]), group([0, 60]))).toEqual([['group_changed', 'g', 'slot of a 0% to 50% → 0% to 60%']]);
    expect(said(group([0, 50]), member)).toEqual([['group_removed', 'g', 'removed']]);
  });

  it('the project', () => {
    const before = {
      ...(PROJECT['flagstaff.yaml'] as object),
      context: { plan: { type: 'string' }, old: { type: 'any' } },
    };
    const after = {
      environments: ['production', 'development', 'staging', 'test'],
      default_environment: 'development',
      protected: ['production'],
      context: { plan: { type: 'string', enum: ['a', 'b'] }, age: { type: 'number' } },
      lint: { 'hygiene/missing-owner': 'off' },
      review: { max_impact: { production: 10 } },
      lifecycle: { release: 40 },
      naming: { flag: '^x' },
    };
    expect(said({ 'flagstaff.yaml': before }, { 'flagstaff.yaml': after }).map(([, , text]) => text)).toEqual([
      'environments: +test',
      'protected: +production',
      'context attribute plan enum: +a, +b',
      'context attribute old any removed',
      'context attribute age set to number',
      'naming of flag set to "^x"',
      'lint hygiene/missing-owner set to off',
      'review max_impact of production set to 10%',
      'lifecycle.release set to 40',
    ]);
  });
});

describe('values', () => {
  const side = (large: unknown, more: object = {}) =>
    snapshotOf({ 'a.flag.yaml': { key: 'a', type: 'json', default: 'small', variants: { small: 1, large, ...more } } });

  it('of json are followed to the deepest place that differs', () => {
    const before = side({ price: { amount: 10, 'per/unit': 'kg' }, sizes: ['s', 'm'], list: [{ a: 1 }, { b: 2 }] });
    const after = side({
      price: { amount: 12, 'per/unit': 'lb' },
      sizes: ['m', 's'],
      list: [{ a: 1 }, { b: 3 }],
      extra: null,
    });
    expect(diff(before, after).map(({ path, text }) => [path, text])).toEqual([
      ['/variants/large/price/amount', 'variant large: price.amount 10 → 12'],
      ['/variants/large/price/per~1unit', 'variant large: price.per/unit "kg" → "lb"'],
      ['/variants/large/sizes', 'variant large: sizes ["s","m"] → ["m","s"]'],
      ['/variants/large/list/1/b', 'variant large: list.1.b 2 → 3'],
      ['/variants/large/extra', 'variant large: extra set to null'],
    ]);
  });

  it('come and go with their variants', () => {
    expect(diff(side(2), side(2, { medium: 3 })).map(({ text }) => text)).toEqual(['variant medium added: 3']);
    expect(diff(side(2, { medium: 3 }), side(2)).map(({ text }) => text)).toEqual(['variant medium removed (was 3)']);
  });
});
