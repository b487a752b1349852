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

export function summarizeTests({ results }: TestReport): TestSummary {
  const passed = results.filter(({ ok }) => ok).length;
  return { passed, failed: results.length - passed };
}

/** @param least percent; without it, coverage is no reason to fail */
export function coversEnough({ coverage }: TestReport, least: number | undefined): boolean {
  if (coverage === undefined || least === undefined) return true;
  return coverage.covered * 100 >= coverage.total * least;
}
