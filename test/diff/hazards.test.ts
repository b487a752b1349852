import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deltaOf } from '../../src/diff/delta.js';
import { createEvaluator } from '../../src/engine/evaluator.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { oneFlag, snapshotOf } from './snapshots.js';

const now = Date.parse('2026-06-01T00:00:00Z');

function hazards(before: Snapshot, after: Snapshot) {
  return deltaOf(before, after, { from: 'a', to: 'b', now }).hazards.map(({ kind, path, moved, needed }) => [
    kind,
    path,
    moved,
    needed,
  ]);
}

const letters = (split: object, more: object = {}) =>
  snapshotOf({
    'a.flag.yaml': {
      key: 'a',
      type: 'string',
      variants: { x: 'x', y: 'y', z: 'z' },
      default: 'z',
      rollout: { split },
      ...more,
    },
  });

describe('a hazard', () => {
  it.each<[string, Snapshot, Snapshot, unknown[][]]>([
    [
      'another order',
      letters({ x: 50, y: 50 }),
      letters({ y: 50, x: 50 }),
      [['split_reordered', '/rollout/split', 1, 0]],
    ],
    [
      'several weights',
      letters({ x: 30, y: 30 }),
      letters({ x: 40, y: 30 }),
      [['split_reweighted', '/rollout/split', 0.2, 0.1]],
    ],
    [
      'another seed',
      letters({ x: 50, y: 50 }),
      letters({ x: 50, y: 50 }, { seed: 'new' }),
      [['seed_changed', '/seed', 0.5, 0]],
    ],
    [
      'another unit',
      letters({ x: 50, y: 50 }),
      letters({ x: 50, y: 50 }, { bucket_by: 'company' }),
      [['bucket_by_changed', '/bucket_by', 0.5, 0]],
    ],
    [
      'another name for a variant',
      letters({ x: 20, y: 80 }),
      snapshotOf({
        'a.flag.yaml': {
          key: 'a',
          type: 'string',
          variants: { w: 'x', y: 'y', z: 'z' },
          default: 'z',
          rollout: { split: { w: 20, y: 80 } },
        },
      }),
      [['variant_renamed', '/variants/w', 0.2, 0]],
    ],
  ])('is %s', (_, before, after, expected) => {
    expect(hazards(before, after)).toEqual(expected);
  });

  const slotted = (key: string, range: [number, number]) =>
    oneFlag(
      { experiment: { split: { on: 50, off: 50 } } },
      { 'g.group.yaml': { key, slots: [{ flag: 'checkout', range }] } },
    );

  it('is a slot that moves, and a group with another key', () => {
    expect(hazards(slotted('g', [0, 50]), slotted('g', [50, 100]))).toEqual([
      ['slot_moved', '/experiment/slot', 0.5, 0],
    ]);
    expect(hazards(slotted('g', [0, 50]), slotted('h', [0, 50]))).toEqual([
      ['group_changed', '/experiment/slot', 0.25, 0],
    ]);
    expect(hazards(slotted('g', [0, 50]), slotted('g', [0, 80]))).toEqual([]);
  });

  it('in a rule is told of the rule', () => {
    const rule = (split: object) =>
      letters({ x: 10 }, { rules: [{ name: 'r', conditions: [{ attribute: 'p', operator: 'exists' }], split }] });
    expect(hazards(rule({ x: 30, y: 70 }), rule({ y: 70, x: 30 }))).toEqual([
      ['split_reordered', '/rules/r/split', 0.6, 0],
    ]);
  });

  it('of one seed in many places is told once, by the worst', () => {
    const both = (seed: string) =>
      letters(
        { x: 10 },
        { seed, rules: [{ name: 'r', conditions: [{ attribute: 'p', operator: 'exists' }], split: { x: 50, y: 50 } }] },
      );
    expect(hazards(both('1'), both('2'))).toEqual([['seed_changed', '/seed', 0.5, 0]]);
  });
});

describe('no hazard', () => {
  it.each<[string, Snapshot, Snapshot]>([
    ['a share that grows alone', letters({ x: 20 }), letters({ x: 30 })],
    ['the last share that grows', letters({ x: 20, y: 30 }), letters({ x: 20, y: 50 })],
    [
      'entry that grows',
      letters({ x: 50, y: 50 }, { rollout: { percent: 10, split: { x: 50, y: 50 } } }),
      letters({ x: 50, y: 50 }),
    ],
    ['a flag that was off', letters({ x: 50, y: 50 }, { enabled: false }), letters({ y: 50, x: 50 })],
    ['a flag that is off now', letters({ x: 50, y: 50 }), letters({ y: 50, x: 50 }, { enabled: false })],
    ['another default', letters({ x: 20 }), letters({ x: 20 }, { default: 'y' })],
  ])('is %s', (_, before, after) => {
    expect(hazards(before, after)).toEqual([]);
  });
});

it('what is moved and what is needed is what evaluating many users shows', () => {
  const split = fc
    .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), fc.boolean())
    .map(([one, two, swapped]) => {
      const [x, y] = [one, Math.round(((100 - one) * two) / 100)];
      return swapped ? { y, x } : { x, y };
    });
  fc.assert(
    fc.property(split, split, (one, other) => {
      const [before, after] = [letters(one), letters(other)];
      const { moved, gained } = counted(before, after, 10_000);
      const [hazard] = deltaOf(before, after, { from: 'a', to: 'b', now }).hazards;
      if (hazard) {
        expect(Math.abs(hazard.moved - moved)).toBeLessThan(0.03);
        expect(Math.abs(hazard.needed - gained)).toBeLessThan(0.03);
      } else {
        expect(Math.abs(moved - gained)).toBeLessThan(0.03);
      }
    }),
    { numRuns: 40 },
  );
});

/** How many users get another variant, and how much the variants that gain users gain together. */
function counted(before: Snapshot, after: Snapshot, users: number) {
  const [old, current] = [before, after].map(({ definitions }) =>
    createEvaluator(definitions.get('production') ?? { environment: '', flags: [], segments: [] }),
  );
  const balance = new Map<string, number>();
  let moved = 0;
  for (let user = 0; user < users; user += 1) {
    const [from = '', to = ''] = [old, current].map(
      (side) => side?.evaluate('a', { targetingKey: `${user}` }, now).variant ?? '',
    );
    if (from === to) continue;
    moved += 1;
    balance.set(from, (balance.get(from) ?? 0) - 1);
    balance.set(to, (balance.get(to) ?? 0) + 1);
  }
  const gained = [...balance.values()].reduce((sum, gain) => sum + Math.max(0, gain), 0);
  return { moved: moved / users, gained: gained / users };
}
