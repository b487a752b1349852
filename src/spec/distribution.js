/** The name under which those are counted who are served no variant; no variant can be called so. */
export const NO_VARIANT = '_none';
/** Evaluates the flag for `user-0` to `user-(sample - 1)`, each in the attribute that the flag buckets by. */
export function sampleShares(evaluator, flag, situation) {
  const counts = new Map(Object.keys(flag.variants).map((variant) => [variant, 0]));
  const rules = new Set();
  for (let number = 0; number < situation.sample; number += 1) {
    const context = { ...situation.context, [flag.bucket_by]: `user-${number}` };
    const { variant, rule } = evaluator.evaluate(flag.key, context, situation.now);
    counts.set(variant ?? NO_VARIANT, (counts.get(variant ?? NO_VARIANT) ?? 0) + 1);
    if (rule !== undefined) rules.add(rule);
  }
  return { ...percentages(counts, situation.sample), rules };
}
function percentages(counts, sample) {
  const entries = [...counts];
  return {
    shares: Object.fromEntries(entries.map(([variant, count]) => [variant, (count * 100) / sample])),
    variants: new Set(entries.flatMap(([variant, count]) => (count > 0 && variant !== NO_VARIANT ? [variant] : []))),
  };
}
/** Is every expected share met, give or take the tolerance? A variant that nobody was served has a share of 0. */
export function sharesMeet(shares, { expect, tolerance }) {
  return Object.entries(expect).every(
    ([variant, share]) => Math.abs((shares[variant] ?? 0) - share) <= tolerance + Number.EPSILON * 100,
  );
}
