import type { CaseResult } from './case.js';
import type { Coverage } from './coverage.js';
/** What a run of flag tests came to. */
export interface TestReport {
  readonly results: readonly CaseResult[];
  /** Only where it was asked for. */
  readonly coverage?: Coverage;
}
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
}
export declare function summarizeTests({ results }: TestReport): TestSummary;
/** @param least percent; without it, coverage is no reason to fail */
export declare function coversEnough({ coverage }: TestReport, least: number | undefined): boolean;
