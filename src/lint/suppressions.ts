import { isCode } from '../diagnostics/catalogue.js';
import type { Diagnostic, Finding, Range } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { commentsOf } from '../syntax/comments.js';
import type { SourceFile } from '../syntax/source-file.js';
import { ADVICE, isAdvice } from './severity.js';

/** `# flagstaff-disable-next-line CODE[, CODE] -- reason` */
export interface Suppression {
  readonly file: string;
  readonly range: Range;
  readonly codes: readonly string[];
  readonly reason: string;
  /** The line it speaks of: the next one that holds more than a comment. */
  readonly line: number;
}

const MARK = 'flagstaff-disable-next-line';

export function suppressionsIn(files: readonly SourceFile[]): Suppression[] {
  return files.filter(({ text, problem }) => problem === undefined && text.includes(MARK)).flatMap(readSuppressions);
}

function readSuppressions({ path, text }: SourceFile): Suppression[] {
  const lines = text.split('\n');
  return commentsOf(text).flatMap((comment) => {
    const body = comment.text.replace(/^#+\s*/, '');
    if (!body.startsWith(MARK)) return [];
    const [codes = '', ...reason] = body.slice(MARK.length).split(/(?:^|\s)--(?=\s|$)/);
    const line = nextLine(lines, comment.range.start.line);
    return [{ file: path, range: comment.range, codes: wordsOf(codes), reason: reason.join('--').trim(), line }];
  });
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** @param from the line of the comment, 1-based, which is the 0-based index of the line after it */
function nextLine(lines: readonly string[], from: number): number {
  const index = lines.findIndex((line, at) => at >= from && !/^\s*(#|$)/.test(line));
  return (index === -1 ? from : index) + 1;
}

export interface Suppressed {
  readonly kept: readonly Diagnostic[];
  /** Suppressions with a code of theirs that suppressed nothing. */
  readonly unused: readonly (Suppression & { readonly code: string })[];
}

/** Takes away what is suppressed. */
export function applySuppressions(
  diagnostics: readonly Diagnostic[],
  suppressions: readonly Suppression[],
): Suppressed {
  const entries = suppressions.flatMap((one) => one.codes.filter(isAdvice).map((code) => ({ ...one, code })));
  const wanted = new Set(entries.map(keyOf));
  const used = new Set<string>();
  const kept = diagnostics.filter(({ file, code, range }) => {
    const key = keyOf({ file, code, line: range.start.line });
    if (wanted.has(key)) used.add(key);
    return !wanted.has(key);
  });
  return { kept, unused: entries.filter((entry) => !used.has(keyOf(entry))) };
}

function keyOf({ file, code, line }: { readonly file: string; readonly code: string; readonly line: number }): string {
  return `${line} ${code} ${file}`;
}

/** What is wrong with suppressions by themselves. */
export function checkSuppressions(suppressions: readonly Suppression[]): Finding[] {
  return suppressions.flatMap((suppression) => [
    ...suppression.codes.filter((code) => !isAdvice(code)).map((code) => unknownCode(suppression, code)),
    ...(suppression.codes.length === 0 ? [withoutCode(suppression)] : []),
    ...(suppression.reason === '' ? [withoutReason(suppression)] : []),
  ]);
}

function unknownCode({ file, range }: Suppression, code: string): Finding {
  const gate = isCode(code);
  const help = gate ? 'mend the problem: what it stands for cannot be served' : didYouMean(code, ADVICE);
  return {
    code: 'lint/unknown-code',
    file,
    pointer: '',
    range,
    message: gate ? `\`${code}\` cannot be suppressed` : `there is no code \`${code}\``,
    ...(help === undefined ? {} : { help }),
  };
}

function withoutCode({ file, range }: Suppression): Finding {
  return {
    code: 'lint/unused-suppression',
    file,
    pointer: '',
    range,
    message: 'the suppression names no code',
    help: `write \`# ${MARK} CODE -- reason\``,
  };
}

function withoutReason({ file, range }: Suppression): Finding {
  return {
    code: 'lint/suppression-without-reason',
    file,
    pointer: '',
    range,
    message: 'the suppression does not say why',
    help: 'add ` -- ` and the reason',
  };
}

export function unusedSuppression({ file, range, code, line }: Suppressed['unused'][number]): Finding {
  return {
    code: 'lint/unused-suppression',
    file,
    pointer: '',
    range,
    message: `\`${code}\` does not occur in line ${line}`,
    help: 'remove the code from the suppression',
  };
}
