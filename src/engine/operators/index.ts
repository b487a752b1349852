import type { Operator } from '../../model/condition.js';
import { ipIn } from './address.js';
import { bucket } from './bucket.js';
import { dateAfter, dateBefore, dateWithin } from './date.js';
import { eq, isIn } from './equality.js';
import { gt, gte, lt, lte, modulo } from './number.js';
import { type CompileQuestion, complement, onAttribute } from './operator.js';
import { exists } from './presence.js';
import { inSegment, notInSegment, serves } from './reference.js';
import { contains, endsWith, matches, startsWith } from './text.js';
import { semverEq, semverGt, semverGte, semverLt, semverLte, semverSatisfies } from './version.js';
import { timeWindow } from './window.js';

/** How each operator is compiled. */
export const operators: Readonly<Record<Operator, CompileQuestion>> = {
  eq: onAttribute(eq),
  ne: onAttribute(complement(eq)),
  gt: onAttribute(gt),
  gte: onAttribute(gte),
  lt: onAttribute(lt),
  lte: onAttribute(lte),
  in: onAttribute(isIn),
  not_in: onAttribute(complement(isIn)),
  contains: onAttribute(contains),
  not_contains: onAttribute(complement(contains)),
  starts_with: onAttribute(startsWith),
  ends_with: onAttribute(endsWith),
  matches: onAttribute(matches),
  semver_eq: onAttribute(semverEq),
  semver_gt: onAttribute(semverGt),
  semver_gte: onAttribute(semverGte),
  semver_lt: onAttribute(semverLt),
  semver_lte: onAttribute(semverLte),
  semver_satisfies: onAttribute(semverSatisfies),
  date_before: onAttribute(dateBefore),
  date_after: onAttribute(dateAfter),
  date_within: onAttribute(dateWithin),
  time_window: timeWindow,
  ip_in: onAttribute(ipIn),
  modulo: onAttribute(modulo),
  exists: onAttribute(exists),
  not_exists: onAttribute(complement(exists)),
  in_segment: inSegment,
  not_in_segment: notInSegment,
  bucket,
  serves,
};
