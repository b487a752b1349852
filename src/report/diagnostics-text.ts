import { Chalk, type ChalkInstance } from 'chalk';
import type { Diagnostic, Severity } from '../diagnostics/diagnostic.js';
import type { LintReport, LintSummary } from '../diagnostics/report.js';
import { codeFrame } from './code-frame.js';
import type { ShownPath } from './diagnostics-json.js';
import { printable } from './printable.js';

export interface TextOptions {
  readonly shownPath: ShownPath;
  /** The text of a file of the repository; without one there is no code frame. */
  readonly textOf: (file: string) => string | undefined;
  readonly colour: boolean;
}

/** The report for a person: each diagnostic with the line it is about, then a summary. */
export function diagnosticsText(report: LintReport, options: TextOptions): string {
  const paint = new Chalk({ level: options.colour ? 1 : 0 });
  const lineAt = lineReader(options.textOf);
  const blocks = report.diagnostics.map((diagnostic) => `${block(diagnostic, { options, paint, lineAt })}\n\n`);
  return `${blocks.join('')}${summaryLine(report, paint)}\n`;
}

interface Setting {
  readonly options: TextOptions;
  readonly paint: ChalkInstance;
  readonly lineAt: LineReader;
}

function block(diagnostic: Diagnostic, setting: Setting): string {
  const { paint, options } = setting;
  const { severity, code, message, help, related = [] } = diagnostic;
  const lines = [
    `${paint.bold(placeOf(diagnostic, options))}  ${painted(severity, severity, paint)}  ${paint.dim(code)}`,
    `  ${printable(message)}`,
    ...frameOf(diagnostic, setting),
    ...related.map((other) => `  ${placeOf(other, options)}: ${printable(other.message)}`),
  ];
  return (help === undefined ? lines : [...lines, `  ${paint.cyan('help')}: ${printable(help)}`]).join('\n');
}

function placeOf({ file, range }: Pick<Diagnostic, 'file' | 'range'>, { shownPath }: TextOptions): string {
  return `${printable(shownPath(file))}:${range.start.line}:${range.start.column}`;
}

function frameOf({ file, range, severity }: Diagnostic, { paint, lineAt }: Setting): string[] {
  const line = lineAt(file, range.start.line);
  if (line === undefined || line.trim() === '') return [];
  const { gutters, code, padding, carets } = codeFrame(line, range);
  return [
    `  ${paint.dim(gutters[0])} ${code}`,
    `  ${paint.dim(gutters[1])} ${padding}${painted(severity, carets, paint)}`,
  ];
}

function painted(severity: Severity, text: string, paint: ChalkInstance): string {
  const colours = { error: paint.red, warning: paint.yellow, info: paint.blue };
  return colours[severity](text);
}

type LineReader = (file: string, line: number) => string | undefined;

/** Diagnostics come file by file, so the lines of one file are all that is kept. */
function lineReader(textOf: TextOptions['textOf']): LineReader {
  let current: { readonly file: string; readonly lines: readonly string[] } | undefined;
  return (file, line) => {
    if (current?.file !== file) current = { file, lines: (textOf(file) ?? '').split(/\r?\n/) };
    return current.lines[line - 1];
  };
}

function summaryLine({ diagnostics, summary }: LintReport, paint: ChalkInstance): string {
  const text = `${foundIn(diagnostics, summary)} in ${counted(summary.files, 'file')}`;
  if (summary.errors > 0) return paint.red(text);
  return summary.warnings > 0 ? paint.yellow(text) : paint.green(text);
}

function foundIn(diagnostics: readonly Diagnostic[], { errors, warnings }: LintSummary): string {
  const infos = diagnostics.length - errors - warnings;
  const parts = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(infos > 0 ? [counted(infos, 'note')] : []),
  ];
  return parts.length === 0 ? 'no problems' : parts.join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
