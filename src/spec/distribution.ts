import type { Context } from '../model/context.js';
import type { Evaluator } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import { NO_VARIANT } from '../project/variant-places.js';
import type { Distribution } from './case.js';

export interface Shares {
  /** Variant to percent of the sample; `_none` for no variant. */
  readonly shares: Readonly<Record<string, number>>;
  readonly variants: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
}

/** Evaluates the flag for `user-0` to `user-(sample - 1)`, each in the attribute that the flag buckets by. */
export function sampleShares(
  evaluator: Evaluator,
  flag: Flag,
  situation: { readonly context: Context; readonly sample: number; readonly now: number },
): Shares {
  const counts = new Map(Object.keys(flag.variants).map((variant) => [variant, 0]));
  const rules = new Set<string>();
  for (let number = 0; number < situation.sample; number += 1) {
    const context = { ...situation.context, [flag.bucket_by]: `user-${number}` };
    const { variant, rule } = evaluator.evaluate(flag.key, context, situation.now);
    counts.set(variant ?? NO_VARIANT, (counts.get(variant ?? NO_VARIANT) ?? 0) + 1);
    if (rule !== undefined) rules.add(rule);
  }
  return { ...percentages(counts, situation.sample), rules };
}

function percentages(counts: ReadonlyMap<string, number>, sample: number): Pick<Shares, 'shares' | 'variants'> {
  const entries = [...counts];
  return {
    shares: Object.fromEntries(entries.map(([variant, count]) => [variant, (count * 100) / sample])),
    variants: new Set(entries.flatMap(([variant, count]) => (count > 0 && variant !== NO_VARIANT ? [variant] : []))),
  };
}

/** Is every expected share met, give or take the tolerance? A variant that nobody was served has a share of 0. */
export function sharesMeet(shares: Shares['shares'], { expect, tolerance }: Distribution): boolean {
  return Object.entries(expect).every(
    ([variant, share]) => Math.abs((shares[variant] ?? 0) - share) <= tolerance + Number.EPSILON * 100,
  );
}
