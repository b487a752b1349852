import { WORKING_TREE } from '../diff/delta.js';
import type { Impact } from '../diff/impact.js';
import type { Context } from '../model/context.js';
import { namedWords, transitionWords } from './impact-words.js';

interface EvalQuestion {
  readonly flag: string;
  readonly environment: string;
  readonly context: Context;
  /** RFC 3339; left out: now. */
  readonly at?: string;
  /** Which side to ask: a revision, or the working tree. */
  readonly side: string;
}

/** The command line that answers the question with its explanation, ready for a POSIX shell. */
function evalCommand({ flag, environment, context, at, side }: EvalQuestion): string {
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

/** A transition in words and the command that reproduces it on one side. */
export interface ExampleRow {
  readonly words: string;
  readonly command: string | undefined;
}

export function exampleRows({ flag, environment, at, transitions, named = [] }: Impact, side: string): ExampleRow[] {
  const when = at === undefined ? {} : { at };
  const commandFor = (context: Context | undefined) =>
    context && evalCommand({ flag, environment, context, ...when, side });
  return [
    ...transitions.map((each) => ({ words: transitionWords(each), command: commandFor(each.example) })),
    ...named.map((each) => ({ words: namedWords(each), command: commandFor(each.example) })),
  ];
}
