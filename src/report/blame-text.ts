import type { Blamed } from '../history/blame.js';
import { minuteOf } from './audit-text.js';
import { placesWords } from './change-words.js';
import { palette } from './palette.js';
import { shortened, table } from './table.js';

/** Cells of what a field says that a table shows. */
const TEXT_WIDTH = 60;

/** Each rule and field of a flag beside the commit that last changed it, as a table. */
export function blameText(lines: readonly Blamed[], { colour }: { readonly colour: boolean }): string {
  const paint = palette(colour);
  return table(
    lines,
    [
      {
        title: 'COMMIT',
        cell: ({ commit }) => commit?.oid.slice(0, 12) ?? 'not known',
        paint: (text) => paint.yellow(text),
      },
      { title: 'TIME', cell: ({ commit }) => (commit === undefined ? '' : minuteOf(commit.committed)) },
      { title: 'AUTHOR', cell: ({ commit }) => commit?.author.name ?? '' },
      { title: 'WHERE', cell: ({ environments }) => placesWords(environments), paint: (text) => paint.cyan(text) },
      { title: 'FIELD', cell: ({ field }) => field, paint: (text) => paint.bold(text) },
      { title: 'SAYS', cell: ({ text }) => shortened(text, TEXT_WIDTH) },
    ],
    paint,
  );
}
