import type { Literal } from '../conjunctions.js';
import type { Fact } from './facts.js';
import type { Formula } from './formula.js';
import type { Knowledge } from './knowledge.js';

/*
 * To imply `country in [DE, FR]` a formula has to name DE or FR itself. So formulas are filed under what they name,
 * and of thousands only those that have a name in common need to be compared.
 */

/** What a formula must have in common with any that implies it: one of these. `undefined`: nothing in particular. */
export function anchorsOf(formula: Formula, knowledge: Knowledge): readonly string[] | undefined {
  for (const literal of certain(formula)) {
    const names = namesIn(literal, knowledge, 1);
    if (names.length > 0) return names;
  }
  return undefined;
}

/** Everything that a formula names, in whatever branch, with the ancestors of segments. */
export function namesOf(formula: Formula, knowledge: Knowledge): Set<string> {
  return new Set([...everywhere(formula)].flatMap((literal) => namesIn(literal, knowledge)));
}

function namesIn(literal: Literal, { claimsOf }: Knowledge, first?: number): string[] {
  const claims = claimsOf(literal).slice(0, first);
  return claims.flatMap(({ fact, negated }) => (negated ? [] : namesInFact(fact)));
}

function namesInFact({ subject, values, ignoreCase }: Fact): string[] {
  if (subject.kind === 'segment') return [subject.id];
  return values && !ignoreCase ? values.map((value) => `${subject.id} ${JSON.stringify(value)}`) : [];
}

/** The literals that hold whenever the formula does. */
function* certain(formula: Formula): Iterable<Literal> {
  if ('literal' in formula) yield formula.literal;
  else if ('all' in formula) for (const part of formula.all) yield* certain(part);
}

function* everywhere(formula: Formula): Iterable<Literal> {
  if ('literal' in formula) yield formula.literal;
  else for (const part of 'all' in formula ? formula.all : formula.any) yield* everywhere(part);
}
