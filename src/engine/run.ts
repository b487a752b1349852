import type { Context } from '../model/context.js';
import type { Evaluation } from '../model/evaluation.js';
import type { Fault } from './fault.js';
import { type Frame, newFrame } from './frame.js';

/**
 * What is true of one context at one time, and what has been decided about it. Runs are used again:
 * what a node (a flag or segment, by number) holds counts only if its stamp is the current generation.
 */
export interface Run {
  context: Context;
  /** Milliseconds since 1970. */
  now: number;
  generation: number;
  readonly stamps: Float64Array;
  readonly answers: Evaluation[];
  readonly members: (boolean | Fault)[];
  /** Where an explanation writes. */
  frame: Frame;
}

/** A compiled decision. Throws a fault, or whatever the context throws. */
export type Decide<T> = (run: Run) => T;

export const EMPTY_CONTEXT: Context = Object.freeze({});

function createRun(nodes: number): Run {
  return {
    context: EMPTY_CONTEXT,
    now: 0,
    generation: 0,
    stamps: new Float64Array(nodes),
    answers: [],
    members: [],
    frame: newFrame(),
  };
}

/** Has this node been decided in this run? */
export function isDecided(run: Run, node: number): boolean {
  return run.stamps[node] === run.generation;
}

/** Lends runs: the same one again and again, another only to those who come while it is out. */
export interface Lender {
  take(): Run;
  /** What the run knew of its context is forgotten. */
  giveBack(run: Run): void;
}

export function createLender(nodes: number): Lender {
  let idle: Run | undefined;
  return {
    take() {
      const run = idle ?? createRun(nodes);
      idle = undefined;
      return run;
    },
    giveBack(run) {
      run.context = EMPTY_CONTEXT;
      idle = run;
    },
  };
}
