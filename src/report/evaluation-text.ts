import type { ChalkInstance } from 'chalk';
import type { EvaluationRow } from './evaluation-row.js';
import { palette } from './palette.js';
import { printable } from './printable.js';
import { shortened, table } from './table.js';

/** Cells of a value that a table shows. */
const VALUE_WIDTH = 48;

/** The answers as a table. */
export function evaluationText(rows: readonly EvaluationRow[], options: { readonly colour: boolean }): string {
  const paint = palette(options.colour);
  return table(
    rows,
    [
      { title: 'LINE', cell: ({ line }) => line?.toString() ?? '', align: 'right' },
      { title: 'FLAG', cell: ({ flag }) => flag, paint: (text) => paint.bold(text) },
      {
        title: 'VALUE',
        cell: ({ value }) => shortened(JSON.stringify(value), VALUE_WIDTH),
        paint: (text) => paint.cyan(text),
      },
      { title: 'VARIANT', cell: ({ variant }) => variant ?? '–' },
      { title: 'REASON', cell: ({ reason }) => reason, paint: (text, row) => paintReason(text, row, paint) },
      { title: 'RULE', cell: ({ rule }) => rule ?? '' },
      { title: 'ERROR', cell: ({ error_code }) => error_code ?? '', paint: (text) => paint.red(text) },
      { title: 'BUCKET', cell: ({ bucket }) => (bucket === undefined ? '' : percentage(bucket)), align: 'right' },
    ],
    paint,
  );
}

export function paintReason(text: string, { reason }: EvaluationRow, paint: ChalkInstance): string {
  if (reason === 'ERROR_FALLBACK' || reason === 'PREREQUISITE_FAILED') return paint.red(text);
  if (reason === 'DISABLED' || reason === 'INACTIVE') return paint.yellow(text);
  return reason === 'DEFAULT' || reason === 'STATIC' ? text : paint.green(text);
}

/** Cut off, not rounded: what is below a limit must not read as on it. */
export function percentage(value: number): string {
  return `${(Math.floor(value * 10_000) / 10_000).toFixed(4)} %`;
}

/** The answers as lines of fields between tabs, where no table can know how wide its columns will be. */
export function evaluationLines(rows: readonly EvaluationRow[]): string {
  return rows
    .map(({ line, flag, value, variant, reason, rule }) => [
      line ?? '',
      flag,
      JSON.stringify(value),
      variant ?? '–',
      reason,
      rule ?? '',
    ])
    .map((fields) => `${fields.map((field) => printable(String(field))).join('\t')}\n`)
    .join('');
}
