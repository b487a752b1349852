import { CST, Lexer } from 'yaml';
import type { Range } from '../diagnostics/diagnostic.js';

type TokenType = ReturnType<typeof CST.tokenType> | undefined;

/** A comment from its `#` to the end of its line. */
export interface Comment {
  readonly text: string;
  readonly range: Range;
}

/** The comments of a YAML text; a `#` inside a value begins none. */
export function commentsOf(text: string): Comment[] {
  const comments: Comment[] = [];
  let line = 1;
  let column = 1;
  for (const { kind, lexeme } of lexemesOf(text)) {
    if (kind === 'comment') comments.push(commentAt(lexeme, line, column));
    [line, column] = after(lexeme, line, column);
  }
  return comments;
}

/** Where the comments of a text stand, by offset. */
export function commentSpans(text: string): { readonly start: number; readonly end: number }[] {
  if (!text.includes('#')) return [];
  const spans: { start: number; end: number }[] = [];
  let at = 0;
  for (const { kind, lexeme } of lexemesOf(text)) {
    if (kind === 'comment') spans.push({ start: at, end: at + lexeme.length });
    at += lexeme.length;
  }
  return spans;
}

function* lexemesOf(text: string): Generator<{ readonly kind: TokenType; readonly lexeme: string }> {
  let inScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const kind: TokenType = inScalar ? undefined : CST.tokenType(lexeme);
    inScalar = kind === 'scalar';
    if (!isMark(kind)) yield { kind, lexeme };
  }
}

/** What the lexer puts in that is not in the text. */
function isMark(kind: TokenType): boolean {
  return kind === 'scalar' || kind === 'doc-mode' || kind === 'flow-error-end' || kind === 'byte-order-mark';
}

function commentAt(text: string, line: number, column: number): Comment {
  return { text, range: { start: { line, column }, end: { line, column: column + text.length } } };
}

function after(lexeme: string, line: number, column: number): [number, number] {
  const lines = lexeme.split('\n');
  const last = lines.at(-1)?.length ?? 0;
  return lines.length === 1 ? [line, column + last] : [line + lines.length - 1, last + 1];
}
