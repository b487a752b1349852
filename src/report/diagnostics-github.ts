import type { Diagnostic, Severity } from '../diagnostics/diagnostic.js';
import type { LintReport } from '../diagnostics/report.js';
import type { ShownPath } from './diagnostics-json.js';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * One workflow command a diagnostic: GitHub Actions shows them beside the lines of a pull request.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function diagnosticsGithub(report: LintReport, shownPath: ShownPath): string {
  return report.diagnostics.map((diagnostic) => `${command(diagnostic, shownPath)}\n`).join('');
}

function command(diagnostic: Diagnostic, shownPath: ShownPath): string {
  const properties = { file: shownPath(diagnostic.file), ...linesOf(diagnostic), title: diagnostic.code };
  return workflowCommand(COMMANDS[diagnostic.severity], properties, textOf(diagnostic));
}

/** One workflow command, whatever stands in its properties and its text. */
export function workflowCommand(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  text: string,
): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${written.join(',')}::${escapeData(text)}`;
}

/** Columns only make sense to GitHub within one line. */
function linesOf({ range: { start, end } }: Diagnostic): Readonly<Record<string, number>> {
  if (start.line !== end.line) return { line: start.line, endLine: end.line };
  return { line: start.line, endLine: end.line, col: start.column, endColumn: end.column };
}

function textOf({ message, help }: Diagnostic): string {
  return help === undefined ? message : `${message}\n${help}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
