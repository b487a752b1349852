import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvaluator } from '../../src/engine/evaluator.js';
import { windowsOf } from '../../src/experiment/window.js';
import type { Experiment, Flag } from '../../src/model/flag.js';

const NOW = Date.parse('2026-11-22T00:00:00Z');
const even = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];
const odd = [
  { variant: 'a', percent: 90 },
  { variant: 'b', percent: 10 },
];

function flag(experiment: Experiment, more: Partial<Flag> = {}): Flag {
  return {
    key: 'f',
    type: 'string',
    state: 'active',
    tags: [],
    metadata: {},
    expose: ['server'],
    variants: { a: 'x', b: 'y' },
    bucket_by: 'targetingKey',
    seed: 'f',
    enabled: true,
    default: 'a',
    off_variant: 'a',
    overrides: {},
    prerequisites: [],
    rules: [],
    experiment,
    ...more,
  };
}

const idOf = (experiment: Experiment, more?: Partial<Flag>, at = NOW) => windowsOf(flag(experiment, more))?.(at).id;

/** Who gets what in a population that nothing else decides about, in percent. */
function sharesOf(definition: Flag, at: number): Record<string, number> {
  const evaluator = createEvaluator({ environment: 'e', flags: [definition], segments: [] });
  const counts: Record<string, number> = { a: 0, b: 0 };
  for (let user = 0; user < 2000; user += 1) {
    const { reason, variant } = evaluator.evaluate('f', { targetingKey: `u${user}` }, at);
    if (reason === 'SPLIT' && variant !== null) counts[variant] = (counts[variant] ?? 0) + 1 / 20;
  }
  return counts;
}

describe('a window of an experiment', () => {
  const usual = idOf({ split: even });

  it.each<[string, string | undefined]>([
    ['more users', idOf({ split: even, percent: 20 })],
    ['another hypothesis', idOf({ split: even, hypothesis: 'h' })],
    [
      'rules and overrides',
      idOf({ split: even }, { overrides: { a: ['u'] }, rules: [{ name: 'r', conditions: [], serve: 'a' }] }),
    ],
    ['variants in another order', idOf({ split: even }, { variants: { b: 'y', a: 'x' } })],
    ['a step that is ahead', idOf({ split: even, steps: [{ at: '2026-12-01', split: odd }] })],
    ['a step of the percentage', idOf({ split: even, steps: [{ at: '2026-01-01', percent: 5 }] })],
  ])('goes on with %s', (_, id) => {
    expect(id).toBe(usual);
  });

  it.each<[string, string | undefined]>([
    ['another split', idOf({ split: odd })],
    ['another order', idOf({ split: [...even].reverse() })],
    ['another audience', idOf({ split: even, conditions: [{ attribute: 'x', operator: 'exists' }] })],
    ['another slot', idOf({ split: even, slot: { group: 'g', range: [0, 50] } })],
    ['another seed', idOf({ split: even }, { seed: 'g' })],
    ['another unit', idOf({ split: even }, { bucket_by: 'company' })],
    ['another value', idOf({ split: even }, { variants: { a: 'x', b: 'z' } })],
    ['a step of the split that has passed', idOf({ split: even, steps: [{ at: '2026-01-01', split: odd }] })],
  ])('ends with %s', (_, id) => {
    expect(id).not.toBe(usual);
    expect(id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('expects the split that the engine gives, whatever the steps replace', () => {
    const split = fc.integer({ min: 0, max: 100 }).map((percent) => [
      { variant: 'a', percent },
      { variant: 'b', percent: 100 - percent },
    ]);
    const step = fc.record({ split, percent: fc.constantFrom(60, 100) }, { requiredKeys: [] });
    const steps = fc
      .array(step, { minLength: 1, maxLength: 4 })
      .map((list) => list.map((one, day) => ({ at: `2026-11-1${day}`, ...one })));
    fc.assert(
      fc.property(split, steps, fc.integer({ min: 0, max: 5 }), (own, all, day) => {
        const at = Date.parse(`2026-11-1${day}T12:00:00Z`);
        const running = flag({ split: own, steps: all });
        const shares = sharesOf(running, at);
        const taken = (shares.a ?? 0) + (shares.b ?? 0);
        const expected = windowsOf(running)?.(at).split ?? [];
        for (const { variant, percent } of expected) {
          expect(Math.abs(((shares[variant] ?? 0) / taken) * 100 - percent)).toBeLessThan(5);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is none of a flag without an experiment', () => {
    const { experiment: _, ...plain } = flag({});
    expect(windowsOf(plain)).toBeUndefined();
  });
});
