import { FlagdCore } from '@openfeature/flagd-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryHash, percentOf, slotHash, variantHash } from '../../src/engine/bucket.js';
import type { Evaluation } from '../../src/model/evaluation.js';
import type { Flag, Split } from '../../src/model/flag.js';
import { evaluatorOf, flag, NOW, split } from './building.js';

const IDS = Array.from({ length: 100_000 }, (_, number) => `user-${number}`);
const VARIANTS = { red: 'red', green: 'green', blue: 'blue' };

function colours(key: string, more: Partial<Flag>): Flag {
  return flag(key, { type: 'string', variants: VARIANTS, default: 'red', off_variant: 'red', ...more });
}

/** The variant that each id gets, `undefined` where the split took nobody. */
function served(subject: Flag, ids: readonly string[] = IDS): (string | null | undefined)[] {
  const evaluator = evaluatorOf([subject]);
  return ids.map((id) => takenBy(evaluator.evaluate(subject.key, { targetingKey: id }, NOW)));
}

function takenBy({ reason, variant }: Evaluation): string | null | undefined {
  return reason === 'SPLIT' ? variant : undefined;
}

/** Pearson's statistic of observed counts against expected shares. */
function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, index) => {
    const expected = total * (shares[index] ?? Number.NaN);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** How often each pair of values occurs, for two lists of the same ids. */
function pairs(
  a: readonly unknown[],
  b: readonly unknown[],
  values: readonly (readonly [unknown, unknown])[],
): number[] {
  return values.map(([first, second]) => a.filter((value, index) => value === first && b[index] === second).length);
}

// One in a million by chance, for 3, 99 degrees of freedom. The ids are fixed, so a test that passes goes on passing.
const CRITICAL_3 = 30.7;
const CRITICAL_99 = 176;

describe('a split', () => {
  it('is uniform over 100,000 ids, for each of the three hashes', () => {
    for (const hash of [variantHash, entryHash, slotHash]) {
      const counts = new Array<number>(100).fill(0);
      for (const id of IDS) {
        const bin = Math.floor(percentOf(hash('checkout.one-page', id)));
        counts[bin] = (counts[bin] ?? Number.NaN) + 1;
      }
      expect(chiSquare(counts, new Array(100).fill(0.01))).toBeLessThan(CRITICAL_99);
    }
  });

  it('gives the shares that were written', () => {
    const result = served(
      colours('shares', { rollout: { split: split(['red', 20], ['green', 33.333], ['blue', 5]) } }),
    );
    const counts = ['red', 'green', 'blue', undefined].map(
      (variant) => result.filter((each) => each === variant).length,
    );
    expect(chiSquare(counts, [0.2, 0.33333, 0.05, 0.41667])).toBeLessThan(CRITICAL_3);
  });

  it('of one variant grows without moving anybody', () => {
    fc.assert(
      fc.property(fc.nat({ max: 100_000 }), fc.nat({ max: 100_000 }), (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((thousandths) =>
          served(colours('growing', { rollout: { split: split(['green', thousandths / 1000]) } }), IDS.slice(0, 300)),
        );
        less?.forEach((variant, index) => {
          if (variant === 'green') expect(more?.[index]).toBe('green');
        });
      }),
      { numRuns: 50 },
    );
  });

  it('with a percent grows without moving anybody between variants', () => {
    const grown = [1, 5, 20, 50, 99.999, 100].map((percent) =>
      served(
        colours('growing', { rollout: { percent, split: split(['green', 50], ['blue', 50]) } }),
        IDS.slice(0, 20_000),
      ),
    );
    grown.slice(1).forEach((after, step) => {
      grown[step]?.forEach((variant, index) => {
        if (variant !== undefined && after[index] !== variant) expect(after[index]).toBe(variant);
      });
    });
    expect(grown.at(-1)).not.toContain(undefined);
  });

  it('is independent of the same split in another flag', () => {
    const half = { rollout: { split: split(['green', 50], ['blue', 50]) } };
    const counts = pairs(served(colours('one', half)), served(colours('two', half)), [
      ['green', 'green'],
      ['green', 'blue'],
      ['blue', 'green'],
      ['blue', 'blue'],
    ]);
    expect(chiSquare(counts, [0.25, 0.25, 0.25, 0.25])).toBeLessThan(CRITICAL_3);
  });

  it('is independent of who enters', () => {
    const result = served(colours('traffic', { rollout: { percent: 20, split: split(['green', 50], ['blue', 50]) } }));
    const counts = ['green', 'blue', undefined].map((variant) => result.filter((each) => each === variant).length);
    expect(chiSquare(counts, [0.1, 0.1, 0.8])).toBeLessThan(CRITICAL_3);
  });

  it('gives the same id the same variant in every evaluator and at any time', () => {
    const subject = colours('stable', { rollout: { split: split(['green', 50], ['blue', 50]) } });
    const evaluator = evaluatorOf([subject]);
    const later = evaluatorOf([flag('other'), subject]);
    for (const targetingKey of IDS.slice(0, 1000)) {
      const first = evaluator.evaluate('stable', { targetingKey }, NOW);
      expect(evaluator.evaluate('stable', { targetingKey, country: 'DE' }, 0)).toBe(first);
      expect(later.evaluate('stable', { targetingKey }, NOW)).toEqual(first);
    }
  });

  it('serves what `bucket` says', () => {
    const evaluator = evaluatorOf([colours('placed', { rollout: { split: split(['green', 25], ['blue', 75]) } })]);
    for (const targetingKey of IDS.slice(0, 1000)) {
      const place = evaluator.bucket('placed', { targetingKey }) ?? Number.NaN;
      expect(evaluator.evaluate('placed', { targetingKey }, NOW).variant).toBe(place < 25 ? 'green' : 'blue');
    }
  });
});

describe('a group', () => {
  const half = split(['green', 50], ['blue', 50]);
  const slots = [
    [0, 30],
    [30, 70],
    [70, 100],
  ] as const;
  const members = slots.map((range, index) =>
    colours(`member-${index}`, { experiment: { slot: { group: 'checkout', range }, percent: 100, split: half } }),
  );

  it('puts nobody in two of its experiments, and everybody in one where the slots are everything', () => {
    const results = members.map((member) => served(member, IDS.slice(0, 20_000)));
    const experiments = IDS.slice(0, 20_000).map(
      (_, index) => results.filter((result) => result[index] !== undefined).length,
    );
    expect(new Set(experiments)).toEqual(new Set([1]));
  });

  it.each(['checkout', 'button-colour'])(
    'gives a flag named %s its shares: slot, percent and split are independent',
    (key) => {
      const experiment = {
        slot: { group: 'checkout', range: [0, 50] as const },
        percent: 40,
        split: split(['green', 25], ['blue', 75]),
      };
      const result = served(colours(key, { experiment }));
      const counts = ['green', 'blue', undefined].map((variant) => result.filter((each) => each === variant).length);
      expect(chiSquare(counts, [0.05, 0.15, 0.8])).toBeLessThan(CRITICAL_3);
    },
  );

  it('draws no two of the three hashes together', () => {
    for (const [a, b] of [
      [variantHash, entryHash],
      [variantHash, slotHash],
      [entryHash, slotHash],
    ] as const) {
      const upper = (hash: typeof a) => IDS.map((id) => hash('checkout', id) >= 2 ** 31);
      const counts = pairs(upper(a), upper(b), [
        [true, true],
        [true, false],
        [false, true],
        [false, false],
      ]);
      expect(chiSquare(counts, [0.25, 0.25, 0.25, 0.25])).toBeLessThan(CRITICAL_3);
    }
  });
});

describe('flagd', () => {
  const logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

  /** flagd wants whole numbers: thousandths of a percent. */
  function flagd(shares: Split): FlagdCore {
    const fractional = shares.map(({ variant, percent }) => [variant, Math.round(percent * 1000)]);
    const core = new FlagdCore(undefined, logger);
    const definition = { state: 'ENABLED', variants: VARIANTS, defaultVariant: 'red', targeting: { fractional } };
    core.setConfigurations(JSON.stringify({ flags: { 'checkout.one-page': definition } }));
    return core;
  }

  it.each([
    [split(['green', 50], ['blue', 50])],
    [split(['red', 33.333], ['green', 33.333], ['blue', 33.334])],
    [split(['green', 0.001], ['blue', 99.999])],
    [split(['blue', 10], ['red', 0], ['green', 90])],
  ])('keeps everybody in their variant with %j', (shares) => {
    const core = flagd(shares);
    const evaluator = evaluatorOf([colours('checkout.one-page', { rollout: { split: shares } })]);
    const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 1 });
    fc.assert(
      fc.property(fc.oneof(ascii, fc.uuid(), fc.emailAddress()), (targetingKey) => {
        const theirs = core.resolveStringEvaluation('checkout.one-page', 'none', { targetingKey }, logger);
        expect(evaluator.evaluate('checkout.one-page', { targetingKey }, NOW).variant).toBe(theirs.variant);
      }),
      { numRuns: 500 },
    );
  });
});
