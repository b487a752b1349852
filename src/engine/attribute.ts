import { type Context, TARGETING_KEY } from '../model/context.js';
import { NO_OBJECT } from './fault.js';
import { isObject } from './object.js';
import { type Decide, EMPTY_CONTEXT } from './run.js';

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
  return (run) => readPath(run.context, name, 0);
}

/** Reads a bucketing unit: a text, or an integer in decimal. Empty when there is none. */
export function unitReader(attribute: string): Decide<string> {
  const read = attributeReader(attribute);
  return (run) => toUnit(read(run));
}

/** Reads the `targetingKey`; empty when there is none. */
export const readTargetingKey: Decide<string> = (run) => toUnit(readOwn(run.context, TARGETING_KEY));

function toUnit(value: unknown): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) && Math.abs(Number(value)) <= MAX_UNIT ? String(value) : '';
}

/** The longest flat key first; what stands there counts, be it null, and only what is missing falls through. */
function readPath(holder: Context, name: string, from: number): unknown {
  const flat = readOwn(holder, name.slice(from));
  if (flat !== undefined) return flat;
  for (let cut = name.length - 1; cut >= from; cut -= 1) {
    const found = name[cut] === '.' ? readBeyond(holder, name, from, cut) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The name up to the dot is a key that holds an object; the rest is a path in it. */
function readBeyond(holder: Context, name: string, from: number, dot: number): unknown {
  const inner = readOwn(holder, name.slice(from, dot));
  return isObject(inner) ? readPath(inner, name, dot + 1) : undefined;
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
  const toJson: unknown = Reflect.get(value, 'toJSON');
  if (typeof toJson !== 'function') return unbox(value);
  const plain: unknown = toJson.call(value, key);
  return typeof plain === 'object' && plain !== null ? unbox(plain) : settle(plain, key);
}

function unbox(value: object): unknown {
  const boxed = value instanceof String || value instanceof Number || value instanceof Boolean;
  return boxed ? settle(value.valueOf(), '') : value;
}
