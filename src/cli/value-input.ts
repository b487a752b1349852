import { stepsOf } from '../diagnostics/pointer.js';
import { Refusal } from '../diagnostics/refusal.js';
import type { Json, JsonObject } from '../model/json.js';
import { parseYaml } from '../syntax/parse-yaml.js';

/** A value as it would stand in a file: `25`, `on`, `[DE, FR]`, `{ on: 25 }`. @throws Refusal */
export function parseValue(text: string): Json {
  const { data, findings } = parseYaml({ path: 'value', text });
  if (data !== undefined) return data;
  const help = findings[0]?.help ?? 'write it as it would stand in a file';
  throw new Refusal('invalid-argument', `\`${text}\` is no value`, { help });
}

/** `NAME=VALUE`, both as text. @throws Refusal */
export function parsePair(text: string, example: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new Refusal('invalid-argument', `\`${text}\` has no \`=\``, { help: `for example \`${example}\`` });
}

/** `owner`, `metadata.ticket`, `rules.0.serve`; or a JSON Pointer, for names with a dot in them. */
export function parsePath(text: string): readonly string[] {
  return text.startsWith('/') ? stepsOf(text) : text.split('.');
}

/** `on=25 off=75`. @throws Refusal */
export function parseSplit(texts: readonly string[]): Record<string, number> {
  const split = texts.map((text): [string, number] => {
    const [variant, percent] = parsePair(text, 'on=25');
    if (/^\d+(\.\d+)?$/.test(percent)) return [variant, Number(percent)];
    throw new Refusal('invalid-argument', `\`${percent}\` is no percentage`, { help: 'for example `on=25`' });
  });
  return Object.fromEntries(split);
}

/** Operators that take no attribute. */
const WITHOUT_ATTRIBUTE: ReadonlySet<string> = new Set(['in_segment', 'not_in_segment', 'time_window']);

/**
 * A condition as a sentence: `plan eq pro`, `country in [DE, FR]`, `beta exists`, `in_segment friends`; or as it
 * would stand in a file: `{ any: [...] }`. Whether it makes sense is for the gate to say.
 */
export function parseCondition(text: string): JsonObject {
  if (text.trimStart().startsWith('{')) return parseValue(text) as JsonObject;
  const [first = '', ...rest] = text.trim().split(/\s+/);
  if (WITHOUT_ATTRIBUTE.has(first)) return { operator: first, ...operand(rest) };
  const [operator, ...value] = rest;
  if (operator !== undefined) return { attribute: first, operator, ...operand(value) };
  throw new Refusal('invalid-argument', `\`${text}\` is no condition`, {
    help: 'for example `plan eq pro`, `country in [DE, FR]` or `in_segment friends`',
  });
}

function operand(words: readonly string[]): { value?: Json } {
  return words.length === 0 ? {} : { value: parseValue(words.join(' ')) };
}
