import type { Operator } from '../model/condition.js';
import { isInRange, parseAddress, parseIpRange } from './ip.js';
import { compileRegex } from './regex.js';
import { parseVersionRange } from './version-range.js';

/** Reads what only a library can read: patterns, ranges of versions, addresses. */
export const NOTATIONS = { compileRegex, parseVersionRange, parseAddress, parseIpRange, isInRange };

/** The libraries are bigger than the rest of the engine, so whoever compiles definitions says where they come from. */
export type Notations = typeof NOTATIONS;

/** The operators that ask for one of them. */
export type LibraryOperator = Extract<Operator, 'matches' | 'semver_satisfies' | 'ip_in'>;
