import type { ChalkInstance } from 'chalk';
import type { Json, JsonObject } from '../model/json.js';
import type { CaseResult } from '../spec/case.js';
import type { Coverage, CoverageUnit } from '../spec/coverage.js';
import { summarizeTests, type TestReport } from '../spec/report.js';
import type { ShownPath } from './diagnostics-json.js';
import { traceTree } from './evaluation-explanation.js';
import { palette } from './palette.js';
import { printable } from './printable.js';

/** Each case that failed with what was expected, what came and the way to it; then the sums. */
export function testsText(
  report: TestReport,
  options: { readonly shownPath: ShownPath; readonly colour: boolean; readonly all?: boolean },
): string {
  const paint = palette(options.colour);
  const cases = report.results.flatMap((result) => {
    const title = `${printable(options.shownPath(result.file))}  ${paint.bold(printable(result.name))}`;
    if (!result.ok) return [`${paint.red('failed')}  ${title}\n${indented(failureLines(result, paint))}`];
    return options.all ? [`${paint.green('passed')}  ${title}\n`] : [];
  });
  const coverage = report.coverage ? coverageText(report.coverage, paint) : '';
  return [...cases, coverage, `${summaryLine(report, paint)}\n`].join('');
}

/** What is to be said of a case that failed. */
export function failureLines(result: CaseResult, paint: ChalkInstance): string[] {
  const { problem, placed, expected, actual, trace } = result;
  if (problem !== undefined) return [printable(problem)];
  return [
    subjectLine(result),
    `expected  ${entries(expected, (text) => paint.green(text))}`,
    `actual    ${entries(actual, (text) => paint.red(text))}`,
    ...(placed ? [printable(`stands at ${rounded(placed.bucket)} % as ${placed.attribute} \`${placed.unit}\``)] : []),
    ...(trace ? traceTree([trace], paint) : []),
  ];
}

function subjectLine({ flag, segment, environment }: CaseResult): string {
  const subject = flag === undefined ? `segment ${segment}` : `flag ${flag}`;
  return printable(`${subject} in ${environment}`);
}

function entries(data: JsonObject, paint: (text: string) => string): string {
  return Object.entries(data)
    .map(([key, value]) => `${key}: ${paint(printable(jsonText(value)))}`)
    .join(', ');
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function coverageText(coverage: Coverage, paint: ChalkInstance): string {
  const { percent, covered, total, missing } = coverage;
  const sum = `coverage  ${rounded(percent)} % (${covered} of ${total})`;
  const head = missing.length === 0 ? paint.green(sum) : `${paint.yellow(sum)}, no case exercises`;
  return `${[head, ...missing.map((unit) => `  ${printable(unitText(unit))}`)].join('\n')}\n`;
}

function unitText(unit: CoverageUnit): string {
  const where = (unit.environments ?? []).join(', ');
  switch (unit.kind) {
    case 'environment':
      return `flag ${unit.flag}: in ${where}`;
    case 'rule':
      return `flag ${unit.flag}: rule \`${unit.name}\` in ${where}`;
    case 'variant':
      return `flag ${unit.flag}: variant \`${unit.name}\``;
    case 'answer':
      return `segment ${unit.segment}: ${unit.name}`;
  }
}

function summaryLine(report: TestReport, paint: ChalkInstance): string {
  const { passed, failed } = summarizeTests(report);
  const failures = `${failed} failed`;
  return `${passed} passed, ${failed > 0 ? paint.red(failures) : failures}`;
}

/** Two decimals, cut off: what is not whole never looks whole. */
function rounded(percent: number): string {
  return String(Math.floor(percent * 100) / 100);
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join('');
}
