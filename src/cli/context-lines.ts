import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import type { Context } from '../model/context.js';
import { parseContext } from './json.js';
import { type Line, linesOf } from './lines.js';
import { readStdin, type Terminal } from './terminal.js';

/** The context on a line, or why there is none, beginning with the column. */
export function contextOn(line: Line): { readonly context: Context } | { readonly problem: string } {
  if ('problem' in line) return { problem: `1: ${line.problem}` };
  const parsed = parseContext(line.text);
  if ('value' in parsed) return { context: parsed.value };
  return { problem: `${parsed.problem.column}: ${parsed.problem.message}` };
}

/** What stands in a file, or on stdin for `-`. @throws Refusal */
export async function* bytesOf(source: string, terminal: Terminal): AsyncGenerator<Uint8Array> {
  if (source === '-') {
    yield* readStdin(terminal);
    return;
  }
  try {
    yield* createReadStream(resolve(terminal.cwd, source));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new Refusal('not-found', `there is no file \`${source}\``, { cause });
    throw new Refusal('unreadable', `cannot read \`${source}\` (${code})`, { cause });
  }
}

export interface ManyContexts {
  readonly contexts: readonly Context[];
  /** Lines that hold no context; each has been reported. */
  readonly badLines: number;
}

/** All contexts of a file of one a line, or of stdin for `-`. */
export function readContexts(source: string, terminal: Terminal): Promise<ManyContexts> {
  return contextsIn(bytesOf(source, terminal), source === '-' ? 'stdin' : source, terminal);
}

/**
 * Contexts, one a line. A bad line is reported and the rest goes on.
 *
 * @param name what the reader knows the source by
 */
export async function contextsIn(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  { stderr }: Terminal,
): Promise<ManyContexts> {
  const contexts: Context[] = [];
  let badLines = 0;
  for await (const lines of linesOf(bytes)) {
    for (const line of lines) {
      if ('text' in line && line.text.trim() === '') continue;
      const parsed = contextOn(line);
      if ('context' in parsed) contexts.push(parsed.context);
      else {
        badLines += 1;
        await stderr.write(`${name}:${line.number}:${parsed.problem}\n`);
      }
    }
  }
  return { contexts, badLines };
}
