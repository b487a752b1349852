import type { Json } from '../model/json.js';

/** What the core schema of YAML 1.2 takes for something else than text. */
const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...['true', 'True', 'TRUE'].map((word): [string, Json] => [word, true]),
  ...['false', 'False', 'FALSE'].map((word): [string, Json] => [word, false]),
  ...['null', 'Null', 'NULL', '~'].map((word): [string, Json] => [word, null]),
]);
const LONGEST_WORD = 5;

const MAYBE_NUMBER = /^[-+.\d]/;
const DECIMAL = /^[-+]?(?:\d+|\d*\.\d+|\d+\.\d*)$/;
/** Numbers in other notations, and those that JSON does not know: told apart from text, but not read here. */
const OTHER_NUMBER =
  /^(?:0o[0-7]+|0x[\dA-Fa-f]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?(?:\.\d+|\d+(?:\.\d*)?)[eE][-+]?\d+)$/;
/** Up to so many digits every way of reading a decimal number gives the same. */
const MOST_DIGITS = 15;

/** The value of an unquoted text; `undefined` for a number that is written in an unusual way. */
export function resolvePlain(text: string): Json | undefined {
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text);
    if (word !== undefined) return word;
  }
  return MAYBE_NUMBER.test(text) ? resolveNumber(text) : text;
}

function resolveNumber(text: string): Json | undefined {
  if (DECIMAL.test(text)) return text.length > MOST_DIGITS ? undefined : Number(text) || 0;
  return OTHER_NUMBER.test(text) ? undefined : text;
}
