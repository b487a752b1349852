import type { CaseResult } from '../spec/case.js';
import { summarizeTests, type TestReport } from '../spec/report.js';
import type { ShownPath } from './diagnostics-json.js';

/** The report as JSON; its shape is `schemas/output/test.schema.json`. Only a case that failed has a trace. */
export function testsJson(report: TestReport, shownPath: ShownPath): string {
  return `${JSON.stringify(testsData(report, shownPath), null, 2)}\n`;
}

/** The report as data. */
export function testsData(report: TestReport, shownPath: ShownPath): object {
  const { results, coverage } = report;
  const cases = results.map((result) => asShown(result, shownPath));
  return { cases, summary: summarizeTests(report), ...(coverage && { coverage }) };
}

function asShown({ exercised: _, trace, ...result }: CaseResult, shownPath: ShownPath): object {
  return { ...result, file: shownPath(result.file), ...(!result.ok && trace && { trace }) };
}
