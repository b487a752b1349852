import { parseInstant } from '../engine/instant.js';
import { parseVersion } from '../engine/semver.js';
import type { Comparison, Condition, Operator } from '../model/condition.js';
import type { Json } from '../model/json.js';
import { isObject, stableText } from './equal.js';

/** Operators that are each other's exact complement. */
const COMPLEMENTS: Readonly<Partial<Record<Operator, Operator>>> = {
  in: 'not_in',
  not_in: 'in',
  contains: 'not_contains',
  not_contains: 'contains',
  exists: 'not_exists',
  not_exists: 'exists',
  in_segment: 'not_in_segment',
  not_in_segment: 'in_segment',
};

/** Operators whose value is a set: one value stands for a list of one. */
const SETS: ReadonlySet<Operator> = new Set(['in', 'not_in', 'starts_with', 'ends_with', 'ip_in', 'serves']);

/**
 * A text that is equal for conditions that plainly mean the same: neither the order of parts and of values in a set,
 * nor nesting without effect, nor another spelling of a version or a date makes a difference.
 */
export function conditionsText(conditions: readonly Condition[]): string {
  return stableText(simplify({ all: conditions }));
}

export function conditionText(condition: Condition): string {
  return stableText(simplify(condition));
}

function simplify(condition: Condition): Condition {
  if ('all' in condition) return group(condition.all.map(simplify), 'all');
  if ('any' in condition) return group(condition.any.map(simplify), 'any');
  if ('not' in condition) return negate(simplify(condition.not));
  return plainComparison(condition);
}

function group(parts: readonly Condition[], kind: 'all' | 'any'): Condition {
  const flat = parts.flatMap((part) => partsOf(part, kind));
  const byText = new Map(flat.map((part) => [stableText(part), part]));
  const sorted = [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
  const [only] = sorted;
  if (only !== undefined && sorted.length === 1) return only;
  return kind === 'all' ? { all: sorted } : { any: sorted };
}

/** The parts of a group of the same kind. An empty group never holds, so it stays what it is. */
function partsOf(condition: Condition, kind: 'all' | 'any'): readonly Condition[] {
  const parts = kind === 'all' && 'all' in condition ? condition.all : undefined;
  const choices = kind === 'any' && 'any' in condition ? condition.any : undefined;
  const inner = parts ?? choices ?? [];
  return inner.length > 0 ? inner : [condition];
}

function negate(condition: Condition): Condition {
  if ('not' in condition) return condition.not;
  const operator = 'operator' in condition ? COMPLEMENTS[condition.operator] : undefined;
  return operator && 'operator' in condition ? { ...condition, operator } : { not: condition };
}

function plainComparison(comparison: Comparison): Comparison {
  const { attribute, operator, value, ignore_case, flag } = withoutSynonyms(comparison);
  return {
    ...(attribute === undefined ? {} : { attribute }),
    operator,
    ...(value === undefined ? {} : { value: plainOperand(operator, value) }),
    ...(ignore_case ? { ignore_case } : {}),
    ...(flag === undefined ? {} : { flag }),
  };
}

/** `eq` is `in` with one value; a segment's name for its attribute and a bucket's usual unit go without saying. */
function withoutSynonyms(comparison: Comparison): Comparison {
  const { attribute, ...rest } = comparison;
  switch (comparison.operator) {
    case 'eq':
      return { ...comparison, operator: 'in' };
    case 'ne':
      return { ...comparison, operator: 'not_in' };
    case 'in_segment':
    case 'not_in_segment':
    case 'time_window':
      return rest;
    case 'bucket':
      return attribute === 'targetingKey' ? rest : comparison;
    default:
      return comparison;
  }
}

function plainOperand(operator: Operator, value: Json): Json {
  if (SETS.has(operator)) return sortedSet(Array.isArray(value) ? value : [value]);
  if (operator === 'time_window' && isObject(value)) return plainWindow(value);
  if (typeof value !== 'string') return value;
  if (operator === 'date_before' || operator === 'date_after') return plainDate(value);
  return operator.startsWith('semver_') && operator !== 'semver_satisfies' ? plainVersion(value) : value;
}

function sortedSet(values: readonly Json[]): Json[] {
  const byText = new Map(values.map((value) => [stableText(value), value]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function plainWindow(window: Readonly<Record<string, Json>>): Json {
  const { days, timezone = 'UTC', ...times } = window;
  const named = Array.isArray(days) ? sortedSet(days) : [];
  return { ...times, timezone, ...(named.length === 0 || named.length === 7 ? {} : { days: named }) };
}

/** The same instant has the same text; what is no date stays as it is. */
export function plainDate(text: string): string {
  const time = parseInstant(text);
  return time === undefined ? text : new Date(time).toISOString();
}

/** `v2.1` and `2.1.0+build` are the same version. */
function plainVersion(text: string): string {
  const version = parseVersion(text);
  return version === undefined ? text : stableText(version);
}
