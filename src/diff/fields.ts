import { child } from '../diagnostics/pointer.js';
import { type Difference, difference } from './change.js';
import { isObject, same } from './equal.js';
import { deltaWords, plainWords, valueWords } from './words.js';

/** One value that may be there or not: `owner a → b`, `owner set to b`, `owner a removed`. */
export function diffValue<T>(
  path: string,
  name: string,
  before: T | undefined,
  after: T | undefined,
  words: (value: T) => string = valueWords,
): Difference[] {
  if (same(before, after)) return [];
  return [difference(path, before, after, `${name} ${transition(before, after, words)}`)];
}

function transition<T>(before: T | undefined, after: T | undefined, words: (value: T) => string): string {
  if (after !== undefined)
    return before === undefined ? `set to ${words(after)}` : `${words(before)} → ${words(after)}`;
  return before === undefined ? 'unset' : `${words(before)} removed`;
}

/** Values whose order means nothing: each that came or went is named. */
export function diffSet(
  path: string,
  name: string,
  before: readonly unknown[] | undefined,
  after: readonly unknown[] | undefined,
): Difference[] {
  const words = setWords(before ?? [], after ?? []);
  return words === '' ? [] : [difference(path, before, after, `${name}: ${words}`)];
}

/** `+a, -b`; empty when the sets are equal. */
export function setWords(before: readonly unknown[], after: readonly unknown[]): string {
  const old = new Map(before.map((value) => [JSON.stringify(value), plainWords(value)]));
  const now = new Map(after.map((value) => [JSON.stringify(value), plainWords(value)]));
  return deltaWords(missing(now, old), missing(old, now));
}

function missing(from: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...from].filter(([key]) => !other.has(key)).map(([, words]) => words);
}

/** JSON values, down to the deepest place that differs: `price.amount 10 → 12`. */
export function diffJson(path: string, name: string, before: unknown, after: unknown): Difference[] {
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    return diffValue(path, name, before, after);
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => diffJson(child(path, key), joined(name, key), own(before, key), own(after, key)));
}

/** A mapping, or a list of more than plain values: something worth looking into. */
function isTree(value: unknown): value is object {
  return Array.isArray(value) ? value.some((item) => typeof item === 'object' && item !== null) : isObject(value);
}

function joined(name: string, key: string): string {
  return name.endsWith(':') ? `${name} ${key}` : `${name}.${key}`;
}

function own(tree: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(tree, key)?.value;
}

/** A mapping whose entries have a meaning of their own; `diffEntry` is told what stood there before and after. */
export function diffEntries<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  diffEntry: (key: string, before: T | undefined, after: T | undefined) => Difference[],
): Difference[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const [old, now] = [entry(before, key), entry(after, key)];
    return same(old, now) ? [] : diffEntry(key, old, now);
  });
}

function entry<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
