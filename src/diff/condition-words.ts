import type { Comparison, Condition, Operator } from '../model/condition.js';
import { isObject } from './equal.js';
import { plainWords, valueWords } from './words.js';

/** How an operator is read aloud, between an attribute and a value. */
const WORDS: Readonly<Partial<Record<Operator, string>>> = {
  eq: 'is',
  ne: 'is not',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  in: 'in',
  not_in: 'not in',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  ends_with: 'ends with',
  matches: 'matches',
  semver_eq: 'is version',
  semver_gt: 'version >',
  semver_gte: 'version >=',
  semver_lt: 'version <',
  semver_lte: 'version <=',
  semver_satisfies: 'version satisfies',
  date_before: 'is before',
  date_after: 'is after',
  date_within: 'is within the last',
  ip_in: 'is an address in',
};

/** `country in [DE, FR] and not (plan is free)` */
export function conditionsWords(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? 'never' : conditions.map(conditionWords).join(' and ');
}

export function conditionWords(condition: Condition): string {
  if ('all' in condition) return `(${condition.all.map(conditionWords).join(' and ')})`;
  if ('any' in condition) return `(${condition.any.map(conditionWords).join(' or ')})`;
  if ('not' in condition) return `not ${bracketed(condition.not)}`;
  return comparisonWords(condition);
}

/** What a comparison asks about and how, without its value: `country in`. */
export function questionWords(comparison: Comparison): string {
  const subject = comparison.attribute ?? 'it';
  return `${subject} ${WORDS[comparison.operator] ?? comparison.operator}${comparison.ignore_case ? ' (any case)' : ''}`;
}

function bracketed(condition: Condition): string {
  const words = conditionWords(condition);
  return words.startsWith('(') ? words : `(${words})`;
}

function comparisonWords(comparison: Comparison): string {
  const { attribute = 'targetingKey', operator, value } = comparison;
  switch (operator) {
    case 'exists':
      return `${attribute} is present`;
    case 'not_exists':
      return `${attribute} is absent`;
    case 'in_segment':
      return `in segment ${plainWords(value)}`;
    case 'not_in_segment':
      return `not in segment ${plainWords(value)}`;
    case 'serves':
      return `flag ${comparison.flag} serves ${plainWords(value)}`;
    case 'bucket':
    case 'time_window':
    case 'modulo':
      return operandWords(operator, attribute, isObject(value) ? value : {});
    default:
      return `${questionWords(comparison)} ${plainWords(value)}`;
  }
}

type Operand = Readonly<Record<string, unknown>>;

function operandWords(operator: 'bucket' | 'time_window' | 'modulo', attribute: string, operand: Operand): string {
  if (operator === 'modulo') return `${attribute} modulo ${operand.divisor} is ${operand.remainder}`;
  if (operator === 'bucket') return bucketWords(attribute, operand);
  const days = Array.isArray(operand.days) ? ` on ${operand.days.join(', ')}` : '';
  return `from ${operand.start} to ${operand.end} ${operand.timezone ?? 'UTC'}${days}`;
}

function bucketWords(attribute: string, { range, seed }: Operand): string {
  const [start, end] = Array.isArray(range) ? range : [];
  return `${attribute} in the bucket from ${start}% to ${end}% of seed ${valueWords(seed)}`;
}
