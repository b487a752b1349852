import { compareVersions, type Version } from '../../engine/semver.js';

/** Where something stands on a scale: a number (a quantity, an instant, a percentage) or a version. */
export type Point = number | Version;

export interface Bound {
  readonly at: Point;
  readonly inclusive: boolean;
}

/** An end that is left out is open for ever. */
export interface Interval {
  readonly from?: Bound;
  readonly to?: Bound;
}

/** Intervals on one scale; only ranges on the same scale can be compared. */
export interface Range {
  readonly scale: string;
  readonly intervals: readonly Interval[];
}

export function above(at: Point, inclusive: boolean): Interval {
  return { from: { at, inclusive } };
}

export function below(at: Point, inclusive: boolean): Interval {
  return { to: { at, inclusive } };
}

export function isEmpty({ intervals }: Range): boolean {
  return intervals.every(isEmptyInterval);
}

/** What lies in both; both are on one scale. */
export function intersect(a: Range, b: Range): Range {
  const intervals = a.intervals.flatMap((one) => b.intervals.map((other) => overlap(one, other)));
  return { scale: a.scale, intervals: intervals.filter((interval) => !isEmptyInterval(interval)) };
}

/** Does everything in `inner` lie in `outer`? `false` when it is not sure. */
export function isWithin(inner: Range, outer: Range): boolean {
  if (inner.scale !== outer.scale) return false;
  return inner.intervals.every((one) => isEmptyInterval(one) || outer.intervals.some((other) => fits(one, other)));
}

/** The one point that a range admits, if it is a number. */
export function onlyNumber({ intervals }: Range): number | undefined {
  const [interval, ...more] = intervals;
  const { from, to } = interval ?? {};
  return more.length === 0 && typeof from?.at === 'number' && from.at === to?.at ? from.at : undefined;
}

function isEmptyInterval({ from, to }: Interval): boolean {
  if (from === undefined || to === undefined) return false;
  const order = compare(from.at, to.at);
  return order > 0 || (order === 0 && !(from.inclusive && to.inclusive));
}

/** What lies in both; perhaps nothing. */
export function overlap(a: Interval, b: Interval): Interval {
  const from = later(a.from, b.from);
  const to = earlier(a.to, b.to);
  return { ...(from && { from }), ...(to && { to }) };
}

function fits(inner: Interval, outer: Interval): boolean {
  const from = later(inner.from, outer.from);
  const to = earlier(inner.to, outer.to);
  return same(from, inner.from) && same(to, inner.to);
}

/** The stricter of two beginnings. */
function later(a: Bound | undefined, b: Bound | undefined): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compare(a.at, b.at);
  return order > 0 || (order === 0 && !a.inclusive) ? a : b;
}

/** The stricter of two ends. */
function earlier(a: Bound | undefined, b: Bound | undefined): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compare(a.at, b.at);
  return order < 0 || (order === 0 && !a.inclusive) ? a : b;
}

function same(a: Bound | undefined, b: Bound | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.inclusive === b.inclusive && compare(a.at, b.at) === 0;
}

function compare(a: Point, b: Point): number {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b);
  return compareVersions(a, b);
}
