import type { Flag } from './flag.js';
import type { Segment } from './segment.js';

/** Everything that one environment's evaluations depend on, in the order of keys; archived flags are among `flags`. */
export interface Definitions {
  readonly environment: string;
  readonly flags: readonly Flag[];
  readonly segments: readonly Segment[];
}
