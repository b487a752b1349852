import type { Context } from './context.js';
import type { Json } from './json.js';

/** Why a flag served what it served; the table of steps in docs/format.md gives each its meaning. */
const REASONS = [
  'ERROR_FALLBACK',
  'DISABLED',
  'INACTIVE',
  'OVERRIDE',
  'PREREQUISITE_FAILED',
  'TARGETING_MATCH',
  'SPLIT',
  'DEFAULT',
  'STATIC',
] as const;
export type Reason = (typeof REASONS)[number];

export function isReason(text: string): text is Reason {
  return (REASONS as readonly string[]).includes(text);
}

/** OpenFeature's error codes. */
export type ErrorCode =
  | 'FLAG_NOT_FOUND'
  | 'TYPE_MISMATCH'
  | 'PARSE_ERROR'
  | 'TARGETING_KEY_MISSING'
  | 'INVALID_CONTEXT'
  | 'PROVIDER_NOT_READY'
  | 'GENERAL';

/**
 * One answer. `variant: null` means that no variant was served: `value` is then undefined
 * and the caller's own default counts. Evaluations are frozen and may be shared.
 */
export interface Evaluation {
  readonly flag: string;
  readonly value: Json | undefined;
  readonly variant: string | null;
  readonly reason: Reason;
  /** The name of the rule that decided. */
  readonly rule?: string;
  /** The segment that the deciding rule requires. */
  readonly segment?: string;
  readonly error_code?: ErrorCode;
  /** For people: what went wrong. */
  readonly error_message?: string;
}

/** One step of an explanation; `outcome` is a short word, `detail` a sentence for people. */
export interface Trace {
  readonly step: string;
  readonly outcome: string;
  readonly detail: string;
  readonly children: readonly Trace[];
}

export interface Explanation {
  readonly evaluation: Evaluation;
  readonly trace: Trace;
}

/** Flags and segments of one environment, compiled once. Pure and synchronous; nothing here throws. */
export interface Evaluator {
  readonly environment: string;
  /** Keys of the flags that are served (archived ones are not), sorted by code unit. */
  readonly keys: readonly string[];
  /** @param now milliseconds since 1970 */
  evaluate(key: string, context: Context | undefined, now: number): Evaluation;
  /** The same answers as one `evaluate` each, with segments and prerequisites decided once for all of them. */
  evaluateAll(keys: readonly string[], context: Context | undefined, now: number): Evaluation[];
  /** The same answer as `evaluate`, with the way to it. */
  explain(key: string, context: Context | undefined, now: number): Explanation;
  /** Is this context a member of that segment? `undefined` when the segment is unknown or cannot be evaluated. */
  isMember(segment: string, context: Context | undefined, now: number): boolean | undefined;
  /** As `isMember`, with the way to it. */
  explainMember(segment: string, context: Context | undefined, now: number): Trace;
  /** The flag's variant hash of this context as a percentage in [0, 100); `undefined` without a unit or a flag. */
  bucket(key: string, context: Context | undefined): number | undefined;
  /** What the flag's hashes take of this context, as text; `undefined` without a unit or a flag. */
  unit(key: string, context: Context | undefined): string | undefined;
}
