import type { Scalar } from './element-test.js';
import { type Claim, type Fact, isSame } from './facts.js';
import { intersect, isEmpty, isWithin, onlyNumber, type Range } from './ranges.js';

/**
 * Can these claims about one subject not hold together? `true` only when it is sure.
 *
 * A list satisfies a comparison when any of its elements does, and two comparisons may be satisfied by
 * different elements. So of an attribute that may be a list only this is certain: no element that satisfies
 * one claim may be ruled out by all the others. With `single` there is one value and it must satisfy them all.
 */
export function clashes(claims: readonly Claim[], single: boolean): boolean {
  const [first, ...others] = claims;
  if (others.length === 0)
    return first?.negated === false && first.fact.range !== undefined && isEmpty(first.fact.range);
  const positive = claims.filter(({ negated }) => !negated).map(({ fact }) => fact);
  const negative = claims.filter(({ negated }) => negated).map(({ fact }) => fact);
  if (positive.length > 0 && negative.some(isPresence)) return true;
  const facts = positive.filter((fact) => !isPresence(fact));
  return (
    facts.some((fact) => isImpossible([fact], negative)) ||
    (single && facts.length > 1 && isImpossible(facts, negative))
  );
}

function isPresence({ operator }: Fact): boolean {
  return operator === 'exists';
}

/** Is there no one value for which all of `facts` hold and none of `excluded`? There is at least one fact. */
function isImpossible(facts: readonly Fact[], excluded: readonly Fact[]): boolean {
  const ranges = jointRanges(facts);
  return (
    ranges.some(isEmpty) ||
    excluded.some((fact) => facts.some((one) => implies(one, fact)) || ranges.some((range) => covers(fact, range))) ||
    hasNoCandidate(facts, excluded, ranges) ||
    havePrefixesApart(facts)
  );
}

/** On each scale, where the value must lie. */
function jointRanges(facts: readonly Fact[]): Range[] {
  const byScale = new Map<string, Range>();
  for (const { range } of facts) {
    if (range === undefined) continue;
    const other = byScale.get(range.scale);
    byScale.set(range.scale, other === undefined ? range : intersect(other, range));
  }
  return [...byScale.values()];
}

/** `date_within` says more than its range, which leaves out how long ago. */
function covers({ range, operator }: Fact, inner: Range): boolean {
  return range !== undefined && operator !== 'date_within' && isWithin(inner, range);
}

/** Does whatever satisfies `fact` satisfy `other` too? */
function implies(fact: Fact, other: Fact): boolean {
  return isSame(fact, other) || isNarrower(fact, other);
}

/** Of two comparisons by prefixes, suffixes or address ranges: is each of one among those of the other? */
function isNarrower(fact: Fact, { operator, ignoreCase, options }: Fact): boolean {
  if (fact.operator !== operator || fact.ignoreCase !== ignoreCase || !fact.options || !options) return false;
  return fact.options.every((one) => options.some((other) => fits(operator, one, other)));
}

function fits(operator: Fact['operator'], text: string, option: string): boolean {
  if (operator === 'starts_with') return text.startsWith(option);
  if (operator === 'ends_with') return text.endsWith(option);
  return text === option;
}

/** Some fact names the only values there may be, and none of them will do. */
function hasNoCandidate(facts: readonly Fact[], excluded: readonly Fact[], ranges: readonly Range[]): boolean {
  const number = ranges
    .filter(({ scale }) => scale === 'number')
    .map(onlyNumber)
    .find((only) => only !== undefined);
  const exact = number === undefined ? facts.find(({ values, ignoreCase }) => values && !ignoreCase)?.values : [number];
  if (exact !== undefined) return exact.every((value) => isRuledOut(value, facts, excluded));
  const folded = facts.find(({ values }) => values)?.values;
  if (folded === undefined) return false;
  return folded.every((value) => isRuledOut(value, facts.filter(ignoresCase), excluded.filter(ignoresCase)));
}

/** What holds for a text in any case; of the others nothing is known when only the folded text is. */
function ignoresCase({ ignoreCase, operator }: Fact): boolean {
  return ignoreCase && operator !== 'matches';
}

function isRuledOut(value: Scalar, facts: readonly Fact[], excluded: readonly Fact[]): boolean {
  return facts.some(({ holds }) => holds(value) === false) || excluded.some(({ holds }) => holds(value) === true);
}

/** No text begins with both `a` and `b` unless one of them begins with the other. */
function havePrefixesApart(facts: readonly Fact[]): boolean {
  const prefixes = facts.filter(({ operator, ignoreCase }) => operator === 'starts_with' && !ignoreCase);
  return prefixes.some(({ options = [] }, index) =>
    prefixes
      .slice(index + 1)
      .some((other) => !options.some((one) => (other.options ?? []).some((two) => compatible(one, two)))),
  );
}

function compatible(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}
