import { compileEvaluator } from '../engine/compile.js';
import type { CompileRegex } from '../engine/regex.js';
import type { Condition } from '../model/condition.js';
import type { Definitions } from '../model/definitions.js';
import type { Evaluator } from '../model/evaluation.js';

let loaded: CompileRegex | undefined;

/** For definitions without a pattern: nobody asks. */
const NONE: CompileRegex = () => ({ problem: 'not loaded' });

/**
 * The evaluator of these definitions: at once, but for the first that have a pattern. What compiles patterns is most
 * of the engine's size, so it is loaded when something needs it.
 */
export function evaluatorOf(definitions: Definitions): Evaluator | Promise<Evaluator> {
  if (loaded !== undefined) return compileEvaluator(definitions, loaded);
  return hasPattern(definitions) ? load(definitions) : compileEvaluator(definitions, NONE);
}

async function load(definitions: Definitions): Promise<Evaluator> {
  const { compileRegex } = await import('../engine/regex.js');
  loaded = compileRegex;
  return compileEvaluator(definitions, compileRegex);
}

function hasPattern({ flags, segments }: Definitions): boolean {
  const lists = [...flags.flatMap(({ rules, experiment = {} }) => [...rules, experiment]), ...segments];
  return lists.some(({ conditions = [] }) => conditions.some(matches));
}

function matches(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(matches);
  if ('any' in condition) return condition.any.some(matches);
  return 'not' in condition ? matches(condition.not) : condition.operator === 'matches';
}
