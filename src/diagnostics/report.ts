import type { Diagnostic } from './diagnostic.js';

export interface LintSummary {
  readonly errors: number;
  readonly warnings: number;
  /** How many files were read. */
  readonly files: number;
}

/** Every diagnostic of a flag repository, sorted by file, position and code. */
export interface LintReport {
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: LintSummary;
}

/** @param files how many files were read */
export function summarize(diagnostics: readonly Diagnostic[], files: number): LintSummary {
  const count = (severity: string): number => diagnostics.filter((one) => one.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), files };
}

/** 0: fine; 1: an error, or more warnings than are allowed. Without `maxWarnings` any number of warnings is. */
export function lintExitCode(report: LintReport, options: { readonly maxWarnings?: number } = {}): 0 | 1 {
  const { errors, warnings } = report.summary;
  return errors > 0 || warnings > (options.maxWarnings ?? Number.POSITIVE_INFINITY) ? 1 : 0;
}
