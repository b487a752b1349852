import type { ErrorCode, Evaluation, Reason, Trace } from '../model/evaluation.js';
import type { Json } from '../model/json.js';

/** An answer as `flagstaff eval` prints it; its shape is `schemas/output/eval.schema.json`. */
export interface EvaluationRow {
  /** The line that the context stood on, from 1. */
  readonly line?: number;
  readonly flag: string;
  readonly value: Json;
  readonly variant: string | null;
  readonly reason: Reason;
  readonly rule?: string;
  readonly error_code?: ErrorCode;
  /** The variant hash as a percentage in [0, 100). */
  readonly bucket?: number;
  /** The commit that the flags were read from. */
  readonly version?: string;
  readonly trace?: Trace;
}

/** What is known beside the answer itself. */
export interface RowParts {
  /** What the caller would go on with where no variant is served. */
  readonly fallback: Json;
  readonly bucket: number | undefined;
  readonly line: number | undefined;
  readonly trace: Trace | undefined;
  readonly version: string | undefined;
}

/** Made once for each of possibly millions of answers, so without intermediate objects. */
export function evaluationRow(
  evaluation: Evaluation,
  { fallback, bucket, line, trace, version }: RowParts,
): EvaluationRow {
  const { flag, variant, reason, rule, error_code } = evaluation;
  const value = variant === null ? fallback : (evaluation.value ?? null);
  const row: Writable<EvaluationRow> =
    line === undefined ? { flag, value, variant, reason } : { line, flag, value, variant, reason };
  if (rule !== undefined) row.rule = rule;
  if (error_code !== undefined) row.error_code = error_code;
  if (bucket !== undefined) row.bucket = bucket;
  if (version !== undefined) row.version = version;
  if (trace !== undefined) row.trace = trace;
  return row;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
