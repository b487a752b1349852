import { describe, expect, it } from 'vitest';
import { windowIn } from '../../src/experiment/window.js';
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

const idOf = (experiment: Experiment, more?: Partial<Flag>, at = NOW) => windowIn(flag(experiment, more), at)?.id;

describe('a window of an experiment', () => {
  const usual = idOf({ split: even });

  it.each<[string, string | undefined]>([
    ['more users', idOf({ split: even, percent: 20 })],
    ['another hypothesis', idOf({ split: even, hypothesis: 'h' })],
    [
      'rules and overrides',
      idOf({ split: even }, { overrides: { a: ['u'] }, rules: [{ name: 'r', conditions: [], serve: 'a' }] }),
    ],
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

  it('is none of a flag without an experiment', () => {
    const { experiment: _, ...plain } = flag({});
    expect(windowIn(plain, NOW)).toBeUndefined();
  });
});
