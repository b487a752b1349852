import type { Diagnostic, Finding } from '../diagnostics/diagnostic.js';
import { type LintReport, summarize } from '../diagnostics/report.js';
import { atOnce, type Checked, check } from '../project/compile.js';
import type { Project } from '../project/project.js';
import { compareDiagnostics, toDiagnostics } from '../project/to-diagnostics.js';
import type { SourceFile } from '../syntax/source-file.js';
import { adviceRules } from './rules/index.js';
import { isOff, type Judge, severityIn } from './severity.js';
import { applySuppressions, checkSuppressions, suppressionsIn, unusedSuppression } from './suppressions.js';

export interface LintOptions {
  /** milliseconds since 1970 */
  readonly now: number;
  /** The project whose `lint` settings count; the one that is linted, if left out. */
  readonly judge?: Judge;
  /** What the gate says of the files, where that is known already. */
  readonly checked?: Checked;
}

/** Everything there is to say about a flag repository: the gate, tests included, and advice. Pure; never throws. */
export function lint(files: readonly SourceFile[], options: LintOptions): LintReport {
  return atOnce(lintInStages(files, options));
}

/** The same for those who have other things to do as well: between two stages they may turn to them. */
export function* lintInStages(
  files: readonly SourceFile[],
  { now, judge, checked }: LintOptions,
): Generator<undefined, LintReport> {
  const { project, findings } = checked ?? check(files);
  if (project === undefined) return reportOf(toDiagnostics(findings, files), files);
  const judged = { project, judge: judge ?? project };
  const told = diagnose(judged, [...findings, ...(yield* advise(judged, now))]);
  const suppressions = suppressionsIn(files);
  const { kept, unused } = applySuppressions(told, suppressions);
  // What a broken file hides may be just what a suppression is there for.
  const idle = findings.length > 0 ? [] : unused.map(unusedSuppression);
  return reportOf([...kept, ...diagnose(judged, [...checkSuppressions(suppressions), ...idle])], files);
}

interface Judged {
  readonly project: Project;
  readonly judge: Judge;
}

function* advise({ project, judge }: Judged, now: number): Generator<undefined, Finding[]> {
  const found: Finding[] = [];
  for (const { code, check: rule } of adviceRules) {
    if (isOff(judge, code)) continue;
    yield;
    for (const finding of rule({ project, now })) found.push({ code, ...finding });
  }
  return found;
}

function diagnose({ project, judge }: Judged, findings: readonly Finding[]): Diagnostic[] {
  const reported = findings.filter(({ code }) => !isOff(judge, code));
  return toDiagnostics(reported, project.files, (code) => severityIn(judge, code));
}

function reportOf(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): LintReport {
  return { diagnostics: [...diagnostics].sort(compareDiagnostics), summary: summarize(diagnostics, files.length) };
}
