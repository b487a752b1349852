import type { Experiment, Rollout, Split, Step } from '../model/flag.js';

const LONGEST = 60;
const MOST_NAMED = 10;

/** A value as it is written in JSON, cut where it is long. */
export function valueWords(value: unknown): string {
  return shorten(JSON.stringify(value) ?? 'nothing');
}

/** Values in a list, as they are said: strings without quotes unless they need them. */
export function plainWords(value: unknown): string {
  if (Array.isArray(value)) return `[${nameList(value.map(plainWords))}]`;
  return typeof value === 'string' && /^[^\s"',[\](){}]+$/.test(value) ? shorten(value) : valueWords(value);
}

export function variantWords(variant: string | null): string {
  return variant === null ? "the caller's default" : variant;
}

/** `on 25%, beta 10%` */
export function splitWords(split: Split): string {
  return split.length === 0 ? 'nobody' : split.map(({ variant, percent }) => `${variant} ${percent}%`).join(', ');
}

/** What a rollout or experiment does, in one line. */
export function rolloutWords({ percent, split, steps }: Rollout | Experiment): string {
  const parts = [
    ...(split ? [splitWords(split)] : []),
    ...(percent === undefined ? [] : [`of ${percent}% of users`]),
    ...(steps ?? []).map((step) => `from ${step.at} ${stepWords(step)}`),
  ];
  return parts.join(', ') || 'nobody';
}

export function stepWords({ percent, split }: Step): string {
  return [...(percent === undefined ? [] : [`${percent}%`]), ...(split ? [splitWords(split)] : [])].join(' ');
}

/** `"Europe"` as `rule "Europe"`; a rule without a name already is called `rule 2`. */
export function ruleWords(name: string): string {
  return isPositional(name) ? name : `rule ${JSON.stringify(name)}`;
}

/** Is this the name that an unnamed rule gets from its place? */
export function isPositional(name: string): boolean {
  return /^rule \d+$/.test(name);
}

/** The names, or as many as a reader takes in at a glance. */
function nameList(names: readonly string[]): string {
  if (names.length <= MOST_NAMED) return names.join(', ');
  return `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;
}

/** `+a, +b, -c` */
export function deltaWords(added: readonly string[], removed: readonly string[]): string {
  return nameList([...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`)]);
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
