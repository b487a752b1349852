import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { lint } from '../lint/lint.js';
import { judge } from '../project/judge.js';
import type { Project } from '../project/project.js';
import type { ReadingCache } from '../project/read-file.js';
import { toDiagnostics } from '../project/to-diagnostics.js';
import type { SourceFile } from '../syntax/source-file.js';

/** What the linter says by the base's policy: every error, and what else was not said before. */
export function lintFindings(
  before: readonly SourceFile[],
  after: readonly SourceFile[],
  policy: Project | undefined,
  { now, cache }: { readonly now: number; readonly cache: ReadingCache },
): Diagnostic[] {
  const options = { now, cache, ...(policy ? { judge: policy } : {}) };
  const known = new Map<string, number>();
  for (const each of lint(before, options).diagnostics)
    known.set(identityOf(each), (known.get(identityOf(each)) ?? 0) + 1);
  return lint(after, options).diagnostics.filter((each) => {
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
