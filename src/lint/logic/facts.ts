import { TARGETING_KEY } from '../../model/context.js';
import type { Json } from '../../model/json.js';
import type { WrittenComparison } from '../../project/written.js';
import { type ElementTest, elementTest, type Scalar } from './element-test.js';
import { rangeOf } from './range-of.js';
import type { Range } from './ranges.js';

/** What a comparison says of one value. */
export interface Fact {
  /** What the comparison asks about; facts about different things never contradict each other. */
  readonly subject: Subject;
  readonly operator: WrittenComparison['operator'];
  readonly ignoreCase: boolean;
  readonly value: Json | undefined;
  /** All that the value may be, up to its case with `ignoreCase`. */
  readonly values?: readonly Scalar[];
  /** Where the value lies, at least. */
  readonly range?: Range;
  /** Any of these fits: prefixes, suffixes, patterns, address ranges. */
  readonly options?: readonly string[];
  readonly holds: ElementTest;
}

export interface Subject {
  /** Equal for equal subjects. */
  readonly id: string;
  readonly kind: 'attribute' | 'segment' | 'flag' | 'bucket' | 'clock';
  readonly name: string;
}

/** Do two facts about one subject say the same? */
export function isSame(a: Fact, b: Fact): boolean {
  if (a === b) return true;
  if (a.operator !== b.operator || a.ignoreCase !== b.ignoreCase) return false;
  return JSON.stringify(a.value) === JSON.stringify(b.value);
}

/** That a fact holds, or with `negated` that it does not. */
export interface Claim {
  readonly fact: Fact;
  readonly negated: boolean;
}

/** `ne` is exactly `not eq`, and so on: docs/format.md, "Conditions". */
const COMPLEMENTS: Readonly<Partial<Record<WrittenComparison['operator'], WrittenComparison['operator']>>> = {
  ne: 'eq',
  not_in: 'in',
  not_contains: 'contains',
  not_exists: 'exists',
  not_in_segment: 'in_segment',
};

/** What a comparison claims. */
export function claimOf(comparison: WrittenComparison, hasOneValue: (subject: Subject) => boolean): Claim {
  const partner = COMPLEMENTS[comparison.operator];
  if (partner === undefined) return { fact: factOf(comparison, hasOneValue), negated: false };
  return { fact: factOf({ ...comparison, operator: partner }, hasOneValue), negated: true };
}

/** That the context is a member of the segment. */
export function membership(segment: string): Claim {
  return { fact: factOf({ operator: 'in_segment', value: segment }, () => true), negated: false };
}

function factOf(comparison: WrittenComparison, hasOneValue: (subject: Subject) => boolean): Fact {
  const { operator, value, ignore_case: ignoreCase = false } = comparison;
  const range = rangeOf(comparison);
  const about = subjectOf(comparison);
  return {
    subject: about,
    operator,
    ignoreCase,
    value,
    ...(WITH_VALUES.has(operator) && { values: listOf(value).filter(isScalar) }),
    ...(range && { range }),
    ...(WITH_OPTIONS.has(operator) && { options: listOf(value).map(String) }),
    holds: elementTest(comparison, hasOneValue(about)),
  };
}

const WITH_VALUES: ReadonlySet<string> = new Set(['eq', 'in', 'serves']);
const WITH_OPTIONS: ReadonlySet<string> = new Set(['starts_with', 'ends_with', 'ip_in']);

function subjectOf({ operator, attribute = TARGETING_KEY, value, flag = '' }: WrittenComparison): Subject {
  if (operator === 'in_segment') return subject('segment', String(value));
  if (operator === 'time_window') return subject('clock', '');
  if (operator === 'serves') return subject('flag', flag);
  if (operator === 'bucket') return subject('bucket', `${attribute} ${JSON.stringify(seedOf(value))}`);
  return subject('attribute', attribute);
}

function subject(kind: Subject['kind'], name: string): Subject {
  return { id: `${kind} ${name}`, kind, name };
}

function seedOf(operand: Json | undefined): unknown {
  return typeof operand === 'object' && operand !== null && 'seed' in operand ? operand.seed : undefined;
}

function listOf(value: Json | undefined): readonly (Json | undefined)[] {
  return Array.isArray(value) ? value : [value];
}

function isScalar(value: Json | undefined): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
