import type { Context } from '../model/context.js';
import type { Evaluator } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import type { Distribution } from './case.js';
/** The name under which those are counted who are served no variant; no variant can be called so. */
export declare const NO_VARIANT = '_none';
export interface Shares {
  /** Variant to percent of the sample; `_none` for no variant. */
  readonly shares: Readonly<Record<string, number>>;
  readonly variants: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
}
/** Evaluates the flag for `user-0` to `user-(sample - 1)`, each in the attribute that the flag buckets by. */
export declare function sampleShares(
  evaluator: Evaluator,
  flag: Flag,
  situation: {
    readonly context: Context;
    readonly sample: number;
    readonly now: number;
  },
): Shares;
/** Is every expected share met, give or take the tolerance? A variant that nobody was served has a share of 0. */
export declare function sharesMeet(shares: Shares['shares'], { expect, tolerance }: Distribution): boolean;
