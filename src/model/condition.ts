import type { Json } from './json.js';

/** Every operator a comparison may name. The order is the one of the documentation. */
export const OPERATORS = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'matches',
  'semver_eq',
  'semver_gt',
  'semver_gte',
  'semver_lt',
  'semver_lte',
  'semver_satisfies',
  'date_before',
  'date_after',
  'date_within',
  'time_window',
  'ip_in',
  'modulo',
  'exists',
  'not_exists',
  'in_segment',
  'not_in_segment',
  'bucket',
  'serves',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** `{attribute, operator, value}`: one question about the context. */
export interface Comparison {
  readonly attribute?: string;
  readonly operator: Operator;
  readonly value?: Json;
  readonly ignore_case?: boolean;
  /** The flag that `serves` asks about. */
  readonly flag?: string;
}

export interface All {
  readonly all: readonly Condition[];
}

export interface Any {
  readonly any: readonly Condition[];
}

export interface Not {
  readonly not: Condition;
}

export type Condition = Comparison | All | Any | Not;

/** The operand of `bucket`: a half-open range in percent. */
export interface BucketOperand {
  readonly seed: string;
  readonly range: readonly [number, number];
}

/** The operand of `time_window`: wall-clock times (`HH:MM[:SS]`) in `timezone`, UTC if left out. */
export interface TimeWindowOperand {
  readonly start: string;
  readonly end: string;
  readonly timezone?: string;
  readonly days?: readonly Weekday[];
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The operand of `modulo`. */
export interface ModuloOperand {
  readonly divisor: number;
  readonly remainder: number;
}
