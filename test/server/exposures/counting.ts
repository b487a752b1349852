import { Tallies } from '../../../src/experiment/tally.js';
import type { ExperimentWindow } from '../../../src/experiment/window.js';
import type { Counts } from '../../../src/server/exposures/store.js';

export const NOW = Date.parse('2026-11-22T00:00:00Z');

const SPLIT = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

export const WINDOW: ExperimentWindow = { id: 'w', version: 'v0', since: NOW, split: SPLIT };

/** A user who met a variant of the flag `f` in the environment `e`. */
export interface Met {
  readonly user: string;
  readonly variant: string;
  readonly reason?: string;
  readonly window?: ExperimentWindow;
  readonly at?: number;
}

/** What a batch of them adds. */
export function counts(id: string, ...all: readonly Met[]): Counts {
  const tallies = new Tallies();
  for (const { user, variant, reason = 'SPLIT', window = WINDOW, at = NOW } of all) {
    tallies.add({ flag: 'f', environment: 'e', window }, { user, variant, reason, at });
  }
  return { id, tallies: tallies.toJSON(), events: [] };
}
