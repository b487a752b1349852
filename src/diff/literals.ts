import { parseDuration, subtractDuration } from '../engine/duration.js';
import { parseInstant } from '../engine/instant.js';
import { parseVersion } from '../engine/semver.js';
import type { Comparison } from '../model/condition.js';
import { isObject } from './equal.js';

/**
 * Values that an attribute might have so that a comparison holds, and their nearest neighbours for which it does not.
 *
 * @param now milliseconds since 1970
 */
export function literalsOf(comparison: Comparison, now: number): unknown[] {
  const plain = plainLiterals(comparison, now);
  if (!comparison.ignore_case) return plain;
  return plain.flatMap((value) => (typeof value === 'string' ? [value, value.toUpperCase()] : [value]));
}

function plainLiterals({ operator, value }: Comparison, now: number): unknown[] {
  const values = Array.isArray(value) ? value : [value];
  switch (operator) {
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return values.flatMap(numbersAround);
    case 'contains':
    case 'not_contains':
      return values.flatMap((text) => [text, `x${text}y`]);
    case 'starts_with':
      return values.flatMap((text) => [text, `${text}x`]);
    case 'ends_with':
      return values.flatMap((text) => [text, `x${text}`]);
    case 'matches':
      return [plainestMatch(String(value))];
    case 'date_before':
    case 'date_after':
      return datesAround(value === 'now' ? now : parseInstant(String(value)));
    case 'date_within':
      return windowEdges(String(value), now);
    case 'modulo':
      return isObject(value) ? remainders(Number(value.divisor), Number(value.remainder)) : [];
    case 'ip_in':
      return values.map((range) => String(range).replace(/\/.*$/, ''));
    case 'semver_eq':
    case 'semver_gt':
    case 'semver_gte':
    case 'semver_lt':
    case 'semver_lte':
    case 'semver_satisfies':
      return versionsIn(String(value)).flatMap(versionsAround);
    default:
      return isObject(value) ? [] : values.filter((literal) => literal !== undefined);
  }
}

/** A number and its neighbours on its own scale: 18 has 17 and 19, 0.5 has 0.4 and 0.6. */
function numbersAround(value: unknown): number[] {
  if (typeof value !== 'number') return [];
  const digits = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  const step = 10 ** -digits;
  return [value - step, value, value + step].map((number) => Number(number.toFixed(digits)));
}

function datesAround(instant: number | undefined): string[] {
  return instant === undefined ? [] : [instant - 1, instant, instant + 1].map((time) => new Date(time).toISOString());
}

function windowEdges(duration: string, now: number): string[] {
  const parsed = parseDuration(duration);
  return parsed === undefined ? [] : [...datesAround(subtractDuration(now, parsed)), ...datesAround(now)];
}

function remainders(divisor: number, remainder: number): number[] {
  return [remainder, remainder + divisor, remainder + 1, remainder + divisor * 7 + 1];
}

function versionsIn(text: string): string[] {
  return text.match(/\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?/g) ?? [];
}

function versionsAround(text: string): string[] {
  const version = parseVersion(text);
  if (!version) return [];
  const { major, minor, patch } = version;
  const below = patch > 0 ? `${major}.${minor}.${patch - 1}` : `${major}.${minor}.${patch}-0`;
  return [below, text, `${major}.${minor}.${patch + 1}`, `${major + 1}.0.0`];
}

/**
 * A text that most patterns of everyday use match: the first of alternatives and of character classes, each once.
 * No share rests on it alone: a pattern that it misses is merely never met by made-up contexts.
 */
function plainestMatch(pattern: string): string {
  return pattern
    .replace(/\\d|\[0-9][^\]]*\]/g, '1')
    .replace(/\\w|\[\^[^\]]*\]/g, 'a')
    .replace(/\\s/g, ' ')
    .replace(/\[(.)[^\]]*\]/g, '$1')
    .replace(/\(\?[:iPU<\w>]*|[()^$]|\|[^)]*/g, '')
    .replace(/(?<!\\)\./g, 'x')
    .replace(/[*+?]|\{[^}]*\}|\\/g, '');
}
