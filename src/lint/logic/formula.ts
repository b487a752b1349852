import { child } from '../../diagnostics/pointer.js';
import type { WrittenCondition } from '../../project/written.js';
import type { Conjunction, Literal } from '../conjunctions.js';

/** Conditions with `not` pushed down to the comparisons. */
export type Formula =
  | { readonly all: readonly Formula[] }
  | { readonly any: readonly Formula[] }
  | { readonly literal: Literal };

/** That all the conditions of a list hold. */
export function formulaOf({ file, pointer, conditions }: Omit<Conjunction, 'owner'>): Formula {
  return { all: listOf(conditions, { file, pointer, negated: false }) };
}

/** The opposite of a formula. */
export function negate(formula: Formula): Formula {
  if ('all' in formula) return { any: formula.all.map(negate) };
  if ('any' in formula) return { all: formula.any.map(negate) };
  return { literal: { ...formula.literal, negated: !formula.literal.negated } };
}

type At = Omit<Literal, 'comparison'>;

function toFormula(condition: WrittenCondition, at: At): Formula {
  if ('all' in condition) return group('all', condition.all, { ...at, pointer: child(at.pointer, 'all') });
  if ('any' in condition) return group('any', condition.any, { ...at, pointer: child(at.pointer, 'any') });
  if ('not' in condition) {
    return toFormula(condition.not, { ...at, pointer: child(at.pointer, 'not'), negated: !at.negated });
  }
  return { literal: { comparison: condition, ...at } };
}

/** Under a `not`, all of them turns into any of their opposites, and the reverse. */
function group(kind: 'all' | 'any', conditions: readonly WrittenCondition[], at: At): Formula {
  const parts = listOf(conditions, at);
  return (kind === 'all') === at.negated ? { any: parts } : { all: parts };
}

function listOf(conditions: readonly WrittenCondition[], at: At): Formula[] {
  return conditions.map((condition, index) => toFormula(condition, { ...at, pointer: child(at.pointer, index) }));
}
