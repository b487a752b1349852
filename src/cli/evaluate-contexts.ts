import type { Context } from '../model/context.js';
import type { EvaluationRow } from '../report/evaluation-row.js';
import { grouped } from '../report/evaluation-summary.js';
import { bytesOf, contextOn } from './context-lines.js';
import { type Line, linesOf } from './lines.js';
import { Progress } from './progress.js';
import type { Terminal } from './terminal.js';

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
  const progress = new Progress(terminal, { beside: true });
  for await (const lines of linesOf(bytesOf(job.source, terminal))) {
    const { out, problems } = evaluateBatch(lines, job, counter);
    if (problems !== '') await progress.clear();
    await terminal.stderr.write(problems);
    await terminal.stdout.write(out);
    if (terminal.stdout.closed) break;
    progress.show(paceWords(counter.contexts, progress.elapsed));
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

function paceWords(contexts: number, elapsed: number): string {
  const rate = Math.round((contexts * 1000) / elapsed);
  return `${grouped(contexts)} contexts, ${grouped(rate)} a second`;
}
