import type { TrackedEvent } from '../../experiment/exposure.js';
import type { TallyCounts, TallyData } from '../../experiment/tally.js';

/** What one batch adds. */
export interface Counts {
  /** The idempotency key. */
  readonly id: string;
  readonly tallies: readonly TallyData[];
  readonly events: readonly TrackedEvent[];
}

/** Where exposures are kept. */
export interface ExposureStore {
  /** Resolves when they are safe: `false` when some of this id were accepted before. */
  add(counts: Counts): Promise<boolean>;
  /** @param window the id of the only one that is wanted; all, if left out */
  read(flag: string, environment: string, window?: string): Promise<readonly TallyCounts[]>;
  /** What `/status` says of it. */
  status(): object;
  close(): Promise<void>;
}
