import { DAY_MS, daysFromCivil, daysInMonth } from './calendar.js';

const MINUTE_MS = 60_000;

/**
 * An RFC 3339 full-date (midnight UTC) or date-time with offset, in milliseconds since 1970, finer
 * parts cut off. `undefined` for anything else: second 60 and days that do not exist are no dates.
 */
export function parseInstant(text: string): number | undefined {
  const time = text.length === 10 ? 0 : parseTime(text) - parseOffset(text, endOfFraction(text));
  const instant = parseDay(text) * DAY_MS + time;
  return Number.isNaN(instant) ? undefined : instant;
}

/** `YYYY-MM-DD` at the start, in days since 1970; `NaN` if there is none. */
function parseDay(text: string): number {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const valid = text[4] === '-' && text[7] === '-' && day >= 1 && day <= daysInMonth(year, month);
  return valid ? daysFromCivil(year, month, day) : Number.NaN;
}

/** `THH:MM:SS[.fff]` from position 10 on, in milliseconds; `NaN` if there is none. */
function parseTime(text: string): number {
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const marked = (text[10] === 'T' || text[10] === 't') && text[13] === ':' && text[16] === ':';
  if (!(marked && hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  return hour * 3_600_000 + minute * MINUTE_MS + second * 1000 + milliseconds(text);
}

/** Position after the seconds and their fraction, if they have one. */
function endOfFraction(text: string): number {
  if (text[19] !== '.') return 19;
  let end = 20;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/** The first three digits of the fraction; `NaN` for a point without digits. */
function milliseconds(text: string): number {
  const end = endOfFraction(text);
  if (end === 20) return Number.NaN;
  const count = Math.max(0, Math.min(end - 20, 3));
  return digits(text, 20, count) * 10 ** (3 - count);
}

/** `Z` or `±HH:MM` up to the end of the text, in milliseconds east of UTC; `NaN` if there is none. */
function parseOffset(text: string, at: number): number {
  const sign = text[at];
  if ((sign === 'Z' || sign === 'z') && text.length === at + 1) return 0;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  const valid = text.length === at + 6 && text[at + 3] === ':' && hours < 24 && minutes < 60;
  if (!valid || (sign !== '+' && sign !== '-')) return Number.NaN;
  return (hours * 60 + minutes) * (sign === '+' ? MINUTE_MS : -MINUTE_MS);
}

/** `count` decimal digits as a number; `NaN` if something else stands there. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index += 1) {
    const code = text.charCodeAt(index);
    value = isDigit(code) ? value * 10 + code - 48 : Number.NaN;
  }
  return value;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
