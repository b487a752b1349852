import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import { printable } from './printable.js';

export interface Column<Row> {
  readonly title: string;
  /** Plain text; what it holds of control characters is made visible. */
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
  /** Paints a cell that has its width already. */
  readonly paint?: (text: string, row: Row) => string;
}

/** Rows as columns of text, in the cells of a terminal, below a line of titles. Columns without content are left out. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], paint: ChalkInstance): string {
  const used = columns
    .map((column) => ({ ...column, cells: rows.map((row) => printable(column.cell(row))) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map((column) => ({ ...column, width: widest([column.title, ...column.cells]) }));
  const titles = used.map(({ title, width, align }) => paint.dim(pad(title, width, align)));
  const lines = rows.map((row, index) =>
    used.map(({ cells, width, align, paint: tint }) => {
      const cell = pad(cells[index] ?? '', width, align);
      return tint === undefined ? cell : tint(cell, row);
    }),
  );
  return [titles, ...lines].map((cells) => `${cells.join('  ').trimEnd()}\n`).join('');
}

function widest(cells: readonly string[]): number {
  return cells.reduce((width, cell) => Math.max(width, stringWidth(cell)), 0);
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + text : text + space;
}

/** Text of at most `width` cells, control characters made visible; what is cut off the end leaves an ellipsis. */
export function shortened(text: string, width: number): string {
  const start = printable(text.slice(0, 4 * width));
  if (text.length <= 4 * width && stringWidth(start) <= width) return start;
  let kept = '';
  for (const character of start) {
    if (stringWidth(kept + character) >= width) break;
    kept += character;
  }
  return `${kept}…`;
}
