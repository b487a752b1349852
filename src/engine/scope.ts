import type { Evaluation } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import { Fault } from './fault.js';
import type { Instrument, Tell } from './instrument.js';
import type { Notations } from './notations.js';
import type { Decide } from './run.js';

/** A yes or no about a context. */
export type Test = Decide<boolean>;

/** A condition, and how to tell what came of it. */
export interface Question {
  readonly test: Test;
  readonly tell: Tell<boolean>;
}

/** Another flag, and how to decide it at most once in a run; deciding it throws nothing. */
export interface OtherFlag {
  readonly flag: Flag;
  readonly answer: Decide<Evaluation>;
}

/** What a flag or segment is compiled with. */
export interface Scope {
  readonly instrument: Instrument;
  readonly notations: Notations;
  /** The number of an attribute, for `valueOf`. */
  attribute(name: string): number;
  /** A fault when there is no such flag, or when it depends on the one that is compiled. */
  flag(key: string): OtherFlag | Fault;
  /** Membership of a segment, decided at most once in a run. A fault as above. */
  segment(key: string): Test | Fault;
}

/** A decision that meets a fault. */
export function fail(fault: Fault): Decide<never> {
  return () => {
    throw fault;
  };
}

/** A fault for something that cannot be read. */
export function unparsable(message: string): Fault {
  return new Fault(message, 'PARSE_ERROR');
}
