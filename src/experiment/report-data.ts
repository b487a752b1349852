import type { SampleRatio } from './sample-ratio.js';

/** What `GET /flags/{key}/exposures` answers. Times are RFC 3339. */
export interface ExposureReport {
  readonly flag_key: string;
  readonly environment: string;
  readonly interval: 'hour' | 'day';
  /** The newest first. */
  readonly windows: readonly WindowData[];
}

/** One stretch of time in which the experiment was the same. */
export interface WindowData {
  /** The first revision of the flags that had it. */
  readonly version: string;
  readonly since: string;
  /** `false`: nobody knows the split of these. */
  readonly known: boolean;
  readonly variants: readonly VariantData[];
  readonly several_variants: number;
  /** Evaluations that the experiment did not decide, by reason. */
  readonly others: Readonly<Record<string, number>>;
  /** `false`: users are estimated from a sample. */
  readonly exact: boolean;
  readonly sample_ratio: SampleRatio;
  readonly series: readonly { readonly start: string; readonly evaluations: Readonly<Record<string, number>> }[];
}

export interface VariantData {
  readonly variant_key: string;
  readonly evaluations: number;
  readonly unique_users: number;
  readonly share: number;
  readonly expected_share: number;
}
