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
  /** Attributes, by number: how they are read, and what was. */
  readonly readers: readonly Decide<unknown>[];
  readonly values: unknown[];
  readonly valueStamps: number[];
  /** Flags and segments, by number. */
  readonly answers: Evaluation[];
  readonly members: (boolean | Fault)[];
  readonly nodeStamps: Float64Array;
  /** Where an explanation writes. */
  frame: Frame;
}

/** What is numbered: how many flags and segments, and how attributes are read. */
export interface Numbered {
  readonly nodes: number;
  readonly readers: readonly Decide<unknown>[];
}

/** A compiled decision. Throws a fault, or whatever the context throws. */
export type Decide<T> = (run: Run) => T;

export const EMPTY_CONTEXT: Context = Object.freeze({});

export function createRun({ nodes, readers }: Numbered): Run {
  return {
    context: EMPTY_CONTEXT,
    now: 0,
    generation: 0,
    readers,
    values: readers.map(() => undefined),
    valueStamps: readers.map(() => 0),
    answers: [],
    members: [],
    nodeStamps: new Float64Array(nodes),
    frame: newFrame(),
  };
}

/** Makes room for attributes that were numbered since the run was created. */
export function widen({ readers, values, valueStamps }: Run): void {
  while (values.length < readers.length) {
    values.push(undefined);
    valueStamps.push(0);
  }
}

/** The value of an attribute, read at most once in a run. */
export function lookUp(run: Run, attribute: number): unknown {
  return run.valueStamps[attribute] === run.generation ? run.values[attribute] : readNow(run, attribute);
}

/** Apart from the above, which is small enough to be inlined wherever an attribute is looked at. */
function readNow(run: Run, attribute: number): unknown {
  const value = (run.readers[attribute] as Decide<unknown>)(run);
  run.values[attribute] = value;
  run.valueStamps[attribute] = run.generation;
  return value;
}

/** Lends runs: the same one again and again, another only to those who come while it is out. */
export interface Lender {
  take(): Run;
  giveBack(run: Run): void;
}

export function createLender(numbered: Numbered): Lender {
  let idle: Run | undefined;
  return {
    take() {
      const run = idle ?? createRun(numbered);
      idle = undefined;
      return run;
    },
    giveBack(run) {
      run.context = EMPTY_CONTEXT;
      idle = run;
    },
  };
}
