import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvaluator } from '../../src/engine/evaluator.js';
import { constantAnswer, untouchedByTimeSince } from '../../src/lifecycle/constancy.js';
import type { Flag } from '../../src/model/flag.js';
import { context, now, repository } from '../diff/arbitrary.js';
import { snapshotOf } from '../diff/snapshots.js';

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

  const MEETINGS = [0, 1, 1e9, 1e10, 2e10, 1e11];

  it('is what every context gets, now and whenever later, of any flag in any repository', () => {
    let constant = 0;
    fc.assert(
      fc.property(repository, fc.array(context, { minLength: 12, maxLength: 12 }), (files, contexts) => {
        for (const definitions of snapshotOf(files).definitions.values()) {
          const { evaluate } = createEvaluator(definitions);
          for (const flag of definitions.flags.filter(({ state }) => state === 'active')) {
            const answer = constantAnswer(flag, now);
            if (answer === undefined) continue;
            constant += 1;
            const told = contexts.flatMap((one) => MEETINGS.map((later) => evaluate(flag.key, one, now + later)));
            expect(new Set(told.map(({ variant }) => variant ?? null))).toEqual(new Set([answer]));
          }
        }
      }),
      { numRuns: 80 },
    );
    expect(constant).toBeGreaterThan(10);
  });

  it('has been the same for as long as nothing that was planned has come', () => {
    let planned = 0;
    fc.assert(
      fc.property(repository, fc.array(context, { minLength: 10, maxLength: 10 }), (files, contexts) => {
        for (const definitions of snapshotOf(files).definitions.values()) {
          const { evaluate } = createEvaluator(definitions);
          for (const flag of definitions.flags.filter(({ state }) => state === 'active')) {
            const answer = constantAnswer(flag, now);
            const since = untouchedByTimeSince(flag, now);
            if (answer === undefined || since > now) continue;
            planned += Number.isFinite(since) ? 1 : 0;
            const times = [Math.max(since, 0), (Math.max(since, 0) + now) / 2];
            const told = contexts.flatMap((one) => times.map((time) => evaluate(flag.key, one, time)));
            expect(new Set(told.map(({ variant }) => variant ?? null))).toEqual(new Set([answer]));
          }
        }
      }),
      { numRuns: 80 },
    );
    expect(planned).toBeGreaterThan(0);
  });

  it('is missed of no flag that has nothing to tell users apart by', () => {
    const variant = fc.constantFrom('on', 'off');
    fc.assert(
      fc.property(variant, variant, fc.boolean(), (first, second, enabled) => {
        const flag: Flag = { ...plain, enabled, default: first, off_variant: second };
        expect(constantAnswer(flag, NOW)).toBe(enabled ? first : second);
      }),
    );
  });

  it.each([
    ['a step that has come', { rollout: { ...share(100), steps: [{ at: '2026-11-20', percent: 100 }] } }, '2026-11-20'],
    ['an end that has passed', { starts_at: '2026-01-01', expires_at: '2026-11-01' }, '2026-11-01'],
    ['nothing, where steps are to come', { rollout: { ...share(100), steps: [{ at: '2027-01-01', percent: 1 }] } }, ''],
    ['nothing, where it is switched off', { enabled: false, expires_at: '2026-11-01' }, ''],
  ])('stands since %s', (_, change, time) => {
    expect(untouchedByTimeSince({ ...plain, ...change }, NOW)).toBe(
      time === '' ? Number.NEGATIVE_INFINITY : Date.parse(time),
    );
  });
});
