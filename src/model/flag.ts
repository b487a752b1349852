import type { Condition } from './condition.js';
import type { JsonObject } from './json.js';

export const FLAG_TYPES = ['boolean', 'string', 'number', 'json'] as const;
export type FlagType = (typeof FLAG_TYPES)[number];

export const PURPOSES = ['release', 'experiment', 'operational', 'kill_switch', 'permission'] as const;
export type Purpose = (typeof PURPOSES)[number];

export type FlagState = 'active' | 'archived';
export type Audience = 'server' | 'client';

/** One variant's part of a split, in percent (whole thousandths). */
export interface Share {
  readonly variant: string;
  readonly percent: number;
}

/** Shares in the order in which they were written: the order owns the bucket ranges. */
export type Split = readonly Share[];

export interface Prerequisite {
  readonly flag: string;
  readonly variants: readonly string[];
}

/** Serves either one variant or a split. `name` is there even where the file gives none (`rule 2`). */
export interface Rule {
  readonly name: string;
  readonly conditions: readonly Condition[];
  readonly serve?: string;
  readonly split?: Split;
}

/** From `at` (RFC 3339) on, this `percent` or this `split` replaces the rollout's own. */
export interface Step {
  readonly at: string;
  readonly percent?: number;
  readonly split?: Split;
}

/** Who enters (`percent`, 100 if left out) is one hash, which variant (`split`) another. */
export interface Rollout {
  readonly percent?: number;
  readonly split?: Split;
  readonly steps?: readonly Step[];
}

/** The group slot of an experiment, inlined: a half-open range of the group's own hash, in percent. */
export interface Slot {
  readonly group: string;
  readonly range: readonly [number, number];
}

export interface Experiment extends Rollout {
  readonly hypothesis?: string;
  readonly conditions?: readonly Condition[];
  /** Absent when the flag is in no group. Outside its slot the experiment takes nobody. */
  readonly slot?: Slot;
}

/**
 * A flag as it stands in one environment: overrides merged, defaults filled in, group slot inlined.
 * This is what the engine compiles and what travels to SDKs.
 */
export interface Flag {
  readonly key: string;
  readonly type: FlagType;
  readonly state: FlagState;
  readonly description?: string;
  readonly owner?: string;
  readonly tags: readonly string[];
  readonly purpose?: Purpose;
  readonly remove_by?: string;
  readonly snooze?: { readonly until: string; readonly reason: string };
  readonly value_schema?: JsonObject | boolean;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
  readonly expose: readonly Audience[];
  /** Name to value; a boolean flag has exactly `on` and `off`. */
  readonly variants: JsonObject;
  readonly bucket_by: string;
  readonly seed: string;
  readonly enabled: boolean;
  /** `null`: the caller's own default value, no variant. */
  readonly default: string | null;
  readonly off_variant: string | null;
  readonly starts_at?: string;
  readonly expires_at?: string;
  /** Variant name to targetingKeys. */
  readonly overrides: Readonly<Record<string, readonly string[]>>;
  readonly prerequisites: readonly Prerequisite[];
  readonly rules: readonly Rule[];
  readonly rollout?: Rollout;
  readonly experiment?: Experiment;
}
