import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { lint } from '../lint/lint.js';
import type { Checked } from '../project/compile.js';
import { judge } from '../project/judge.js';
import type { Project } from '../project/project.js';
import { toDiagnostics } from '../project/to-diagnostics.js';
import type { SourceFile } from '../syntax/source-file.js';

/** Files, and what the gate says of them. */
export interface CheckedFiles {
  readonly files: readonly SourceFile[];
  readonly checked: Checked;
}

/** What the linter says by the base's policy: every error, and what else was not said before. */
export function lintFindings(
  before: CheckedFiles,
  after: CheckedFiles,
  policy: Project | undefined,
  now: number,
): Diagnostic[] {
  const said = ({ files, checked }: CheckedFiles) =>
    lint(files, { now, checked, ...(policy ? { judge: policy } : {}) }).diagnostics;
  const known = new Map<string, number>();
  for (const each of said(before)) known.set(identityOf(each), (known.get(identityOf(each)) ?? 0) + 1);
  return said(after).filter((each) => {
    const left = known.get(identityOf(each)) ?? 0;
    known.set(identityOf(each), left - 1);
    return each.severity === 'error' || left <= 0;
  });
}

/** The same problem, though it may have moved within its file. */
function identityOf({ code, file, message }: Diagnostic): string {
  return `${code} ${file} ${message}`;
}

/** What the gate says when the environments that the base protects still are. */
export function protectionFindings(after: Project, policy: Project): Diagnostic[] {
  const guarded = [...policy.protectedEnvironments].filter((name) => after.environments.includes(name));
  const judged: Project = { ...after, protectedEnvironments: new Set([...after.protectedEnvironments, ...guarded]) };
  return toDiagnostics(judge(judged), after.files);
}
