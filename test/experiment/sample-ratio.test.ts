import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arm, sampleRatio } from '../../src/experiment/sample-ratio.js';

const arms = (counts: readonly number[], expected?: readonly number[]): Arm[] =>
  counts.map((users, at) => ({ variant: `v${at}`, users, expected: expected?.[at] ?? 100 / counts.length }));

/** mulberry32, so that a simulation gives the same each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Looks after every `every` users; the number of users at which it is first called skewed, or nothing. */
function watch(share: number, users: number, every: number, draw: () => number): number | undefined {
  let on = 0;
  for (let total = 1; total <= users; total += 1) {
    if (draw() < share) on += 1;
    if (total % every === 0 && sampleRatio(arms([on, total - on])).state === 'skewed') return total;
  }
  return undefined;
}

const VECTORS: [number[], number[], number, number][] = [
  [[5010, 2990, 2000], [50, 30, 20], 0.973685749353145, 0.04880327283197991],
  [[5300, 2900, 1800], [50, 30, 20], 1.0582315547159978e-9, 20808256.045980353],
  [[821588, 815482], [50, 50], 1.8217928726191858e-6, 1534.842574163197],
  [[1020, 980, 1015, 1100], [25, 25, 25, 25], 0.05748045266395714, 0.9820350111409998],
  [[9000, 950], [90, 10], 0.13264211238911575, 0.6628179139800834],
  [[300, 310, 290, 305, 250], [20, 20, 20, 20, 20], 0.09259044672025717, 1.362056073641044],
  [[12000, 11000], [50, 50], 4.2869547772925086e-11, 255405913.75264275],
];

describe('the sample ratio test', () => {
  // Fabijan et al., "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments" (KDD 2019): 821,588 against
  // 815,482 users of a 50/50 split have a p-value of 1.8e-6. The others are upper tails of the chi-square distribution
  // from statistical tables: 10.828 at one degree of freedom is 0.001, 13.816 at two.
  it.each<[string, Arm[], number, number]>([
    ['the experiment of Fabijan et al.', arms([821_588, 815_482]), 1.8e-6, 1],
    ['one degree of freedom at 0.001', arms([5000 + 50 * Math.sqrt(10.828), 5000 - 50 * Math.sqrt(10.828)]), 0.001, 2],
    ['two degrees of freedom at 0.001', arms([3000 + 143.955, 3000 - 143.955, 3000]), 0.001, 3],
    ['even counts', arms([500, 500]), 1, 10],
  ])('knows %s', (_, counts, p, digits) => {
    expect(sampleRatio(counts).p / p).toBeCloseTo(1, digits === 10 ? 10 : 1);
  });

  // Computed by scipy 1.17: `chisquare` and, for the evidence, `gammaln`.
  it.each<[number[], number[], number, number]>(VECTORS)(
    'agrees with scipy on %j of %j',
    (users, expected, p, evidence) => {
      const judged = sampleRatio(arms(users, expected));
      expect(judged.p / p).toBeCloseTo(1, 9);
      expect(judged.evidence / evidence).toBeCloseTo(1, 6);
    },
  );

  it('has no underflow: what is absurd is as small as can be, and skewed', () => {
    expect(sampleRatio(arms([1_000_000, 0]))).toMatchObject({ state: 'skewed', p: Number.MIN_VALUE, deviation: 50 });
    expect(sampleRatio(arms([1e9, 1.1e9])).state).toBe('skewed');
  });

  it('has no evidence that JSON would make nothing of', () => {
    expect(sampleRatio(arms([60_000, 40_000]))).toMatchObject({ state: 'skewed', evidence: Number.MAX_VALUE });
  });

  it('says nothing of fewer than 100 users in a variant', () => {
    expect(sampleRatio(arms([99, 150])).state).toBe('too_few');
    expect(sampleRatio(arms([0, 0]))).toEqual({ state: 'too_few', p: 1, deviation: 0, evidence: 1, leaks: [] });
    expect(sampleRatio(arms([7])).state).toBe('too_few');
    expect(sampleRatio(arms([100, 100])).state).toBe('balanced');
  });

  it('does not take an empty variant for one with too few users yet', () => {
    expect(sampleRatio(arms([400, 0])).state).toBe('skewed');
  });

  it('only suspects what one look in a thousand would show', () => {
    expect(sampleRatio(arms([120, 200])).state).toBe('suspected');
    expect(sampleRatio(arms([1200, 2000])).state).toBe('skewed');
  });

  it('tells leaks into variants of no weight apart, and does not test them', () => {
    const judged = sampleRatio(arms([500, 510, 3], [50, 50, 0]));
    expect(judged).toMatchObject({ state: 'balanced', leaks: ['v2'] });
    expect(judged.p).toBeGreaterThan(0.5);
  });

  it('does not depend on the order of the variants', () => {
    const counts = fc.array(fc.tuple(fc.nat(100_000), fc.integer({ min: 1, max: 10 })), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(counts, (cells) => {
        const weight = cells.reduce((sum, [, one]) => sum + one, 0);
        const all = cells.map(([users, one], at) => ({ variant: `v${at}`, users, expected: (100 * one) / weight }));
        const [there, back] = [sampleRatio(all), sampleRatio([...all].reverse())];
        expect(back.state).toBe(there.state);
        expect(back.p).toBeCloseTo(there.p, 8);
      }),
    );
  });
});

describe('watched all the time', () => {
  it('calls a right split wrong in at most 1 of 1000 experiments', () => {
    const alarms = Array.from({ length: 2000 }, (_, seed) => watch(0.5, 5000, 50, random(seed + 1)));
    expect(alarms.filter((at) => at !== undefined).length).toBeLessThanOrEqual(6);
  });

  it('finds 48/52 in place of 50/50 before 25,000 users, nearly always', () => {
    const found = Array.from({ length: 100 }, (_, seed) => watch(0.48, 25_000, 100, random(seed + 1)));
    expect(found.filter((at) => at !== undefined).length).toBeGreaterThanOrEqual(95);
  });
});
