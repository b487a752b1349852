import { parseInstant } from '../engine/instant.js';
import { prepareHash } from '../engine/murmur3.js';
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

const first = prepareHash('window/first/');
const second = prepareHash('window/second/');

/**
 * What tells one window from another: who is put where, and what they then get. Who was served by a rule or an
 * override is no part of the experiment, so those may change within a window; so may `percent`, which moves nobody.
 *
 * @param at milliseconds since 1970
 * @returns nothing for a flag that has no experiment
 */
export function windowIn(flag: Flag, at: number): Pick<ExperimentWindow, 'id' | 'split'> | undefined {
  const { experiment, bucket_by, seed, variants } = flag;
  if (experiment === undefined) return undefined;
  const split = splitAt(experiment, at);
  const { conditions, slot } = experiment;
  const text = JSON.stringify([split, conditions, slot, bucket_by, seed, variants]);
  return { id: hex(first(text)) + hex(second(text)), split };
}

/** The split that holds at a time: that of the last step that gives one, else the experiment's own. */
function splitAt({ split = [], steps = [] }: Experiment, at: number): Split {
  const passed = steps.filter((step) => (parseInstant(step.at) ?? Number.POSITIVE_INFINITY) <= at);
  return passed.findLast((step) => step.split !== undefined)?.split ?? split;
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, '0');
}
