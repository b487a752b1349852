import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** What is wrong after a change and was not before, wherever it stands now. */
export function addedProblems(before: readonly Diagnostic[], after: readonly Diagnostic[]): Diagnostic[] {
  const known = new Map<string, number>();
  for (const diagnostic of before) known.set(identity(diagnostic), (known.get(identity(diagnostic)) ?? 0) + 1);
  return after.filter((diagnostic) => {
    const count = known.get(identity(diagnostic)) ?? 0;
    known.set(identity(diagnostic), count - 1);
    return count <= 0;
  });
}

function identity({ code, file, message }: Diagnostic): string {
  return JSON.stringify([code, file, message]);
}
