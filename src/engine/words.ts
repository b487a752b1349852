import { percentOf } from './bucket.js';
import { parseInstant } from './instant.js';
import type { Told } from './instrument.js';
import type { Notations } from './notations.js';
import { parseVersion } from './semver.js';

/** What an operator takes. */
export type Kind =
  | 'anything'
  | 'a string'
  | 'a boolean'
  | 'a number'
  | 'an integer'
  | 'a version'
  | 'a date'
  | 'an IP address';

const IS: Readonly<Record<Kind, (value: unknown, notations: Notations) => boolean>> = {
  anything: () => true,
  'a string': (value) => typeof value === 'string',
  'a boolean': (value) => typeof value === 'boolean',
  'a number': (value) => typeof value === 'number',
  'an integer': (value) => Number.isInteger(value),
  'a version': (value) => typeof value === 'string' && parseVersion(value) !== undefined,
  'a date': (value) => typeof value === 'number' || (typeof value === 'string' && parseInstant(value) !== undefined),
  'an IP address': (value, { parseAddress }) => typeof value === 'string' && parseAddress(value) !== undefined,
};

const LONGEST = 100;

/** A value for people, cut off where it is long. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  try {
    return cut(String(JSON.stringify(value)));
  } catch {
    return 'a value that JSON cannot carry';
  }
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A step that answers a question. */
export function told(holds: boolean, detail: string): Told {
  return { outcome: holds ? 'true' : 'false', detail };
}

/** What an attribute was, and that it was of another type than an operator takes. */
export function describeAttribute(name: string, value: unknown, takes: Kind, notations: Notations): string {
  if (value === undefined) return `\`${name}\` is missing`;
  const description = `\`${name}\` is ${show(value)}`;
  return value === null || Array.isArray(value) || IS[takes](value, notations)
    ? description
    : `${description}, not ${takes}`;
}

/** Thousandths of a percent as a percentage. */
export function showPercent(thousandths: number): string {
  return `${thousandths / 1000} %`;
}

/** Where a hash lies, cut off after four decimals so that it never seems to lie beyond a boundary. */
function showPlace(hash: number): string {
  return `${(Math.floor(percentOf(hash) * 10_000) / 10_000).toFixed(4)} %`;
}

/** The hash of an attribute, negative if it is no unit. */
export function describePlace(attribute: string, place: unknown): string {
  const hash = Number(place);
  return hash < 0 ? `there is no \`${attribute}\` to hash` : `\`${attribute}\` lies at ${showPlace(hash)}`;
}
