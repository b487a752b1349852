import { compileEvaluator } from '../engine/compile.js';
import type { CompileRegex } from '../engine/regex.js';
import type { Definitions } from '../model/definitions.js';
import type { Evaluator } from '../model/evaluation.js';

let loaded: CompileRegex | undefined;

/**
 * The evaluator of these definitions: at once, but for the first that have a pattern. What compiles patterns is most
 * of the engine's size, so it is loaded when something asks for it.
 */
export function evaluatorOf(definitions: Definitions): Evaluator | Promise<Evaluator> {
  if (loaded !== undefined) return compileEvaluator(definitions, loaded);
  let isAsked = false;
  const evaluator = compileEvaluator(definitions, () => {
    isAsked = true;
    return { problem: 'not loaded' };
  });
  return isAsked ? import('../engine/regex.js').then(({ compileRegex }) => keep(compileRegex, definitions)) : evaluator;
}

function keep(compileRegex: CompileRegex, definitions: Definitions): Evaluator {
  loaded = compileRegex;
  return compileEvaluator(definitions, compileRegex);
}
