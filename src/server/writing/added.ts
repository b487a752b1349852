import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { lintInStages } from '../../lint/lint.js';
import { ADVICE, type Judge } from '../../lint/severity.js';
import { kindOf } from '../../project/kind.js';
import type { Project } from '../../project/project.js';
import { addedProblems } from '../../write/problems.js';
import { type Compiled, inTurns } from '../compiler.js';

/**
 * Errors that a change brings: what the gate says, of tests as well, and advice that the repository calls an error,
 * as it does on a command line.
 * @param now milliseconds since 1970
 */
export async function addedErrors(before: Compiled, after: Compiled, now: number): Promise<readonly Diagnostic[]> {
  const judge = strictJudge(after.project);
  if (judge === undefined) return addedProblems(before.diagnostics, after.diagnostics);
  const found = await lintErrors(after, now, judge);
  return found.length === 0 ? [] : addedProblems(await lintErrors(before, now, judge), found);
}

/** Those that keep flags from being served. */
export function addedBlocks(before: Compiled, after: Compiled): readonly Diagnostic[] {
  return addedProblems(before.diagnostics, after.diagnostics).filter(({ file }) => kindOf(file) !== 'test');
}

/** Asks only for advice that counts as an error: the rest would be found for nothing. `undefined`: none does. */
function strictJudge(project: Project | undefined): Judge | undefined {
  const severities = project?.config.data.lint ?? {};
  if (project === undefined || !Object.values(severities).includes('error')) return undefined;
  // Whether a suppression is used can only be told where all is looked for that it may suppress.
  if (severities['lint/unused-suppression'] === 'error') return project;
  const lint = Object.fromEntries(
    ADVICE.map((code) => [code, severities[code] === 'error' ? 'error' : 'off'] as const),
  );
  return { config: { ...project.config, data: { ...project.config.data, lint } } };
}

async function lintErrors({ files, checked }: Compiled, now: number, judge: Judge): Promise<readonly Diagnostic[]> {
  const { diagnostics } = await inTurns(lintInStages(files, { now, checked, judge }));
  return diagnostics.filter(({ severity }) => severity === 'error');
}
