import type { LintReport } from '../../src/diagnostics/report.js';
import { lint } from '../../src/lint/lint.js';
import type { SourceFile } from '../../src/syntax/source-file.js';

export const NOW = Date.parse('2026-11-22T00:00:00Z');

/** Files from a literal: what is no text is written as JSON, which is YAML too. `flagstaff.yaml` has a default. */
export function filesOf(literal: Readonly<Record<string, unknown>>): SourceFile[] {
  const files = { 'flagstaff.yaml': { environments: ['development', 'production'] }, ...literal };
  return Object.entries(files).map(([path, content]) => ({
    path,
    text: typeof content === 'string' ? content : JSON.stringify(content, null, 2),
  }));
}

export function lintOf(literal: Readonly<Record<string, unknown>>, now = NOW): LintReport {
  return lint(filesOf(literal), { now });
}

/** `file:line code` of each diagnostic. */
export function codesOf({ diagnostics }: LintReport): string[] {
  return diagnostics.map(({ file, range, code }) => `${file}:${range.start.line} ${code}`);
}

/** Messages of the diagnostics with this code. */
export function messagesOf({ diagnostics }: LintReport, code: string): string[] {
  return diagnostics.filter((one) => one.code === code).map(({ message }) => message);
}

/** A boolean flag with an owner; `more` adds and replaces keys. */
export function flagOf(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { key: 'f', type: 'boolean', owner: 'team', default: 'off', off_variant: 'off', ...more };
}
