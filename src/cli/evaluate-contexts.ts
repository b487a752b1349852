import type { Context } from '../model/context.js';
import type { EvaluationRow } from '../report/evaluation-row.js';
import { grouped } from '../report/evaluation-summary.js';
import { bytesOf, contextOn } from './context-lines.js';
import { type Line, linesOf } from './lines.js';
import type { Output, Terminal } from './terminal.js';

export interface ContextsJob {
  /** A file, or `-` for stdin. */
  readonly source: string;
  readonly ask: (context: Context, line: number) => readonly EvaluationRow[];
  /** What is printed for the answers to one context. */
  readonly print: (rows: readonly EvaluationRow[]) => string;
}

export interface ContextsResult {
  readonly contexts: number;
  readonly badLines: number;
}

/**
 * Evaluates line by line and writes as fast as the reader reads, in memory that does not grow with the input.
 * A bad line is reported and the rest goes on.
 */
export async function evaluateContexts(job: ContextsJob, terminal: Terminal): Promise<ContextsResult> {
  const counter = { contexts: 0, badLines: 0 };
  const progress = new Progress(terminal);
  for await (const lines of linesOf(bytesOf(job.source, terminal))) {
    const { out, problems } = evaluateBatch(lines, job, counter);
    if (problems !== '') await progress.clear();
    await terminal.stderr.write(problems);
    await terminal.stdout.write(out);
    if (terminal.stdout.closed) break;
    await progress.show(counter.contexts);
  }
  await progress.clear();
  return counter;
}

function evaluateBatch(lines: readonly Line[], job: ContextsJob, counter: { contexts: number; badLines: number }) {
  let out = '';
  let problems = '';
  for (const line of lines) {
    if ('text' in line && line.text.trim() === '') continue;
    const parsed = contextOn(line);
    if ('context' in parsed) {
      counter.contexts += 1;
      out += job.print(job.ask(parsed.context, line.number));
    } else {
      counter.badLines += 1;
      problems += `${job.source === '-' ? 'stdin' : job.source}:${line.number}:${parsed.problem}\n`;
    }
  }
  return { out, problems };
}

/** A line that counts, for a person who waits for more than a second and is not shown the answers. */
class Progress {
  readonly #started: number;
  readonly #output: Output | undefined;
  readonly #now: () => number;
  #shown = 0;

  constructor({ stdout, stderr, verbosity, now }: Terminal) {
    this.#output = stderr.isTTY && !stdout.isTTY && verbosity !== 'quiet' ? stderr : undefined;
    this.#now = now;
    this.#started = now();
  }

  async show(count: number): Promise<void> {
    const now = this.#now();
    const elapsed = now - this.#started;
    if (this.#output === undefined || elapsed < 1000 || now - this.#shown < 250) return;
    this.#shown = now;
    const rate = Math.round((count * 1000) / elapsed);
    await this.#output.write(`\r${grouped(count)} contexts, ${grouped(rate)} a second\u001b[K`);
  }

  async clear(): Promise<void> {
    if (this.#output === undefined || this.#shown === 0) return;
    this.#shown = 0;
    await this.#output.write('\r\u001b[K');
  }
}
