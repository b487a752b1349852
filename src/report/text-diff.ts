import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { palette } from './palette.js';
import { printable } from './printable.js';

/** One file before and after; `undefined`: there was none. */
export interface TextChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** The lines that differ, with three around them, as `git diff` shows them. */
export function textDiff({ path, before, after }: TextChange, { colour }: { readonly colour: boolean }): string {
  const paint = palette(colour);
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const patch = createTwoFilesPatch(from, `b/${path}`, before ?? '', after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
  const lines = patch
    .trimEnd()
    .split('\n')
    .map((line) => printable(line.replace(/\r$/, '')));
  return `${lines.map((line) => painted(line)).join('\n')}\n`;

  function painted(line: string): string {
    if (/^(?:---|\+\+\+) /.test(line)) return paint.bold(line);
    if (line.startsWith('@@')) return paint.cyan(line);
    if (line.startsWith('-')) return paint.red(line);
    return line.startsWith('+') ? paint.green(line) : line;
  }
}
