import { Problem, type ProblemDetails } from '../problem.js';

/** Something that is wrong with a body. */
export type Mistake = NonNullable<ProblemDetails['errors']>[number];

/** @throws Problem */
export function refuse(mistakes: readonly Mistake[]): never {
  const [first] = mistakes;
  const more = mistakes.length > 1 ? ` (and ${mistakes.length - 1} more)` : '';
  const where = first?.pointer ? `${first.pointer} ` : '';
  throw new Problem('invalid_request', `the body: ${where}${first?.message}${more}`, { errors: mistakes });
}
