import stringWidth from 'string-width';
import type { Range } from '../diagnostics/diagnostic.js';
import { printable } from './printable.js';

/** Cells of code that a frame shows at most on each side of where the mark begins. */
const BEFORE = 40;
const AFTER = 80;

export interface CodeFrame {
  /** `8 |`, and as much white space with a bar for the line of the mark. */
  readonly gutters: readonly [string, string];
  /** The line, cut around the mark when it is long. */
  readonly code: string;
  /** Spaces that lead to the place, and the carets under it. */
  readonly padding: string;
  readonly carets: string;
}

/** The line a range begins on, with what is meant underlined in the cells of a terminal. */
export function codeFrame(line: string, range: Range): CodeFrame {
  const from = range.start.column - 1;
  const to = range.end.line === range.start.line ? range.end.column - 1 : line.length;
  const before = lastCells(line.slice(0, from));
  const marked = firstCells(line.slice(from, to), AFTER);
  const room = AFTER - stringWidth(marked.text);
  const after = marked.cut ? { text: '', cut: false } : firstCells(line.slice(to), room);
  const lead = `${before.cut ? '…' : ''}${before.text}`;
  const number = String(range.start.line);
  return {
    gutters: [`${number} |`, `${' '.repeat(number.length)} |`],
    code: `${lead}${marked.text}${after.text}`.trimEnd() + (marked.cut || after.cut ? '…' : ''),
    padding: ' '.repeat(stringWidth(lead)),
    carets: '^'.repeat(Math.max(1, stringWidth(marked.text))),
  };
}

interface Cut {
  readonly text: string;
  readonly cut: boolean;
}

function firstCells(text: string, limit: number): Cut {
  return take(graphemes(withoutHalves(text.slice(0, 4 * AFTER))), limit, text);
}

function lastCells(text: string): Cut {
  const reversed = take(graphemes(withoutHalves(text.slice(-4 * BEFORE))).reverse(), BEFORE, text);
  return { text: graphemes(reversed.text).reverse().join(''), cut: reversed.cut };
}

/** As many of the graphemes as fit; `whole` is what they were taken from. */
function take(from: readonly string[], limit: number, whole: string): Cut {
  let cells = 0;
  let count = 0;
  for (const grapheme of from) {
    cells += stringWidth(printable(grapheme));
    if (cells > limit) break;
    count += 1;
  }
  const kept = from.slice(0, count);
  return { text: kept.map(printable).join(''), cut: kept.join('').length < whole.length };
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** A cut between the two halves of a character leaves one that means nothing. */
function withoutHalves(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]/, '').replace(/[\uD800-\uDBFF]$/, '');
}
