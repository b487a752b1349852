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
  readonly trace?: Trace;
}

export interface RowParts {
  readonly evaluation: Evaluation;
  /** What the caller would go on with where no variant is served. */
  readonly fallback: Json;
  readonly bucket: number | undefined;
  readonly line?: number;
  readonly trace?: Trace;
}

export function evaluationRow({ evaluation, fallback, bucket, line, trace }: RowParts): EvaluationRow {
  const { flag, value, variant, reason, rule, error_code } = evaluation;
  return {
    ...(line === undefined ? {} : { line }),
    flag,
    value: variant === null || value === undefined ? fallback : value,
    variant,
    reason,
    ...(rule === undefined ? {} : { rule }),
    ...(error_code === undefined ? {} : { error_code }),
    ...(bucket === undefined ? {} : { bucket }),
    ...(trace === undefined ? {} : { trace }),
  };
}
