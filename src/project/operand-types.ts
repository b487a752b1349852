import type { Operator } from '../model/condition.js';
import type { AttributeType } from '../model/context.js';

type Declared = Exclude<AttributeType, 'any'>;

const EVERY: readonly Declared[] = ['string', 'number', 'boolean', 'semver', 'date', 'list', 'ip'];
/** What is text in the context, or a list of texts of which any may do. */
const TEXT: readonly Declared[] = ['string', 'semver', 'date', 'list', 'ip'];
const NUMBER: readonly Declared[] = ['number'];
const VERSION: readonly Declared[] = ['semver', 'list'];
const DATE: readonly Declared[] = ['date', 'list'];

/** The types of attribute that an operator can hold for. Operators that take no attribute are not here. */
export const ATTRIBUTE_TYPES_OF: Readonly<Partial<Record<Operator, readonly Declared[]>>> = {
  eq: EVERY,
  ne: EVERY,
  gt: NUMBER,
  gte: NUMBER,
  lt: NUMBER,
  lte: NUMBER,
  in: EVERY,
  not_in: EVERY,
  contains: TEXT,
  not_contains: TEXT,
  starts_with: TEXT,
  ends_with: TEXT,
  matches: TEXT,
  semver_eq: VERSION,
  semver_gt: VERSION,
  semver_gte: VERSION,
  semver_lt: VERSION,
  semver_lte: VERSION,
  semver_satisfies: VERSION,
  date_before: DATE,
  date_after: DATE,
  date_within: DATE,
  ip_in: ['ip', 'list'],
  modulo: NUMBER,
  exists: EVERY,
  not_exists: EVERY,
  bucket: ['string', 'number', 'semver', 'date', 'ip'],
};

/** What a value of an attribute can be in JSON; `any` is not checked. */
export const JSON_TYPES_OF: Readonly<Record<Declared, readonly ('string' | 'number' | 'boolean')[]>> = {
  string: ['string'],
  number: ['number'],
  boolean: ['boolean'],
  semver: ['string'],
  date: ['string', 'number'],
  list: ['string'],
  ip: ['string'],
};

/** The operators whose value is compared as it is: with `enum`, and by type. */
export const EQUALITY: readonly Operator[] = ['eq', 'ne', 'in', 'not_in'];
