import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvaluator } from '../../src/engine/evaluator.js';
import { constantAnswer } from '../../src/lifecycle/constancy.js';
import type { Flag } from '../../src/model/flag.js';

const NOW = Date.parse('2026-11-22T00:00:00Z');

const plain: Flag = {
  key: 'f',
  type: 'boolean',
  state: 'active',
  tags: [],
  metadata: {},
  expose: ['server'],
  variants: { on: true, off: false },
  bucket_by: 'targetingKey',
  seed: 'f',
  enabled: true,
  default: 'off',
  off_variant: 'off',
  overrides: {},
  prerequisites: [],
  rules: [],
};

const share = (percent: number) => ({ split: [{ variant: 'on', percent }] });

describe('the one answer for everybody', () => {
  it.each<[string, Partial<Flag>, string | null | undefined]>([
    ['the default, when nothing else decides', {}, 'off'],
    ['the default, `null` for the own one of callers', { default: null }, null],
    ['the off variant of a flag that is switched off', { enabled: false, default: 'on' }, 'off'],
    ['the off variant of a flag that has expired', { expires_at: '2026-11-21T00:00:00Z', default: 'on' }, 'off'],
    ['none of a flag that will expire', { expires_at: '2027-01-01T00:00:00Z' }, undefined],
    ['none of a flag that will start', { starts_at: '2027-01-01T00:00:00Z' }, undefined],
    ['what a full rollout gives', { rollout: share(100) }, 'on'],
    ['none of a rollout to some', { rollout: share(50) }, undefined],
    ['the default of a rollout to nobody', { rollout: share(0) }, 'off'],
    [
      'none of a rollout with steps ahead',
      { rollout: { ...share(100), steps: [{ at: '2027-01-01', percent: 100 }] } },
      undefined,
    ],
    ['what the last step gives', { rollout: { ...share(100), steps: [{ at: '2026-01-01', percent: 100 }] } }, 'on'],
    ['none where a list tells some apart', { overrides: { on: ['u'] } }, undefined],
    ['the same where a list is empty', { overrides: { on: [] } }, 'off'],
    [
      'the same where rule and default agree',
      { default: 'on', rules: [{ name: 'r', conditions: [], serve: 'on' }] },
      'on',
    ],
    ['none where a rule differs', { rules: [{ name: 'r', conditions: [], serve: 'on' }] }, undefined],
    [
      'none where a prerequisite may fail otherwise',
      { default: 'on', prerequisites: [{ flag: 'g', variants: ['on'] }] },
      undefined,
    ],
    ['none of an experiment with an audience', { experiment: { ...share(100), conditions: [] } }, undefined],
    [
      'none of an experiment in a slot',
      { experiment: { ...share(100), slot: { group: 'g', range: [0, 50] } } },
      undefined,
    ],
  ])('is %s', (_, change, answer) => {
    expect(constantAnswer({ ...plain, ...change }, NOW)).toBe(answer);
  });

  it('is what every context gets, now and later', () => {
    const variant = fc.constantFrom('on', 'off');
    const split = fc.constantFrom(
      [{ variant: 'on', percent: 100 }],
      [{ variant: 'off', percent: 100 }],
      [{ variant: 'on', percent: 40 }],
    );
    const rule = fc.record({
      name: fc.constant('r'),
      conditions: fc.constant([{ attribute: 'a', operator: 'eq' as const, value: 1 }]),
      serve: variant,
    });
    const flags = fc.record({
      enabled: fc.boolean(),
      default: variant,
      off_variant: variant,
      overrides: fc.constantFrom({}, { on: ['u1'] }, { off: ['u2'] }),
      rules: fc.array(rule, { maxLength: 1 }),
      rollout: fc.option(fc.record({ split }), { nil: undefined }),
    });
    fc.assert(
      fc.property(flags, ({ rollout, ...change }) => {
        const flag: Flag = { ...plain, ...change, ...(rollout && { rollout }) };
        const answer = constantAnswer(flag, NOW);
        if (answer === undefined) return;
        const { evaluate } = createEvaluator({ environment: 'e', flags: [flag], segments: [] });
        for (const targetingKey of ['u1', 'u2', 'u3', 'u4', 'u5']) {
          for (const a of [1, 2]) expect(evaluate('f', { targetingKey, a }, NOW + 1e11).variant).toBe(answer);
        }
      }),
    );
  });
});
