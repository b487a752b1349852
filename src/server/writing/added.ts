import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { lint } from '../../lint/lint.js';
import { kindOf } from '../../project/kind.js';
import { addedProblems } from '../../write/problems.js';
import type { Compiled } from './compiler.js';

/**
 * Errors that a change brings: what the gate says, of tests as well, and advice that the repository calls an error,
 * as it does on a command line.
 * @param now milliseconds since 1970
 */
export function addedErrors(before: Compiled, after: Compiled, now: number): readonly Diagnostic[] {
  const isStrict = Object.values(after.project?.config.data.lint ?? {}).includes('error');
  if (!isStrict) return addedProblems(before.diagnostics, after.diagnostics);
  const found = lintErrors(after, now);
  return found.length === 0 ? [] : addedProblems(lintErrors(before, now), found);
}

/** Those that keep flags from being served. */
export function addedBlocks(before: Compiled, after: Compiled): readonly Diagnostic[] {
  return addedProblems(before.diagnostics, after.diagnostics).filter(({ file }) => kindOf(file) !== 'test');
}

function lintErrors({ files, checked }: Compiled, now: number): readonly Diagnostic[] {
  return lint(files, { now, checked }).diagnostics.filter(({ severity }) => severity === 'error');
}
