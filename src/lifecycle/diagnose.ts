import type { Code } from '../diagnostics/catalogue.js';
import type { Diagnostic, Finding, Range } from '../diagnostics/diagnostic.js';
import { type LintReport, summarize } from '../diagnostics/report.js';
import { isOff, severityIn } from '../lint/severity.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Project } from '../project/project.js';
import { toDiagnostics } from '../project/to-diagnostics.js';
import type { Reference } from './evidence.js';
import { isDue, type LifecycleEntry } from './stale.js';
import { isStale, type StaleState } from './state.js';

const TOLD: Readonly<Record<StaleState, { readonly code: Code; readonly message: (flag: string) => string }>> = {
  potentially_stale: {
    code: 'stale/potentially-stale',
    message: (flag) => `\`${flag}\` has lived longer than it should`,
  },
  ready_for_code_removal: {
    code: 'stale/ready-for-code-removal',
    message: (flag) => `\`${flag}\` gives everyone the same, and the code still asks for it`,
  },
  needs_monitoring: {
    code: 'stale/needs-monitoring',
    message: (flag) => `the code asks for \`${flag}\` no more, but what runs may`,
  },
  ready_to_archive: {
    code: 'stale/ready-to-archive',
    message: (flag) => `\`${flag}\` gives everyone the same, and nothing asks for it any more`,
  },
  zombie: { code: 'stale/zombie', message: (flag) => `\`${flag}\` is archived, and still asked for` },
  ghost: { code: 'stale/ghost', message: (flag) => `there is no flag \`${flag}\`` },
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
  if (!isStale(state)) return [];
  const { code, message: tell } = TOLD[state];
  const file = files.get(`flag:${flag}`);
  const message = tell(flag);
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
