import { WORKING_TREE } from '../diff/delta.js';
import type { Context } from '../model/context.js';

export interface EvalQuestion {
  readonly flag: string;
  readonly environment: string;
  readonly context: Context;
  /** RFC 3339; left out: now. */
  readonly at?: string;
  /** Which side to ask: a revision, or the working tree. */
  readonly side: string;
}

/** The command line that answers the question with its explanation, ready for a POSIX shell. */
export function evalCommand({ flag, environment, context, at, side }: EvalQuestion): string {
  return [
    'flagstaff eval',
    quoted(flag),
    `--env ${quoted(environment)}`,
    ...(side === WORKING_TREE ? [] : [`--ref ${quoted(side)}`]),
    `--context ${quoted(JSON.stringify(context))}`,
    ...(at === undefined ? [] : [`--now ${at}`]),
    '--explain',
  ].join(' ');
}

function quoted(text: string): string {
  return /^[\w./:~^@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
