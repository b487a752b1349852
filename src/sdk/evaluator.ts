import { compileEvaluator } from '../engine/compile.js';
import type { LibraryOperator, Notations } from '../engine/notations.js';
import type { Condition } from '../model/condition.js';
import type { Definitions } from '../model/definitions.js';
import type { Evaluator } from '../model/evaluation.js';

let loaded: Notations | undefined;

/** For definitions without such an operator: nobody asks. */
const NONE: Notations = {
  compileRegex: () => ({ problem: 'not loaded' }),
  parseVersionRange: () => undefined,
  parseAddress: () => undefined,
  parseIpRange: () => undefined,
  isInRange: () => false,
};

const NEEDING: Readonly<Record<LibraryOperator, true>> = { matches: true, semver_satisfies: true, ip_in: true };

/**
 * The evaluator of these definitions: at once, but for the first that have a pattern, a range of versions or of
 * addresses. What reads these is most of the engine's size, so it is loaded when something needs it.
 */
export function evaluatorOf(definitions: Definitions): Evaluator | Promise<Evaluator> {
  if (loaded !== undefined) return compileEvaluator(definitions, loaded);
  return needsLibrary(definitions) ? load(definitions) : compileEvaluator(definitions, NONE);
}

async function load(definitions: Definitions): Promise<Evaluator> {
  const { NOTATIONS } = await import('../engine/notations.js');
  loaded = NOTATIONS;
  return compileEvaluator(definitions, NOTATIONS);
}

function needsLibrary({ flags, segments }: Definitions): boolean {
  const lists = [...flags.flatMap(({ rules, experiment = {} }) => [...rules, experiment]), ...segments];
  return lists.some(({ conditions = [] }) => conditions.some(needs));
}

function needs(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(needs);
  if ('any' in condition) return condition.any.some(needs);
  return 'not' in condition ? needs(condition.not) : Object.hasOwn(NEEDING, condition.operator);
}
