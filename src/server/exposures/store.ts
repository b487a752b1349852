import type { TrackedEvent } from '../../experiment/exposure.js';
import type { TallyCounts, TallyData } from '../../experiment/tally.js';

/** A window in which nobody was counted for so long is forgotten; milliseconds. */
export const KEPT = 180 * 24 * 3_600_000;

/** What the log says of that. */
export function forgotten(flag: string, environment: string): string {
  return `a window of \`${flag}\` in ${environment} is forgotten: nobody was counted in it for 180 days`;
}

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
