import type { Condition } from './condition.js';

/** A named set of users; the same in every environment. Membership is decided per context. */
export interface Segment {
  readonly key: string;
  readonly description?: string;
  readonly owner?: string;
  readonly parent?: string;
  readonly enabled: boolean;
  readonly conditions: readonly Condition[];
  /** targetingKeys */
  readonly included: readonly string[];
  readonly excluded: readonly string[];
}
