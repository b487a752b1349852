import type { Context } from '../model/context.js';
import type { Evaluation } from '../model/evaluation.js';
import type { Fault } from './fault.js';
import { type Frame, newFrame } from './frame.js';

/**
 * What is true of one context at one time, and what has been read from it and decided about it. Runs are used
 * again: what is kept by number counts only if it was stamped in the current generation.
 */
export interface Run {
  context: Context;
  /** Milliseconds since 1970. */
  now: number;
  generation: number;
  /** Attributes, by number. */
  readonly values: unknown[];
  readonly valueStamps: number[];
  /** Flags and segments, by number. */
  readonly answers: Evaluation[];
  readonly members: (boolean | Fault)[];
  readonly nodeStamps: Float64Array;
  /** Where an explanation writes. */
  frame: Frame;
}

/** How many numbers there are. */
export interface Sizes {
  readonly nodes: number;
  readonly attributes: number;
}

/** A compiled decision. Throws a fault, or whatever the context throws. */
export type Decide<T> = (run: Run) => T;

export const EMPTY_CONTEXT: Context = Object.freeze({});

function createRun({ nodes, attributes }: Sizes): Run {
  return {
    context: EMPTY_CONTEXT,
    now: 0,
    generation: 0,
    values: new Array<unknown>(attributes).fill(undefined),
    valueStamps: new Array<number>(attributes).fill(0),
    answers: [],
    members: [],
    nodeStamps: new Float64Array(nodes),
    frame: newFrame(),
  };
}

/** Lends runs: the same one again and again, another only to those who come while it is out. */
export interface Lender {
  take(): Run;
  giveBack(run: Run): void;
}

export function createLender(sizes: Sizes): Lender {
  let idle: Run | undefined;
  return {
    take() {
      const run = idle ?? createRun(sizes);
      idle = undefined;
      return run;
    },
    giveBack(run) {
      run.context = EMPTY_CONTEXT;
      idle = run;
    },
  };
}
