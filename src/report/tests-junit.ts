import type { CaseResult } from '../spec/case.js';
import { summarizeTests, type TestReport } from '../spec/report.js';
import type { ShownPath } from './diagnostics-json.js';
import { palette } from './palette.js';
import { failureLines } from './tests-text.js';

/** The report as JUnit XML: a suite for each file, a case for each case. */
export function testsJunit(report: TestReport, shownPath: ShownPath): string {
  const files = [...new Set(report.results.map(({ file }) => file))];
  const suites = files.map((file) =>
    suite(
      shownPath(file),
      report.results.filter((result) => result.file === file),
    ),
  );
  const root = attributes({ name: 'flagstaff', ...counts(report.results) });
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites${root}>`, ...suites, '</testsuites>', ''].join('\n');
}

function suite(name: string, results: readonly CaseResult[]): string {
  const cases = results.map((result) => testCase(result, name));
  return [`  <testsuite${attributes({ name, ...counts(results) })}>`, ...cases, '  </testsuite>'].join('\n');
}

function counts(results: readonly CaseResult[]): Record<string, string> {
  const { passed, failed } = summarizeTests({ results });
  return { tests: String(passed + failed), failures: String(failed), errors: '0', skipped: '0' };
}

function testCase(result: CaseResult, file: string): string {
  const head = `    <testcase${attributes({ name: result.name, classname: result.flag ?? result.segment ?? file, file })}`;
  if (result.ok) return `${head}/>`;
  const lines = failureLines(result, palette(false));
  const message = result.problem ?? 'the answer is not the one that is expected';
  return `${head}>\n      <failure${attributes({ message })}>${escaped(lines.join('\n'))}</failure>\n    </testcase>`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll('\n', '&#10;')}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 has no way to write (most control characters, halves of surrogate pairs) becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
