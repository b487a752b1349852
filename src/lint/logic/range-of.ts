import { parseInstant } from '../../engine/instant.js';
import { parseRange } from '../../engine/percent.js';
import { parseVersion } from '../../engine/semver.js';
import { type VersionBound, type VersionBounds, versionBoundsOf } from '../../engine/version-bounds.js';
import type { Json, JsonObject } from '../../model/json.js';
import type { WrittenComparison } from '../../project/written.js';
import { above, type Bound, below, type Interval, overlap, type Point, type Range } from './ranges.js';

/** Where the value of an attribute lies when a comparison holds; nothing if the operator is about no order. */
export function rangeOf({ operator, value }: WrittenComparison): Range | undefined {
  return RANGES[operator]?.(value);
}

type RangeReader = (operand: Json | undefined) => Range | undefined;

const RANGES: Readonly<Partial<Record<WrittenComparison['operator'], RangeReader>>> = {
  gt: numbers((at) => above(at, false)),
  gte: numbers((at) => above(at, true)),
  lt: numbers((at) => below(at, false)),
  lte: numbers((at) => below(at, true)),
  semver_eq: versions((at) => point(at)),
  semver_gt: versions((at) => above(at, false)),
  semver_gte: versions((at) => above(at, true)),
  semver_lt: versions((at) => below(at, false)),
  semver_lte: versions((at) => below(at, true)),
  semver_satisfies: versionRange,
  date_before: instants((at) => below(at, false)),
  date_after: instants((at) => above(at, false)),
  date_within: () => ({ scale: 'since now', intervals: [below(0, true)] }),
  bucket: shares,
  modulo: remainders,
};

function point(at: Point): Interval {
  return { from: { at, inclusive: true }, to: { at, inclusive: true } };
}

function numbers(interval: (at: number) => Interval): RangeReader {
  return (operand) => (typeof operand === 'number' ? { scale: 'number', intervals: [interval(operand)] } : undefined);
}

function versions(interval: (at: Point) => Interval): RangeReader {
  return (operand) => {
    const version = typeof operand === 'string' ? parseVersion(operand) : undefined;
    return version && { scale: 'version', intervals: [interval(version)] };
  };
}

function versionRange(operand: Json | undefined): Range | undefined {
  const alternatives = typeof operand === 'string' ? versionBoundsOf(operand) : undefined;
  return (
    alternatives && {
      scale: 'version',
      intervals: alternatives.map((bounds) => bounds.map(interval).reduce(overlap, {})),
    }
  );
}

function interval({ from, to }: VersionBounds): Interval {
  return { ...(from && { from: bound(from) }), ...(to && { to: bound(to) }) };
}

function bound({ version, inclusive }: VersionBound): Bound {
  return { at: version, inclusive };
}

/** What is compared to `now` moves with the clock, so it has a scale of its own. */
function instants(interval: (at: number) => Interval): RangeReader {
  return (operand) => {
    if (operand === 'now') return { scale: 'since now', intervals: [interval(0)] };
    const instant = typeof operand === 'string' ? parseInstant(operand) : undefined;
    return instant === undefined ? undefined : { scale: 'instant', intervals: [interval(instant)] };
  };
}

function shares(operand: Json | undefined): Range | undefined {
  const range = parseRange(fieldOf(operand, 'range'));
  if (range === undefined) return undefined;
  const interval = { from: { at: range.from, inclusive: true }, to: { at: range.to, inclusive: false } };
  return { scale: 'share', intervals: [interval] };
}

function remainders(operand: Json | undefined): Range | undefined {
  const remainder = fieldOf(operand, 'remainder');
  if (typeof remainder !== 'number') return undefined;
  return { scale: `remainder of ${JSON.stringify(fieldOf(operand, 'divisor'))}`, intervals: [point(remainder)] };
}

function fieldOf(operand: Json | undefined, name: string): Json | undefined {
  return isObject(operand) ? operand[name] : undefined;
}

function isObject(operand: Json | undefined): operand is JsonObject {
  return typeof operand === 'object' && operand !== null && !Array.isArray(operand);
}
