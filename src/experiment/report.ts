import type { VariantData, WindowData } from './report-data.js';
import { type Arm, type SampleRatio, sampleRatio } from './sample-ratio.js';
import type { TallyCounts } from './tally.js';
import type { SampledUsers } from './user-sample.js';
import type { ExperimentWindow } from './window.js';

/** Which part of a window is reported, and how finely. Times in milliseconds since 1970. */
export interface Period {
  readonly from?: number;
  readonly to?: number;
  /** milliseconds, whole hours */
  readonly interval: number;
  /** The id of the window that the experiment is in now. */
  readonly current?: string | undefined;
}

/** Users are those of the whole window, since a user is met once; evaluations are those of the period. */
export function reportTally({ name: { window }, users, others, hours }: TallyCounts, period: Period): WindowData {
  const names = namesOf(window, hours);
  const series = seriesOf(hours, period);
  return {
    version: window.version,
    since: rfc3339(window.since),
    current: window.id === period.current,
    known: window.split.length > 0,
    variants: variantsOf(names, window, users, series),
    several_variants: Math.round(users.several * users.weight),
    others: Object.fromEntries(others),
    exact: users.weight === 1,
    sample_ratio: sampleRatio(armsOf(names, window, users)),
    series,
  };
}

/** Does its split hold? */
export function ratioOf({ name: { window }, users, hours }: TallyCounts): SampleRatio {
  return sampleRatio(armsOf(namesOf(window, hours), window, users));
}

function namesOf(window: ExperimentWindow, hours: TallyCounts['hours']): string[] {
  const met = [...hours.values()].flatMap((counts) => [...counts.keys()]);
  return [...new Set([...window.split.map(({ variant }) => variant), ...met])];
}

/** Where nobody knows the split there is nothing to test, and no variant that should have no users. */
function armsOf(names: readonly string[], window: ExperimentWindow, { only }: SampledUsers): Arm[] {
  if (window.split.length === 0) return [];
  return names.map((variant) => ({
    variant,
    users: only.get(variant) ?? 0,
    expected: percentOf(variant, window),
  }));
}

function variantsOf(
  names: readonly string[],
  window: ExperimentWindow,
  { only, weight }: SampledUsers,
  series: WindowData['series'],
): VariantData[] {
  const counted = names.reduce((sum, name) => sum + (only.get(name) ?? 0), 0);
  return names.map((variant) => {
    const users = only.get(variant) ?? 0;
    return {
      variant_key: variant,
      evaluations: series.reduce((sum, { evaluations }) => sum + countOf(evaluations, variant), 0),
      unique_users: Math.round(users * weight),
      share: counted === 0 ? 0 : users / counted,
      expected_share: percentOf(variant, window) / 100,
    };
  });
}

/** A variant may be called `constructor`. */
function countOf(evaluations: Readonly<Record<string, number>>, variant: string): number {
  return Object.hasOwn(evaluations, variant) ? (evaluations[variant] ?? 0) : 0;
}

function percentOf(variant: string, { split }: ExperimentWindow): number {
  return split.find((share) => share.variant === variant)?.percent ?? 0;
}

function seriesOf(
  hours: TallyCounts['hours'],
  { from = -Infinity, to = Infinity, interval }: Period,
): WindowData['series'] {
  const found = new Map<number, Map<string, number>>();
  for (const [hour, counts] of hours) {
    if (hour < from || hour >= to) continue;
    const start = Math.floor(hour / interval) * interval;
    const sums = found.get(start) ?? new Map<string, number>();
    found.set(start, sums);
    for (const [variant, count] of counts) sums.set(variant, (sums.get(variant) ?? 0) + count);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([start, sums]) => ({ start: rfc3339(start), evaluations: Object.fromEntries(sums) }));
}

function rfc3339(time: number): string {
  return new Date(time).toISOString();
}
