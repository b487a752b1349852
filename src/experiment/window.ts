import { prepareHash } from '../engine/murmur3.js';
import { stagesOf } from '../engine/stage.js';
import type { Experiment, Flag, Split } from '../model/flag.js';

/** A stretch of time in which an experiment was the same: what is counted across its ends cannot be compared. */
export interface ExperimentWindow {
  /** The same for the same experiment, on every server and after a restart. */
  readonly id: string;
  /** The first revision of the flags that was seen to have it. */
  readonly version: string;
  /** When that was first told of; milliseconds since 1970. */
  readonly since: number;
  /** In percent of those who are in the experiment. */
  readonly split: Split;
}

/** Finds the window of a time (milliseconds since 1970). */
export type FindWindow = (at: number) => Pick<ExperimentWindow, 'id' | 'split'>;

const first = prepareHash('window/first/');
const second = prepareHash('window/second/');

/**
 * What tells one window from another: who is put where, and what they then get. Who was served by a rule or an
 * override is no part of the experiment, so those may change within a window; so may `percent`, which moves nobody,
 * and the order in which the variants are written.
 * Before its first step an experiment takes nobody; whoever was taken then by a slow clock stands in a window apart.
 *
 * @returns nothing for a flag that has no experiment
 */
export function windowsOf(flag: Flag): FindWindow | undefined {
  const { experiment } = flag;
  if (experiment === undefined) return undefined;
  const windows = stagesOf(experiment).map(({ from, plan }) => ({ from, window: windowOf(flag, plan) }));
  const before = windowOf(flag, experiment);
  return (at) => windows.findLast(({ from }) => from <= at)?.window ?? before;
}

function windowOf({ bucket_by, seed, variants }: Flag, { split = [], conditions, slot }: Experiment) {
  const values = Object.fromEntries(Object.entries(variants).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify([split, conditions, slot, bucket_by, seed, values]);
  return { id: hex(first(text)) + hex(second(text)), split };
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, '0');
}
