/**
 * The shapes that stand in files, before defaults are filled in. Each is what its JSON Schema in
 * `schemas/` admits; test/project/written.test.ts holds the two and the documentation together.
 */

import type { Operator } from '../model/condition.js';
import type { AttributeType } from '../model/context.js';
import type { Reason } from '../model/evaluation.js';
import type { Audience, FlagState, FlagType, Purpose } from '../model/flag.js';
import type { Json, JsonObject } from '../model/json.js';
import type { Lifecycle } from '../model/snapshot.js';

/** A variant's name; for a boolean flag `true` and `false` may stand for `on` and `off`. */
export type WrittenVariant = string | boolean;

/** Variant name to percent. The order of the entries is the order of the bucket ranges. */
export type WrittenSplit = Readonly<Record<string, number>>;

export interface WrittenComparison {
  readonly attribute?: string;
  readonly operator: Operator;
  readonly value?: Json;
  readonly ignore_case?: boolean;
  readonly flag?: string;
}

export type WrittenCondition =
  | WrittenComparison
  | { readonly all: readonly WrittenCondition[] }
  | { readonly any: readonly WrittenCondition[] }
  | { readonly not: WrittenCondition };

export interface WrittenRule {
  readonly name?: string;
  readonly conditions: readonly WrittenCondition[];
  readonly serve?: WrittenVariant;
  readonly split?: WrittenSplit;
}

interface WrittenStep {
  readonly at: string;
  readonly percent?: number;
  readonly split?: WrittenSplit;
}

export interface WrittenRollout {
  readonly percent?: number;
  readonly split?: WrittenSplit;
  readonly steps?: readonly WrittenStep[];
}

export interface WrittenExperiment extends WrittenRollout {
  readonly hypothesis?: string;
  readonly conditions?: readonly WrittenCondition[];
}

export interface WrittenPrerequisite {
  readonly flag: string;
  readonly variants: readonly WrittenVariant[];
}

/** What a flag does: the keys that an environment may replace. `null` removes a key there. */
export interface WrittenBehaviour {
  readonly enabled?: boolean | null;
  readonly default?: WrittenVariant | null;
  readonly off_variant?: WrittenVariant | null;
  readonly starts_at?: string | null;
  readonly expires_at?: string | null;
  readonly overrides?: Readonly<Record<string, readonly string[]>> | null;
  readonly prerequisites?: readonly WrittenPrerequisite[] | null;
  readonly rules?: readonly WrittenRule[] | null;
  readonly rollout?: WrittenRollout | null;
  readonly experiment?: WrittenExperiment | null;
}

/** `<key>.flag.yaml` */
export interface WrittenFlag extends WrittenBehaviour {
  readonly key: string;
  readonly description?: string;
  readonly type: FlagType;
  readonly owner?: string;
  readonly tags?: readonly string[];
  readonly purpose?: Purpose;
  readonly remove_by?: string;
  readonly snooze?: { readonly until: string; readonly reason: string };
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
  readonly expose?: readonly Audience[];
  readonly state?: FlagState;
  readonly variants?: JsonObject;
  readonly value_schema?: JsonObject | boolean;
  readonly bucket_by?: string;
  readonly seed?: string;
  readonly environments?: Readonly<Record<string, WrittenBehaviour>>;
}

/** `<key>.<environment>.override.yaml` */
export interface WrittenOverride extends WrittenBehaviour {
  readonly flag: string;
  readonly environment: string;
}

/** `<key>.segment.yaml` */
export interface WrittenSegment {
  readonly key: string;
  readonly description?: string;
  readonly owner?: string;
  readonly parent?: string;
  readonly enabled?: boolean;
  readonly conditions?: readonly WrittenCondition[];
  readonly included?: readonly string[];
  readonly excluded?: readonly string[];
}

export interface WrittenSlot {
  readonly flag: string;
  readonly range: readonly [number, number];
}

/** `<key>.group.yaml` */
export interface WrittenGroup {
  readonly key: string;
  readonly description?: string;
  readonly owner?: string;
  readonly bucket_by?: string;
  readonly slots: readonly WrittenSlot[];
}

export interface WrittenAttribute {
  readonly type: AttributeType;
  readonly description?: string;
  readonly enum?: readonly (string | number | boolean)[];
  readonly weights?: readonly number[];
}

/** `flagstaff.yaml` */
export interface WrittenProject {
  readonly environments: readonly string[];
  readonly default_environment?: string;
  readonly protected?: readonly string[];
  readonly naming?: { readonly flag?: string; readonly segment?: string; readonly group?: string };
  readonly context?: Readonly<Record<string, WrittenAttribute>>;
  readonly lint?: Readonly<Record<string, 'error' | 'warning' | 'info' | 'off'>>;
  readonly review?: {
    readonly max_impact?: Readonly<Record<string, number>>;
    readonly population?: string;
  };
  readonly lifecycle?: Lifecycle;
}

/** `{name}`: a value that the case's matrix gives. */
type Placeholder = `{${string}}`;

export interface WrittenExpectation {
  readonly value?: Json;
  readonly variant?: WrittenVariant | null;
  readonly reason?: Reason | Placeholder;
  readonly rule?: string | null;
  readonly error_code?: string | null;
  readonly member?: boolean | Placeholder;
}

/**
 * The shares that `sample` (10000 if left out) generated users should fall into, in percent, give or take `tolerance`
 * points (1). `_none` is the share of those who are served no variant.
 */
export interface WrittenDistribution {
  readonly sample?: number;
  readonly expect: Readonly<Record<string, number>>;
  readonly tolerance?: number;
}

export interface WrittenCase {
  readonly name: string;
  readonly flag?: string;
  readonly segment?: string;
  readonly environment?: string;
  readonly context?: JsonObject;
  readonly now?: string;
  /** Stand at this place of the split, in percent (0 to below 100), in place of hunting for an id that hashes there. */
  readonly bucket?: number | Placeholder;
  /** With `bucket`: stand at this place of the hash that decides who enters a rollout with `percent`. */
  readonly entry?: number | Placeholder;
  /**
   * Name to values: one case per combination. `{name}` in the case's strings is replaced;
   * a string that is nothing but `{name}` becomes the value itself, whatever its type.
   */
  readonly matrix?: Readonly<Record<string, readonly Json[]>>;
  readonly expect?: WrittenExpectation;
  readonly distribution?: WrittenDistribution;
}

/** `*.test.yaml`; what stands beside `cases` is the default of each case. */
export interface WrittenTests {
  readonly flag?: string;
  readonly segment?: string;
  readonly environment?: string;
  readonly context?: JsonObject;
  readonly now?: string;
  readonly cases: readonly WrittenCase[];
}
