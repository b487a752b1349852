import type { Snapshot } from '../model/snapshot.js';
import { type BrokenCase, type CaseResult, type PlannedCase } from './case.js';
/** The instant of a case that names none, 2000-01-01T00:00:00Z: no test passes today and fails tomorrow. */
export declare const DEFAULT_NOW: number;
/**
 * Runs every case; the results are in the order of the cases. Pure and synchronous, nothing throws.
 * @param now milliseconds since 1970, for the cases that name no time
 */
export declare function runCases(
  snapshot: Snapshot,
  cases: readonly (PlannedCase | BrokenCase)[],
  now?: number,
): CaseResult[];
