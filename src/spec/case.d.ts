import type { Evaluation, Trace } from '../model/evaluation.js';
import type { Json, JsonObject } from '../model/json.js';
export type Subject =
  | {
      readonly flag: string;
    }
  | {
      readonly segment: string;
    };
/** What an answer should be; only the keys that are there are compared. */
export interface Expectation {
  readonly value?: Json;
  readonly variant?: string | null;
  readonly reason?: string;
  readonly rule?: string | null;
  readonly error_code?: string | null;
  readonly member?: boolean | string;
}
/** The shares, in percent, that `sample` generated users should fall into, give or take `tolerance` points. */
export interface Distribution {
  readonly sample: number;
  readonly expect: Readonly<Record<string, number>>;
  readonly tolerance: number;
}
/** Places on the hash circles of a flag, in percent, at which a generated user should stand. */
export interface Places {
  /** the variant hash */
  readonly bucket: number;
  /** the hash that decides who enters a rollout with `percent` */
  readonly entry?: number;
}
/** One combination of one case, the file's defaults filled in. */
export interface PlannedCase {
  readonly file: string;
  readonly name: string;
  readonly subject: Subject;
  readonly environment: string;
  readonly context: JsonObject;
  /** RFC 3339 */
  readonly now?: string;
  readonly places?: Places;
  readonly expect?: Expectation;
  readonly distribution?: Distribution;
}
/** A case that cannot be run, and why; it counts as failed. */
export interface BrokenCase {
  readonly file: string;
  readonly name: string;
  readonly problem: string;
}
/** The generated user of a case with places. */
export interface Placed {
  /** the attribute that the flag buckets by */
  readonly attribute: string;
  readonly unit: string;
  /** where the unit really stands, in percent */
  readonly bucket: number;
}
/** What the evaluations of a case touched: what coverage counts. */
export interface Exercised {
  readonly environment: string;
  readonly flag?: string;
  readonly variants: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  /** Segments that were asked, and whether the user was a member. */
  readonly segments: readonly SegmentAnswer[];
}
export interface SegmentAnswer {
  readonly segment: string;
  readonly member: boolean;
}
export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly flag?: string;
  readonly segment?: string;
  readonly environment?: string;
  readonly ok: boolean;
  readonly expected: JsonObject;
  readonly actual: JsonObject;
  /** Why the case could not be run. */
  readonly problem?: string;
  readonly placed?: Placed;
  /** How the answer came about; a distribution has none. */
  readonly trace?: Trace;
  readonly exercised?: Exercised;
}
/** The keys of an answer that a case may expect; what is not there is `null`. */
export declare function answerOf(evaluation: Evaluation): JsonObject;
