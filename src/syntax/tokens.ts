import { CST, Lexer, Parser } from 'yaml';
import type { Code } from '../diagnostics/catalogue.js';

/** A problem in the text, by offset: there is no data yet that a pointer could lead into. */
export interface TextProblem {
  readonly code: Code;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly help?: string;
}

export interface Tokens {
  readonly tokens: readonly CST.Token[];
  readonly problems: readonly TextProblem[];
}

/** Mappings and lists inside each other. No honest file comes near it, and no recursion of ours suffers from it. */
export const MAX_DEPTH = 100;

/**
 * The concrete syntax of a text, with what the format refuses of YAML.
 * Stops as soon as the text is nested too deeply: what comes after it would recurse.
 */
export function readTokens(text: string): Tokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const problems: TextProblem[] = [];
  // The lexer announces the content of a scalar, which may look like anything.
  let isContent = false;
  for (const lexeme of new Lexer().lex(text)) {
    const trap = isContent ? undefined : trapOf(lexeme);
    isContent = CST.tokenType(lexeme) === 'scalar';
    if (trap !== undefined) problems.push({ ...trap, ...spanOf(lexeme, parser.offset) });
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (depthOf(parser) > MAX_DEPTH) return { tokens: [], problems: [tooDeep(parser.offset)] };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, problems: withoutRepeatedTabs(problems) };
}

function spanOf(lexeme: string, offset: number): { start: number; end: number } {
  const tab = lexeme.indexOf('\t');
  if (tab !== -1) return { start: offset + tab, end: offset + tab + 1 };
  return { start: offset, end: offset + lexeme.trimEnd().length };
}

/** A file indented by tabs has one problem, not one a line. */
function withoutRepeatedTabs(problems: readonly TextProblem[]): TextProblem[] {
  const first = problems.find(({ code }) => code === 'syntax/tab');
  return problems.filter((problem) => problem.code !== 'syntax/tab' || problem === first);
}

/** The stack holds the document, its collections and at times a scalar on top. */
function depthOf({ stack }: Parser): number {
  if (stack.length <= MAX_DEPTH) return 0;
  return stack.filter(CST.isCollection).length;
}

function tooDeep(offset: number): TextProblem {
  return {
    code: 'syntax/too-deep',
    start: Math.max(0, offset - 1),
    end: offset,
    message: `mappings and lists are nested more than ${MAX_DEPTH} levels deep`,
    help: 'flatten the file',
  };
}

type Trap = Pick<TextProblem, 'code' | 'message' | 'help'>;

/** What YAML allows here and this format does not. */
function trapOf(lexeme: string): Trap | undefined {
  switch (CST.tokenType(lexeme)) {
    case 'anchor':
      return { code: 'syntax/anchor', message: `anchor \`${lexeme}\``, help: 'write the value out where it is needed' };
    case 'alias':
      return { code: 'syntax/anchor', message: `alias \`${lexeme}\``, help: `write the value out, ${orQuote(lexeme)}` };
    case 'tag':
      return { code: 'syntax/tag', message: `tag \`${lexeme}\``, help: `remove the tag, ${orQuote(lexeme)}` };
    case 'directive-line':
      return {
        code: 'syntax/tag',
        message: `directive \`${lexeme.trim()}\``,
        help: 'remove the line: files are YAML 1.2',
      };
    case 'space':
      return lexeme.includes('\t') ? TAB : undefined;
    default:
      return undefined;
  }
}

const TAB: Trap = {
  code: 'syntax/tab',
  message: 'a tab is used as white space',
  help: 'use spaces, here and in the rest of the file',
};

function orQuote(lexeme: string): string {
  return `or quote it if it is text: '${lexeme}'`;
}
