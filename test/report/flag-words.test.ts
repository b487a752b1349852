import { describe, expect, it } from 'vitest';
import type { Flag } from '../../src/model/flag.js';
import { flagWords } from '../../src/report/flag-words.js';

const now = Date.parse('2026-12-01T12:00:00Z');

const flag: Flag = {
  key: 'a',
  type: 'boolean',
  state: 'active',
  tags: [],
  metadata: {},
  expose: ['server'],
  variants: { on: true, off: false },
  bucket_by: 'targetingKey',
  seed: 'a',
  enabled: true,
  default: 'off',
  off_variant: 'off',
  overrides: {},
  prerequisites: [],
  rules: [],
};

const rule = { name: 'r', conditions: [], serve: 'on' };
const steps = [
  { at: '2026-12-01T09:00:00Z', percent: 5 },
  { at: '2026-12-14T09:00:00Z', percent: 100 },
];
const half = [
  { variant: 'on', percent: 50 },
  { variant: 'off', percent: 50 },
];

describe('what a flag does, in few words', () => {
  it.each<[string, Partial<Flag>]>([
    ['off', {}],
    ['no variant', { default: null }],
    ['archived', { state: 'archived', enabled: false }],
    ['killed: off', { enabled: false, rules: [rule] }],
    ['no variant', { enabled: false, off_variant: null }],
    ['from 2026-12-02', { starts_at: '2026-12-02', rules: [rule] }],
    ['1 rule', { starts_at: '2026-12-01', rules: [rule] }],
    ['expired', { expires_at: '2026-12-01T12:00:00Z' }],
    ['2 rules', { expires_at: '2026-12-01T12:00:00.001Z', rules: [rule, rule] }],
    ['3 overrides', { overrides: { on: ['a', 'b'], off: ['c'] } }],
    [
      'prerequisite, 1 override, 1 rule',
      { prerequisites: [{ flag: 'b', variants: ['on'] }], overrides: { on: ['a'] }, rules: [rule] },
    ],
    ['25 % on', { rollout: { split: [{ variant: 'on', percent: 25 }] } }],
    ['0 %', { rollout: { percent: 0, split: half } }],
    ['10 % on / 10 % off', { rollout: { percent: 20, split: half } }],
    ['2.5 % on / 2.5 % off', { rollout: { steps, split: half } }],
    ['0 %', { rollout: { steps: steps.slice(1), split: half } }],
    ['7 % on', { rollout: { steps: [{ at: '2026-11-01', split: [{ variant: 'on', percent: 7 }] }] } }],
    ['experiment 20 %', { experiment: { percent: 20, split: half } }],
    ['experiment 100 %', { experiment: { split: half } }],
    ['80 % split', { rollout: { percent: 80, split: [...half, ...half].map((share) => ({ ...share, percent: 25 })) } }],
  ])('%s', (words, part) => {
    expect(flagWords({ ...flag, ...part }, now)).toBe(words);
  });
});
