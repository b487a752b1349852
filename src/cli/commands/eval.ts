import { Refusal } from '../../diagnostics/refusal.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import { evaluatorFor } from '../../engine/evaluator.js';
import type { Context } from '../../model/context.js';
import type { Definitions } from '../../model/definitions.js';
import type { Evaluation, Evaluator, Trace } from '../../model/evaluation.js';
import type { Json } from '../../model/json.js';
import { type EvaluationRow, evaluationRow } from '../../report/evaluation-row.js';
import { chooseFlags } from '../chosen-flags.js';
import type { RevisionOptions } from '../committed-flags.js';
import { definitionsOf } from '../compiled.js';
import { type ContextOptions, jsonOrText, readContext } from '../context-input.js';
import { type EvalPrinter, type PrinterOptions, printerFor } from '../eval-printer.js';
import { evaluateContexts } from '../evaluate-contexts.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { Terminal } from '../terminal.js';

export interface EvalOptions extends RevisionOptions, ContextOptions, PrinterOptions {
  /** The named flags; none: all that are not archived. */
  readonly flag: readonly string[];
  readonly env?: string;
  /** milliseconds since 1970 */
  readonly now?: number;
  readonly default?: string;
}

export async function runEval(options: EvalOptions, terminal: Terminal): Promise<ExitCode> {
  refuseContradictions(options);
  const chosen = await chooseFlags(options, terminal);
  if (chosen === undefined) return EXIT.findings;
  const { snapshot, version } = chosen;
  const definitions = definitionsOf(snapshot, options.env);
  const base = await readContext(options, snapshot.settings, terminal);
  const evaluator = evaluatorFor(definitions);
  await reportUnknown(options.flag, definitions, evaluator, terminal);
  const now = options.now ?? chosen.now ?? terminal.now();
  const ask = askerFor({ options, definitions, evaluator, now, version });
  return answer(options, base, ask, terminal);
}

function refuseContradictions({ context, contexts, summary, explain }: EvalOptions): void {
  if (context === '-' && contexts === '-') {
    throw new Refusal('invalid-argument', '`--context -` and `--contexts -` cannot both read stdin');
  }
  if (summary && explain) {
    throw new Refusal('invalid-argument', '`--summary` counts and `--explain` tells of each: choose one');
  }
}

type Ask = (context: Context, line: number) => readonly EvaluationRow[];

async function answer(options: EvalOptions, base: Context, ask: Ask, terminal: Terminal): Promise<ExitCode> {
  const printer = printerFor(options, terminal.stdout.colour);
  let failed = false;
  const print = (rows: readonly EvaluationRow[]): string => {
    failed ||= rows.some(({ reason }) => reason === 'ERROR_FALLBACK');
    return printer.rows(rows);
  };
  const badLines = await printAnswers({ source: options.contexts, base, ask, print, printer }, terminal);
  return failed || badLines > 0 ? EXIT.findings : EXIT.ok;
}

interface Answers {
  readonly source: string | undefined;
  readonly base: Context;
  readonly ask: Ask;
  readonly print: (rows: readonly EvaluationRow[]) => string;
  readonly printer: EvalPrinter;
}

/** @returns how many lines were bad */
async function printAnswers({ source, base, ask, print, printer }: Answers, terminal: Terminal): Promise<number> {
  await terminal.stdout.write(printer.begin);
  if (source === undefined) {
    await terminal.stdout.write(print(ask(base, 1)) + printer.end({ contexts: 1, badLines: 0 }));
    return 0;
  }
  const askLine: Ask = (context, line) => ask({ ...base, ...context }, line);
  const result = await evaluateContexts({ source, ask: askLine, print }, terminal);
  await terminal.stdout.write(printer.end(result));
  return result.badLines;
}

interface Question {
  readonly options: EvalOptions;
  readonly definitions: Definitions;
  readonly evaluator: Evaluator;
  readonly now: number;
  readonly version: string | undefined;
}

function askerFor({ options, definitions, evaluator, now, version }: Question): Ask {
  const keys = options.flag.length === 0 ? evaluator.keys : [...new Set(options.flag)].sort();
  const fallbacks = fallbacksFor(definitions, options.default);
  const row = (evaluation: Evaluation, context: Context, line: number, trace?: Trace): EvaluationRow => {
    const { flag } = evaluation;
    return evaluationRow(evaluation, {
      line,
      trace,
      version,
      fallback: fallbacks(flag),
      bucket: evaluator.bucket(flag, context),
    });
  };
  if (options.explain) {
    return (context, line) =>
      keys.map((key) => {
        const { evaluation, trace } = evaluator.explain(key, context, now);
        return row(evaluation, context, line, trace);
      });
  }
  return (context, line) =>
    evaluator.evaluateAll(keys, context, now).map((evaluation) => row(evaluation, context, line));
}

/** `--default` for a string flag is the text itself; for any other it is JSON where it can be read so. */
function fallbacksFor({ flags }: Definitions, text: string | undefined): (flag: string) => Json {
  if (text === undefined) return () => null;
  const strings = new Set(flags.filter(({ type }) => type === 'string').map(({ key }) => key));
  const value = jsonOrText(text);
  return (flag) => (strings.has(flag) ? text : value);
}

async function reportUnknown(
  named: readonly string[],
  { flags }: Definitions,
  { keys }: Evaluator,
  { stderr }: Terminal,
): Promise<void> {
  const served = new Set(keys);
  for (const key of named.filter((one) => !served.has(one))) {
    const archived = flags.some((flag) => flag.key === key);
    const help = archived ? undefined : didYouMean(key, keys);
    await stderr.write(archived ? `error: the flag \`${key}\` is archived\n` : `error: there is no flag \`${key}\`\n`);
    if (help !== undefined) await stderr.write(`help: ${help}\n`);
  }
}
