import type { Position, Range } from '../diagnostics/diagnostic.js';

/** A file of which nothing more precise can be said. */
export const START: Range = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

/** The range between two offsets, which count UTF-16 units from 0. */
export function rangeOf(text: string, start: number, end: number): Range {
  return { start: positionOf(text, start), end: positionOf(text, Math.max(start, end)) };
}

function positionOf(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
