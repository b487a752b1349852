import type { Context } from '../model/context.js';
import { NO_OBJECT } from './fault.js';
import { isObject } from './object.js';
import { type Decide, EMPTY_CONTEXT, lookUp } from './run.js';

/** 2^53: integers up to it are units. */
const MAX_UNIT = 2 ** 53;

/**
 * The context as JSON would carry it, so that a flag serves the same in process and over HTTP.
 * Nothing at all is an empty context; throws when there is something else than an object.
 */
export function openContext(context: unknown): Context {
  const opened = context === undefined || context === null ? EMPTY_CONTEXT : settle(context, '');
  if (!isObject(opened)) throw NO_OBJECT;
  return opened;
}

/** Reads an attribute as JSON would carry it; `undefined` when it is missing. */
export function attributeReader(name: string): Decide<unknown> {
  if (!name.includes('.')) return (run) => readOwn(run.context, name);
  const path = pathOf(name);
  return (run) => readPath(run.context, path);
}

/** What is read as a bucketing unit: a text, or an integer in decimal. Empty when it is neither. */
export function asUnit(value: unknown): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) && Math.abs(Number(value)) <= MAX_UNIT ? String(value) : '';
}

/** Reads an attribute as a bucketing unit. */
export function unitReader(attribute: number): Decide<string> {
  return (run) => asUnit(lookUp(run, attribute));
}

/** Attributes that are looked at, numbered in the order in which they are asked for first. */
export interface Attributes {
  numberOf(name: string): number;
  /** By number. */
  readonly readers: readonly Decide<unknown>[];
}

export function createAttributes(): Attributes {
  const numbers = new Map<string, number>();
  const readers: Decide<unknown>[] = [];
  return { numberOf, readers };

  function numberOf(name: string): number {
    const number = numbers.get(name) ?? readers.push(attributeReader(name)) - 1;
    numbers.set(name, number);
    return number;
  }
}

/** The ways to read a name with dots from an object: as one key, or as a key that holds an object and a path in that. */
interface Path {
  readonly flat: string;
  /** Longest key first; made when they are needed first. */
  branches(): readonly { readonly key: string; readonly rest: Path }[];
}

/** What stands under the longest flat key counts, be it null; only what is missing falls through. */
function readPath(holder: Context, path: Path): unknown {
  const flat = readOwn(holder, path.flat);
  if (flat !== undefined) return flat;
  for (const { key, rest } of path.branches()) {
    const inner = readOwn(holder, key);
    const found = isObject(inner) ? readPath(inner, rest) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One path for each part after a dot: there are many ways through them. */
function pathOf(name: string): Path {
  const dots = [...name.matchAll(/\./g)].map((match) => match.index);
  const paths = new Map<number, Path>();
  return pathFrom(0);

  function pathFrom(start: number): Path {
    const known = paths.get(start);
    if (known !== undefined) return known;
    let branches: ReturnType<Path['branches']> | undefined;
    const path = { flat: name.slice(start), branches: () => (branches ??= branchesFrom(start)) };
    paths.set(start, path);
    return path;
  }

  function branchesFrom(start: number): ReturnType<Path['branches']> {
    const cuts = dots.filter((dot) => dot >= start).reverse();
    return cuts.map((dot) => ({ key: name.slice(start, dot), rest: pathFrom(dot + 1) }));
  }
}

function readOwn(holder: Context, key: string): unknown {
  if (!Object.hasOwn(holder, key)) return undefined;
  const value = holder[key];
  return typeof value === 'string' ? value : settle(value, key);
}

/** A value as JSON would carry it; `undefined` for what it would leave out. */
export function settle(value: unknown, key: string): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'object':
      return value === null ? null : unwrap(value, key);
    default:
      return undefined;
  }
}

function unwrap(value: object, key: string): unknown {
  const { toJSON: toJson } = value as { readonly toJSON?: unknown };
  if (typeof toJson !== 'function') return unbox(value);
  const plain: unknown = toJson.call(value, key);
  return typeof plain === 'object' && plain !== null ? unbox(plain) : settle(plain, key);
}

function unbox(value: object): unknown {
  const boxed = value instanceof String || value instanceof Number || value instanceof Boolean;
  return boxed ? settle(value.valueOf(), '') : value;
}
