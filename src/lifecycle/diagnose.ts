import type { Code } from '../diagnostics/catalogue.js';
import type { Diagnostic, Finding, Range } from '../diagnostics/diagnostic.js';
import { type LintReport, summarize } from '../diagnostics/report.js';
import { isOff, severityIn } from '../lint/severity.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Project } from '../project/project.js';
import { toDiagnostics } from '../project/to-diagnostics.js';
import type { Reference } from './evidence.js';
import { isDue, type LifecycleEntry } from './stale.js';
import type { StaleState } from './state.js';

const CODES: Readonly<Record<StaleState, Code>> = {
  potentially_stale: 'stale/potentially-stale',
  ready_for_code_removal: 'stale/ready-for-code-removal',
  needs_monitoring: 'stale/needs-monitoring',
  ready_to_archive: 'stale/ready-to-archive',
  zombie: 'stale/zombie',
  ghost: 'stale/ghost',
};

/** Entries as diagnostics: at the flag's file where there is one to change, else where the code asks for it. */
export function diagnose(
  entries: readonly LifecycleEntry[],
  { project, snapshot }: { readonly project: Project; readonly snapshot: Snapshot },
): LintReport {
  const findings = entries.filter(isDue).flatMap((entry) => findingsOf(entry, snapshot));
  const told = findings.filter(({ code }) => !isOff(project, code));
  const diagnostics: Diagnostic[] = toDiagnostics(told, project.files, (code) => severityIn(project, code));
  return { diagnostics, summary: summarize(diagnostics, project.files.length) };
}

function findingsOf({ flag, state, evidence, action }: LifecycleEntry, { files }: Snapshot): Finding[] {
  const code = CODES[state as StaleState];
  const file = files.get(`flag:${flag}`);
  const message = `\`${flag}\` is ${state.replaceAll('_', ' ')}`;
  const inCode = state === 'zombie' || state === 'ghost' || state === 'ready_for_code_removal';
  const places = evidence.references ?? [];
  if (inCode && places.length > 0) return places.map((place) => ({ code, ...placeOf(place), message, help: action }));
  return file === undefined ? [] : [{ code, file, pointer: '/key', message, help: action }];
}

function placeOf({ file, line }: Reference): {
  readonly file: string;
  readonly pointer: string;
  readonly range: Range;
} {
  const start = { line, column: 1 };
  return { file, pointer: '', range: { start, end: start } };
}
