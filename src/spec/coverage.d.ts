import type { Snapshot } from '../model/snapshot.js';
import type { CaseResult } from './case.js';
/**
 * One thing that a case should exercise:
 * - `environment`: the flag as it stands in these environments (where it stands the same, one of them is enough);
 * - `rule`: a rule that decides, in one of the environments where it stands just so and the flag is enabled;
 * - `variant`: a variant that the flag can serve, served in any environment;
 * - `answer`: a segment's `member` or `not a member`.
 */
export interface CoverageUnit {
  readonly kind: 'environment' | 'rule' | 'variant' | 'answer';
  readonly flag?: string;
  readonly segment?: string;
  readonly name: string;
  readonly environments?: readonly string[];
}
export interface Coverage {
  /** 100 when there is nothing to cover. */
  readonly percent: number;
  readonly covered: number;
  readonly total: number;
  /** By flag, then by segment, in the order of the keys. */
  readonly missing: readonly CoverageUnit[];
}
export declare const ANSWERS: {
  readonly yes: 'member';
  readonly no: 'not a member';
};
/** Which rules, variants, environments and segments the cases exercised, told by what their evaluations touched. */
export declare function coverageOf(snapshot: Snapshot, results: readonly CaseResult[]): Coverage;
