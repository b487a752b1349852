import type { Comparison } from '../../model/condition.js';
import { fail, type Question, unparsable } from '../scope.js';
import { isInWindow, parseTimeWindow } from '../time-window.js';
import { told } from '../words.js';

/** The wall clock is inside the window. */
export function timeWindow({ value }: Comparison): Question {
  const window = parseTimeWindow(value);
  return {
    test: window ? (run) => isInWindow(window, run.now) : fail(unparsable('`time_window` has an invalid value')),
    tell: (holds) => told(holds, `the time is ${holds ? 'inside' : 'outside'}`),
  };
}
