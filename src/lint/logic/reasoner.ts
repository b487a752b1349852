import type { Literal } from '../conjunctions.js';
import { clashes } from './clash.js';
import type { Claim, Subject } from './facts.js';
import type { Formula } from './formula.js';
import type { Knowledge } from './knowledge.js';

/** What can never hold together, and what it is about. */
export interface Contradiction {
  readonly subject: Subject;
  readonly literals: readonly Literal[];
}

/** What follows once some formulas are taken to hold. */
export interface Assumption {
  /** Why they can never hold together; `undefined` when they may, or when it is not sure. */
  readonly contradiction: Contradiction | undefined;
  /** The same, when this one holds too. */
  readonly and: (formula: Formula) => Assumption;
}

/** Takes a formula to hold. Recursion is bounded by the depth of a file. */
export function assume(formula: Formula, knowledge: Knowledge, before: Before = NOTHING): Assumption {
  const { literals, choices } = flatten(formula);
  const learnt = learn(literals, before.claimsOn, knowledge);
  const claimsOn = (subject: string): readonly Sourced[] => learnt.get(subject) ?? before.claimsOn(subject);
  const contradictionIn = (branches: readonly Formula[], open: Choices): Contradiction | undefined =>
    contradictionOfAll(branches, knowledge, { claimsOn, choices: open });
  return {
    contradiction:
      firstDefined(learnt.values(), (claims) => clashAmong(claims, knowledge)) ??
      firstDefined(choices, (branches) => contradictionIn(branches, before.choices)) ??
      firstDefined(before.choices, (branches) => contradictionIn(branches, [])),
    and: (other) => assume(other, knowledge, { claimsOn, choices: [...before.choices, ...choices] }),
  };
}

/** Of each of these lists, one formula holds. */
type Choices = readonly (readonly Formula[])[];

/** What is taken to hold already. */
interface Before {
  readonly claimsOn: (subject: string) => readonly Sourced[];
  readonly choices: Choices;
}

const NOTHING: Before = { claimsOn: () => [], choices: [] };

/** A claim and the comparison that makes it. */
interface Sourced extends Claim {
  readonly literal: Literal;
}

/** One of `branches` holds: a contradiction only if each of them is one. */
function contradictionOfAll(
  branches: readonly Formula[],
  knowledge: Knowledge,
  before: Before,
): Contradiction | undefined {
  let first: Contradiction | undefined;
  for (const branch of branches) {
    const { contradiction } = assume(branch, knowledge, before);
    if (contradiction === undefined) return undefined;
    first ??= contradiction;
  }
  return first;
}

interface Flat {
  readonly literals: Literal[];
  /** Of each, at least one holds. */
  readonly choices: (readonly Formula[])[];
}

function flatten(formula: Formula, into: Flat = { literals: [], choices: [] }): Flat {
  if ('literal' in formula) into.literals.push(formula.literal);
  else if ('any' in formula) into.choices.push(formula.any);
  else for (const part of formula.all) flatten(part, into);
  return into;
}

/** What is known of each subject that the literals speak of. */
function learn(
  literals: readonly Literal[],
  claimsOn: Before['claimsOn'],
  { claimsOf }: Knowledge,
): Map<string, Sourced[]> {
  const learnt = new Map<string, Sourced[]>();
  for (const literal of literals) {
    for (const { fact, negated } of claimsOf(literal)) {
      const { id } = fact.subject;
      const claims = learnt.get(id);
      if (claims === undefined) learnt.set(id, [...claimsOn(id), { fact, negated, literal }]);
      else claims.push({ fact, negated, literal });
    }
  }
  return learnt;
}

function clashAmong(claims: readonly Sourced[], { hasOneValue }: Knowledge): Contradiction | undefined {
  const subject = claims[0]?.fact.subject;
  if (subject === undefined || !clashes(claims, hasOneValue(subject))) return undefined;
  return { subject, literals: fewest(claims, hasOneValue(subject)).map(({ literal }) => literal) };
}

/** More claims than this on one subject are shown as they are. */
const READABLE = 20;

/** Leaves out what the clash does not need. */
function fewest(claims: readonly Sourced[], single: boolean): readonly Sourced[] {
  if (claims.length > READABLE) return claims;
  let needed = claims;
  for (const claim of claims) {
    const others = needed.filter((other) => other !== claim);
    if (clashes(others, single)) needed = others;
  }
  return needed;
}

function firstDefined<T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
