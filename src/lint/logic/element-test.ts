import { NOTATIONS } from '../../engine/notations.js';
import { ipIn } from '../../engine/operators/address.js';
import { dateAfter, dateBefore } from '../../engine/operators/date.js';
import { eq, isIn } from '../../engine/operators/equality.js';
import { gt, gte, lt, lte, modulo } from '../../engine/operators/number.js';
import { ofValue, type ValueOperator, type ValueTest } from '../../engine/operators/operator.js';
import { contains, endsWith, matches, startsWith } from '../../engine/operators/text.js';
import { semverEq, semverGt, semverGte, semverLt, semverLte, semverSatisfies } from '../../engine/operators/version.js';
import type { WrittenComparison } from '../../project/written.js';

/** What a comparison can be made with. */
export type Scalar = string | number | boolean;

/** Does this value satisfy a comparison? `undefined` when it depends. */
export type ElementTest = (element: Scalar) => boolean | undefined;

/**
 * The engine's own test, of a value that may stand alone or in a list; compiled when it is asked first.
 *
 * @param single the attribute is no list
 */
export function elementTest(comparison: WrittenComparison, single: boolean): ElementTest {
  const { operator, value } = comparison;
  if (operator === 'serves') return (element) => Array.isArray(value) && value.includes(element);
  let compiled: ValueTest | undefined | null = null;
  return (element) => {
    compiled = compiled === null ? testOf(comparison) : compiled;
    if (compiled === undefined) return undefined;
    return single ? compiled(element, 0) : agreed(compiled, element);
  };
}

function testOf(comparison: WrittenComparison): ValueTest | undefined {
  const test = comparison.value === 'now' ? undefined : OPERATORS[comparison.operator]?.compile(comparison, NOTATIONS);
  return test && ofValue(test);
}

/** The operators whose answer for a value is the same at any time. */
const OPERATORS: Readonly<Partial<Record<WrittenComparison['operator'], ValueOperator>>> = {
  eq,
  in: isIn,
  gt,
  gte,
  lt,
  lte,
  contains,
  starts_with: startsWith,
  ends_with: endsWith,
  matches,
  semver_eq: semverEq,
  semver_gt: semverGt,
  semver_gte: semverGte,
  semver_lt: semverLt,
  semver_lte: semverLte,
  semver_satisfies: semverSatisfies,
  date_before: dateBefore,
  date_after: dateAfter,
  ip_in: ipIn,
  modulo,
};

/** `contains` is of a text a substring and of a list an element, so the answers may differ. */
function agreed(test: ValueTest, element: Scalar): boolean | undefined {
  const alone = test(element, 0);
  return alone === test([element], 0) ? alone : undefined;
}
