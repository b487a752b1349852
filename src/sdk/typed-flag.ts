import type { Context } from '../model/context.js';
import type { FlagType } from '../model/flag.js';
import type { Json } from '../model/json.js';
import type { Branches, Details, FlagClient } from './flag-client.js';

/** A flag as a constant in code, made by `flagstaff codegen`: its key, the type of its value and its default. */
export interface TypedFlag<T> {
  readonly key: string;
  readonly type: FlagType;
  /** What counts where nothing else is to be had: no definitions yet, or the flag is gone. */
  readonly defaultValue: T;
  get(client: FlagClient, context?: Context): T;
  details(client: FlagClient, context?: Context): Details<T>;
}

export interface BooleanFlag extends TypedFlag<boolean> {
  /** Calls `on` when the flag is true, else `off`, and gives back what that gives (a promise too). */
  withFlag<R>(client: FlagClient, branches: Branches<R>, context?: Context): R;
}

/** A flag whose default is the caller's own value. */
export interface FlagWithoutDefault<T> {
  readonly key: string;
  readonly type: FlagType;
  get(client: FlagClient, defaultValue: T, context?: Context): T;
  details(client: FlagClient, defaultValue: T, context?: Context): Details<T>;
}

export function booleanFlag(key: string, defaultValue: boolean): BooleanFlag {
  const flag = withDefault(booleanFlagWithoutDefault(key), defaultValue);
  return {
    ...flag,
    withFlag: (client, { on, off }, context) => (flag.get(client, context) ? on() : off()),
  };
}

export function stringFlag(key: string, defaultValue: string): TypedFlag<string> {
  return withDefault(stringFlagWithoutDefault(key), defaultValue);
}

export function numberFlag(key: string, defaultValue: number): TypedFlag<number> {
  return withDefault(numberFlagWithoutDefault(key), defaultValue);
}

/** @param defaultValue of type `T`: the flag's `value_schema` says so */
export function jsonFlag<T>(key: string, defaultValue: Json): TypedFlag<T> {
  return withDefault(jsonFlagWithoutDefault<T>(key), defaultValue as T);
}

export function booleanFlagWithoutDefault(key: string): FlagWithoutDefault<boolean> {
  return {
    key,
    type: 'boolean',
    get: (client, defaultValue, context) => client.boolean(key, defaultValue, context),
    details: (client, defaultValue, context) => client.booleanDetails(key, defaultValue, context),
  };
}

export function stringFlagWithoutDefault(key: string): FlagWithoutDefault<string> {
  return {
    key,
    type: 'string',
    get: (client, defaultValue, context) => client.string(key, defaultValue, context),
    details: (client, defaultValue, context) => client.stringDetails(key, defaultValue, context),
  };
}

export function numberFlagWithoutDefault(key: string): FlagWithoutDefault<number> {
  return {
    key,
    type: 'number',
    get: (client, defaultValue, context) => client.number(key, defaultValue, context),
    details: (client, defaultValue, context) => client.numberDetails(key, defaultValue, context),
  };
}

export function jsonFlagWithoutDefault<T>(key: string): FlagWithoutDefault<T> {
  return {
    key,
    type: 'json',
    get: (client, defaultValue, context) => client.json(key, defaultValue, context),
    details: (client, defaultValue, context) => client.jsonDetails(key, defaultValue, context),
  };
}

function withDefault<T>(flag: FlagWithoutDefault<T>, defaultValue: T): TypedFlag<T> {
  return {
    key: flag.key,
    type: flag.type,
    defaultValue,
    get: (client, context) => flag.get(client, defaultValue, context),
    details: (client, context) => flag.details(client, defaultValue, context),
  };
}
