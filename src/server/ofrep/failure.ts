import type { ErrorCode } from '../../model/evaluation.js';
import type { Problem } from '../problem.js';

/** What OFREP answers in place of an evaluation, as JSON text. `metadata` is there, since some clients insist. */
export function encodeFailure(key: string | undefined, errorCode: ErrorCode, errorDetails: string): string {
  return JSON.stringify({ ...(key === undefined ? {} : { key }), errorCode, errorDetails, metadata: {} });
}

/** A problem in OFREP's words. */
export function ofrepFailure(problem: Problem, key: string | undefined): string {
  return encodeFailure(key, problem.extra.errorCode ?? 'GENERAL', problem.detail);
}
