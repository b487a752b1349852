import type { Trace } from '../model/evaluation.js';
import { Fault } from './fault.js';
import { newFrame } from './frame.js';
import type { Decide } from './run.js';

/** What a step came to: a short word and a sentence. */
export type Told = Pick<Trace, 'outcome' | 'detail'>;

/** Tells a step's result, given the value that the step saw. Never throws. */
export type Tell<T> = (result: T, seen: unknown) => Told;

/**
 * Whatever decides is compiled through an instrument. `plain` leaves it as it is; `tracing` has it write
 * an explanation as well. So there is one code that decides, and evaluating pays nothing for explaining.
 */
export interface Instrument {
  /** A decision that is a step of its own. */
  step<T>(name: string, decide: Decide<T>, tell: Tell<T>): Decide<T>;
  /** A decision whose result is what the surrounding step saw. */
  watch<T>(decide: Decide<T>): Decide<T>;
  /** A decision about what the surrounding step sees. */
  about<T>(see: Decide<unknown>, decide: Decide<T>): Decide<T>;
  /** A decision that takes a while to compile: at once, or when it is asked for first. */
  compile<T>(compile: () => Decide<T>): Decide<T>;
}

export const plain: Instrument = {
  step: (_name, decide) => decide,
  watch: (decide) => decide,
  about: (_see, decide) => decide,
  compile: (compile) => compile(),
};

export const tracing: Instrument = {
  step: traceStep,
  watch: traceValue,
  about: traceAbout,
  compile: compileOnDemand,
};

function traceStep<T>(step: string, decide: Decide<T>, tell: Tell<T>): Decide<T> {
  return (run) => {
    const outer = run.frame;
    const frame = newFrame();
    run.frame = frame;
    try {
      const result = decide(run);
      outer.children.push({ step, ...tell(result, frame.seen), children: frame.children });
      return result;
    } catch (thrown) {
      const fault = Fault.from(thrown);
      outer.children.push({ step, outcome: 'error', detail: fault.message, children: frame.children });
      throw fault;
    } finally {
      run.frame = outer;
    }
  };
}

function traceAbout<T>(see: Decide<unknown>, decide: Decide<T>): Decide<T> {
  return (run) => {
    run.frame.seen = see(run);
    return decide(run);
  };
}

function traceValue<T>(decide: Decide<T>): Decide<T> {
  return (run) => {
    const value = decide(run);
    run.frame.seen = value;
    return value;
  };
}

/** Few of the flags that are served are ever explained. */
function compileOnDemand<T>(compile: () => Decide<T>): Decide<T> {
  let compiled: Decide<T> | undefined;
  return (run) => {
    compiled ??= compile();
    return compiled(run);
  };
}
