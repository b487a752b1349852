import type { Trace } from '../model/evaluation.js';

/** An explanation's step while it is being decided. */
export interface Frame {
  /** The value that the step looked at last. */
  seen: unknown;
  readonly children: Trace[];
}

export function newFrame(): Frame {
  return { seen: undefined, children: [] };
}
