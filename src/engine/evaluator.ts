import type { Definitions } from '../model/definitions.js';
import type { Evaluator } from '../model/evaluation.js';
import { compileEvaluator } from './compile.js';
import { NOTATIONS } from './notations.js';

const evaluators = new WeakMap<Definitions, Evaluator>();

/** The evaluator of these definitions, compiled when it is asked for first. */
export function evaluatorFor(definitions: Definitions): Evaluator {
  const known = evaluators.get(definitions);
  if (known !== undefined) return known;
  const evaluator = createEvaluator(definitions);
  evaluators.set(definitions, evaluator);
  return evaluator;
}

/** Has anybody asked for the evaluator of these definitions? */
export function hasEvaluator(definitions: Definitions): boolean {
  return evaluators.has(definitions);
}

/** Compiles definitions to closures. Freezes the variants. */
export function createEvaluator(definitions: Definitions): Evaluator {
  return compileEvaluator(definitions, NOTATIONS);
}
