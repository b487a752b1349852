/** JSON Pointers (RFC 6901): how a diagnostic names a place in a file's data. */

/** The pointer one step further: `child('/rules', 0)` is `/rules/0`. */
export function child(pointer: string, ...steps: readonly (string | number)[]): string {
  let result = pointer;
  for (const step of steps) result += `/${typeof step === 'number' ? step : escapeStep(step)}`;
  return result;
}

/** The steps of a pointer, unescaped; `''` has none. */
export function stepsOf(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function escapeStep(step: string): string {
  const isPlain = !step.includes('/') && !step.includes('~');
  return isPlain ? step : step.replaceAll('~', '~0').replaceAll('/', '~1');
}
