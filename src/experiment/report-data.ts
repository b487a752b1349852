import type { SampleRatio } from './sample-ratio.js';

/** What `GET /flags/{key}/exposures` answers. Times are RFC 3339. */
export interface ExposureReport {
  readonly flag_key: string;
  readonly environment: string;
  readonly interval: 'hour' | 'day';
  /** The flag has an experiment now. */
  readonly experiment: boolean;
  /** The one that the experiment is in now, then the newest first. */
  readonly windows: readonly WindowData[];
}

/** One stretch of time in which the experiment was the same. */
export interface WindowData {
  /** The first revision of the flags that had it. */
  readonly version: string;
  readonly since: string;
  /** The experiment is in it now. */
  readonly current: boolean;
  /** `false`: nobody knows the split of these. */
  readonly known: boolean;
  readonly variants: readonly VariantData[];
  /** Users who met several variants; they are in no variant's count. */
  readonly several_variants: number;
  /** Evaluations that the experiment did not decide, by reason. */
  readonly others: Readonly<Record<string, number>>;
  /** `false`: users are estimated from a sample, and the test looks at the sample alone. */
  readonly exact: boolean;
  readonly sample_ratio: SampleRatio;
  readonly series: readonly { readonly start: string; readonly evaluations: Readonly<Record<string, number>> }[];
}

export interface VariantData {
  readonly variant_key: string;
  /** Of the period that was asked for. */
  readonly evaluations: number;
  /** Users who met this variant and no other. */
  readonly unique_users: number;
  /** Of the users who met one variant, from 0 to 1. */
  readonly share: number;
  /** What the split says, from 0 to 1. */
  readonly expected_share: number;
}
