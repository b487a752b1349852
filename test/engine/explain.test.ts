import { describe, expect, it } from 'vitest';
import type { Condition } from '../../src/model/condition.js';
import type { Trace } from '../../src/model/evaluation.js';
import { evaluatorOf, flag, malformed, NOW, rule, segment, split } from './building.js';

/** The trace as indented lines. */
function lines({ step, outcome, detail, children }: Trace, indent = ''): string[] {
  const own = `${indent}${step}: ${outcome}${detail && ` (${detail})`}`;
  return [own, ...children.flatMap((child) => lines(child, `${indent}  `))];
}

/** What is said about one condition. */
function said(condition: Condition, context: object): string | undefined {
  const { trace } = evaluatorOf([flag('f', { rules: [rule(condition)] })]).explain('f', { ...context }, NOW);
  return lines(trace)[2]?.trim();
}

describe('an explanation', () => {
  it('shows each step with what it saw', () => {
    const evaluator = evaluatorOf(
      [
        flag('payments', { rules: [rule({ operator: 'in_segment', value: 'premium' })] }),
        flag('checkout', {
          type: 'string',
          variants: { a: 'A', b: 'B' },
          default: 'a',
          off_variant: 'a',
          starts_at: '2026-01-01',
          overrides: { b: ['vip'] },
          prerequisites: [{ flag: 'payments', variants: ['on'] }],
          rules: [
            {
              name: 'Europe',
              conditions: [
                {
                  any: [
                    { attribute: 'country', operator: 'in', value: ['DE', 'FR'] },
                    { not: { operator: 'in_segment', value: 'premium' } },
                  ],
                },
              ],
              serve: 'b',
            },
          ],
          experiment: {
            conditions: [{ attribute: 'age', operator: 'gt', value: 17 }],
            slot: { group: 'g', range: [0, 100] },
            percent: 50,
            split: split(['a', 50], ['b', 50]),
          },
        }),
      ],
      [
        segment('premium', {
          conditions: [{ attribute: 'plan', operator: 'eq', value: 'pro' }],
          parent: 'people',
          excluded: ['x'],
        }),
        segment('people', { included: ['user-1'] }),
      ],
    );
    const { trace } = evaluator.explain(
      'checkout',
      { targetingKey: 'user-1', plan: 'pro', country: 'US', age: 30 },
      NOW,
    );
    expect(lines(trace)).toMatchInlineSnapshot(`
      [
        "flag checkout: DEFAULT (\`a\`, which is "A")",
        "  schedule: passed",
        "  overrides: passed",
        "  prerequisite payments in on: passed",
        "    flag payments: TARGETING_MATCH (\`on\`, which is true)",
        "      rule r: TARGETING_MATCH (\`on\`, which is true)",
        "        in_segment "premium": true (a member of \`premium\`)",
        "          segment premium: true",
        "            excluded: false",
        "            segment people: true",
        "              included: true",
        "            plan eq "pro": true (\`plan\` is "pro")",
        "  rule Europe: passed",
        "    any: false",
        "      country in ["DE","FR"]: false (\`country\` is "US")",
        "      not: false",
        "        in_segment "premium": true (a member of \`premium\`)",
        "  experiment: passed",
        "    conditions: in",
        "      age gt 17: true (\`age\` is 30)",
        "    percent: out (\`targetingKey\` lies at 58.4130 %; in are those from 0 % to 50 %)",
      ]
    `);
  });

  it.each([
    [{ attribute: 'x', operator: 'eq', value: 1 }, { x: '1' }, 'x eq 1: false (`x` is "1", not a number)'],
    [{ attribute: 'x', operator: 'eq', value: 'a' }, {}, 'x eq "a": false (`x` is missing)'],
    [{ attribute: 'x', operator: 'ne', value: true }, { x: 'b' }, 'x ne true: true (`x` is "b", not a boolean)'],
    [{ attribute: 'x', operator: 'in', value: ['a'] }, { x: 1 }, 'x in ["a"]: false (`x` is 1)'],
    [{ attribute: 'x', operator: 'gt', value: 1 }, { x: null }, 'x gt 1: false (`x` is null)'],
    [{ attribute: 'x', operator: 'gt', value: 1 }, { x: [0, 2] }, 'x gt 1: true (`x` is [0,2])'],
    [
      { attribute: 'x', operator: 'modulo', value: { divisor: 2, remainder: 0 } },
      { x: 1.5 },
      'x modulo {"divisor":2,"remainder":0}: false (`x` is 1.5, not an integer)',
    ],
    [
      { attribute: 'x', operator: 'semver_gt', value: '1' },
      { x: 'one' },
      'x semver_gt "1": false (`x` is "one", not a version)',
    ],
    [
      { attribute: 'x', operator: 'semver_gt', value: '1' },
      { x: 2 },
      'x semver_gt "1": false (`x` is 2, not a version)',
    ],
    [
      { attribute: 'x', operator: 'date_before', value: 'now' },
      { x: 'soon' },
      'x date_before "now": false (`x` is "soon", not a date)',
    ],
    [{ attribute: 'x', operator: 'date_before', value: 'now' }, { x: 5 }, 'x date_before "now": true (`x` is 5)'],
    [
      { attribute: 'x', operator: 'date_before', value: 'now' },
      { x: true },
      'x date_before "now": false (`x` is true, not a date)',
    ],
    [
      { attribute: 'x', operator: 'ip_in', value: '10.0.0.0/8' },
      { x: '10' },
      'x ip_in "10.0.0.0/8": false (`x` is "10", not an IP address)',
    ],
    [
      { attribute: 'x', operator: 'ip_in', value: '10.0.0.0/8' },
      { x: 10 },
      'x ip_in "10.0.0.0/8": false (`x` is 10, not an IP address)',
    ],
    [
      { attribute: 'x', operator: 'starts_with', value: 'a' },
      { x: false },
      'x starts_with "a": false (`x` is false, not a string)',
    ],
    [{ attribute: 'x', operator: 'exists' }, { x: 0 }, 'x exists: true (`x` is 0)'],
    [
      { operator: 'time_window', value: { start: '12:00', end: '13:00' } },
      {},
      'time_window {"start":"12:00","end":"13:00"}: true (the time is inside)',
    ],
    [
      { operator: 'time_window', value: { start: '13:00', end: '14:00' } },
      {},
      'time_window {"start":"13:00","end":"14:00"}: false (the time is outside)',
    ],
    [
      { operator: 'bucket', value: { seed: 's', range: [0, 50] } },
      {},
      'bucket {"seed":"s","range":[0,50]}: false (there is no `targetingKey` to hash)',
    ],
    [{ not: { all: [] } }, {}, 'not: false (there is no condition in it)'],
    [{ operator: 'in_segment', value: 'nowhere' }, {}, 'in_segment "nowhere": error (there is no segment `nowhere`)'],
  ] as const)('says why: %j of %j', (condition, context, expected) => {
    expect(said(condition as Condition, context)).toBe(expected);
  });

  it('cuts long values off and survives those that cannot be shown', () => {
    expect(said({ attribute: 'x', operator: 'eq', value: 'a' }, { x: 'y'.repeat(500) })).toContain(
      `"${'y'.repeat(100)}…"`,
    );
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(said({ attribute: 'x', operator: 'eq', value: 'a' }, { x: loop })).toContain(
      'a value that JSON cannot carry',
    );
  });

  it('shows where a hash lies and what the ranges are', () => {
    const evaluator = evaluatorOf([flag('f', { rollout: { percent: 50, split: split(['on', 20], ['off', 30.5]) } })]);
    expect(lines(evaluator.explain('f', {}, NOW).trace)).toMatchInlineSnapshot(`
      [
        "flag f: DEFAULT (\`off\`, which is false: the context has no \`targetingKey\` to decide the split by)",
        "  rollout: DEFAULT (\`off\`, which is false: the context has no \`targetingKey\` to decide the split by)",
        "    percent: unknown (there is no \`targetingKey\` to hash; in are those from 0 % to 50 %)",
      ]
    `);
    expect(lines(evaluator.explain('f', { targetingKey: 'a' }, NOW).trace)).toMatchInlineSnapshot(`
      [
        "flag f: DEFAULT (\`off\`, which is false)",
        "  rollout: passed",
        "    percent: in (\`targetingKey\` lies at 16.6248 %; in are those from 0 % to 50 %)",
        "    split: none (\`targetingKey\` lies at 89.0263 %; \`on\` from 0 % to 20 %; \`off\` from 20 % to 50.5 %)",
      ]
    `);
    expect(lines(evaluator.explain('f', { targetingKey: 'b' }, NOW).trace)).toMatchInlineSnapshot(`
      [
        "flag f: DEFAULT (\`off\`, which is false)",
        "  rollout: passed",
        "    percent: in (\`targetingKey\` lies at 31.0075 %; in are those from 0 % to 50 %)",
        "    split: none (\`targetingKey\` lies at 72.4839 %; \`on\` from 0 % to 20 %; \`off\` from 20 % to 50.5 %)",
      ]
    `);
    expect(lines(evaluator.explain('f', { targetingKey: 'd' }, NOW).trace)).toMatchInlineSnapshot(`
      [
        "flag f: DEFAULT (\`off\`, which is false)",
        "  rollout: passed",
        "    percent: out (\`targetingKey\` lies at 89.0956 %; in are those from 0 % to 50 %)",
      ]
    `);
  });

  it('shows what ended an evaluation early', () => {
    const off = evaluatorOf(
      [
        flag('killed', { enabled: false }),
        flag('nobody', { rollout: { percent: 0, split: split(['on', 100]) } }),
        flag('everybody', { rollout: { split: split(['on', 100]) } }),
        flag('none', { enabled: false, off_variant: null }),
      ],
      [segment('off', { enabled: false })],
    );
    expect(off.keys.map((key) => lines(off.explain(key, {}, NOW).trace))).toMatchInlineSnapshot(`
      [
        [
          "flag everybody: SPLIT (\`on\`, which is true)",
          "  rollout: SPLIT (\`on\`, which is true)",
          "    split: on (no hash is needed; \`on\` from 0 % to 100 %)",
        ],
        [
          "flag killed: DISABLED (\`off\`, which is false)",
          "  enabled: DISABLED (\`off\`, which is false)",
        ],
        [
          "flag nobody: DEFAULT (\`off\`, which is false)",
          "  rollout: passed",
          "    percent: out (nobody enters)",
        ],
        [
          "flag none: DISABLED (the caller's own default value)",
          "  enabled: DISABLED (the caller's own default value)",
        ],
      ]
    `);
    expect(lines(off.explainMember('off', {}, NOW))).toEqual(['segment off: false', '  enabled: false']);
  });

  it('shows a fault where it was met', () => {
    const evaluator = evaluatorOf([
      flag('f', {
        rules: [
          rule({
            all: [
              { attribute: 'x', operator: 'exists' },
              { attribute: 'x', operator: malformed('like') },
            ],
          }),
        ],
      }),
    ]);
    expect(lines(evaluator.explain('f', { x: 1 }, NOW).trace)).toMatchInlineSnapshot(`
      [
        "flag f: ERROR_FALLBACK (the caller's own default value: there is no operator \`like\`)",
        "  rule r: error (there is no operator \`like\`)",
        "    all: error (there is no operator \`like\`)",
        "      x exists: true (\`x\` is 1)",
        "      x like: error (there is no operator \`like\`)",
      ]
    `);
  });
});
