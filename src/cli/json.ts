import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { Refusal } from '../diagnostics/refusal.js';
import type { Context } from '../model/context.js';
import type { Json } from '../model/json.js';

/** Where text stops being JSON, 1-based, and why. */
interface JsonProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type Parsed<T> = { readonly value: T } | { readonly problem: JsonProblem };

export function parseJson(text: string): Parsed<Json> {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return { problem: describe(text) };
  }
}

/** Text as the JSON object that a context is. */
export function parseContext(text: string): Parsed<Context> {
  const parsed = parseJson(text);
  if ('problem' in parsed) return parsed;
  const { value } = parsed;
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return { value: value as Context };
  return { problem: { line: 1, column: 1, message: 'a context is a JSON object such as {"targetingKey": "user-1"}' } };
}

/**
 * @param source what the text was read from, for the error
 * @throws Refusal when it is no context
 */
export function contextOf(text: string, source: string): Context {
  const parsed = parseContext(text);
  if ('value' in parsed) return parsed.value;
  const { line, column, message } = parsed.problem;
  throw new Refusal('invalid-argument', `${source}, line ${line}, column ${column}: ${message}`);
}

/** By the names that jsonc-parser gives its errors. */
const MEANING: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no JSON value',
  InvalidNumberFormat: 'a number is malformed',
  PropertyNameExpected: 'a property name in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing brace is expected',
  CloseBracketExpected: 'a closing bracket is expected',
  EndOfFileExpected: 'nothing more is expected',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfString: 'a string is not closed',
  InvalidUnicode: 'a \\u escape is malformed',
  InvalidEscapeCharacter: 'an escape is malformed',
  InvalidCharacter: 'a control character stands in a string',
};

function describe(text: string): JsonProblem {
  if (text.trim() === '') return { line: 1, column: 1, message: 'not JSON: there is nothing' };
  const error = firstError(text);
  if (error === undefined) return { line: 1, column: 1, message: 'not JSON' };
  const meaning = MEANING[printParseErrorCode(error.error)] ?? 'this means nothing';
  return { ...positionOf(text, error.offset), message: `not JSON: ${meaning}` };
}

/** `JSON.parse` does not always say where, and tells its errors apart by prose alone. */
function firstError(text: string): ParseError | undefined {
  const errors: ParseError[] = [];
  try {
    parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // Nested more deeply than that parser can follow: what it met on the way still counts.
  }
  return errors[0];
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
