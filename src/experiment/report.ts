import { type SampleRatio, sampleRatio } from './sample-ratio.js';
import type { Tally } from './tally.js';
import type { ExperimentWindow } from './window.js';

export interface VariantCounts {
  readonly variant: string;
  readonly evaluations: number;
  /** Users who met this variant and no other. */
  readonly users: number;
  /** Of the users who met one variant, from 0 to 1. */
  readonly share: number;
  /** What the split says, from 0 to 1. */
  readonly expected: number;
}

interface Interval {
  /** milliseconds since 1970 */
  readonly start: number;
  /** By variant. */
  readonly evaluations: Readonly<Record<string, number>>;
}

export interface WindowReport {
  readonly window: ExperimentWindow;
  readonly variants: readonly VariantCounts[];
  /** Users who met several variants; they are in no variant's count. */
  readonly several: number;
  /** Evaluations in which an override, a rule or a failure decided, by reason. */
  readonly others: Readonly<Record<string, number>>;
  /** The counts of users are exact; otherwise estimates from a sample, while the test looks at the sample alone. */
  readonly exact: boolean;
  readonly ratio: SampleRatio;
  readonly series: readonly Interval[];
}

/** Which part of a window is reported, and how finely. Times in milliseconds since 1970. */
export interface Period {
  readonly from?: number;
  readonly to?: number;
  /** milliseconds, whole hours */
  readonly interval: number;
}

/** Users are those of the whole window, since a user is met once; evaluations are those of the period. */
export function reportTally({ name, users, others, hours }: Tally, period: Period): WindowReport {
  const { window } = name;
  const { only, several, weight } = users.read();
  const series = seriesOf(hours, period);
  const expected = new Map(window.split.map(({ variant, percent }) => [variant, percent]));
  const met = [...hours.values()].flatMap((counts) => [...counts.keys()]);
  const names = [...new Set([...expected.keys(), ...met])];
  const counted = names.reduce((sum, name) => sum + (only.get(name) ?? 0), 0);
  return {
    window,
    variants: names.map((variant) => ({
      variant,
      evaluations: series.reduce((sum, { evaluations }) => sum + (evaluations[variant] ?? 0), 0),
      users: Math.round((only.get(variant) ?? 0) * weight),
      share: counted === 0 ? 0 : (only.get(variant) ?? 0) / counted,
      expected: (expected.get(variant) ?? 0) / 100,
    })),
    several: Math.round(several * weight),
    others: Object.fromEntries(others),
    exact: weight === 1,
    ratio: sampleRatio(
      names.map((variant) => ({ variant, users: only.get(variant) ?? 0, expected: expected.get(variant) ?? 0 })),
    ),
    series,
  };
}

function seriesOf(hours: Tally['hours'], { from = -Infinity, to = Infinity, interval }: Period): Interval[] {
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
    .map(([start, sums]) => ({ start, evaluations: Object.fromEntries(sums) }));
}
