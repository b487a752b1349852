import type { ChalkInstance } from 'chalk';
import type { Trace } from '../model/evaluation.js';
import type { EvaluationRow } from './evaluation-row.js';
import { paintReason, percentage } from './evaluation-text.js';
import { palette } from './palette.js';
import { printable } from './printable.js';
import { tree } from './tree.js';

/** Each answer with the way to it as a tree. */
export function evaluationExplanation(rows: readonly EvaluationRow[], options: { readonly colour: boolean }): string {
  const paint = palette(options.colour);
  return rows
    .map((row) => `${[headline(row, paint), ...traceTree(row.trace?.children ?? [], paint)].join('\n')}\n`)
    .join('\n');
}

function headline(row: EvaluationRow, paint: ChalkInstance): string {
  const { line, flag, value, variant, reason, error_code, bucket } = row;
  const parts = [
    paintReason(reason, row, paint),
    variant === null ? 'no variant' : `variant ${printable(variant)}`,
    ...(error_code === undefined ? [] : [paint.red(error_code)]),
    ...(bucket === undefined ? [] : [`bucket ${percentage(bucket)}`]),
  ];
  const place = line === undefined ? '' : paint.dim(`line ${line}  `);
  return `${place}${paint.bold(printable(flag))} = ${paint.cyan(printable(JSON.stringify(value)))}  ${parts.join(', ')}`;
}

/** The steps of a decision: what held, what did not, what was passed by, and what decided. */
export function traceTree(steps: readonly Trace[], paint: ChalkInstance): string[] {
  return tree(steps, (trace) => [labelOf(trace, paint)]);
}

function labelOf({ step, outcome, detail }: Trace, paint: ChalkInstance): string {
  const name = printable(step);
  const rest = detail === '' ? '' : paint.dim(`  ${printable(detail)}`);
  switch (outcome) {
    case 'true':
      return `${paint.green('✓')} ${name}${rest}`;
    case 'false':
      return `${paint.red('✗')} ${name}${rest}`;
    case 'passed':
      return `${paint.dim('·')} ${name}${paint.dim('  passed')}${rest}`;
    default:
      return `${paint.yellow('▸')} ${paint.bold(name)}  ${paint.yellow(printable(outcome))}${rest}`;
  }
}
