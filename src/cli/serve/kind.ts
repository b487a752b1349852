import { InvalidArgumentError } from 'commander';
import type { Json } from '../../model/json.js';
import { parsePeriod, urls, wholeNumber } from '../options.js';

/** How the values of a setting are written. Whoever writes them wrongly is told how, by an InvalidArgumentError. */
export interface Kind<T> {
  /** What stands for a value in help; what is on or off has none. */
  readonly argument?: string;
  /** Of an option or an environment variable. */
  readonly fromText: (text: string) => T;
  /** Of a configuration file. */
  readonly fromData: (data: Json) => T;
  /** As a configuration file has it. */
  readonly toData: (value: T) => Json;
  /** May be given more than once. */
  readonly isList?: true;
  /** Names a file or directory; in a configuration file as seen from there. */
  readonly isPath?: true;
}

export function text(argument: string): Kind<string> {
  return { argument, fromText: (given) => given, fromData: string, toData: (value) => value };
}

export function path(argument: string): Kind<string> {
  return { ...text(argument), isPath: true };
}

export function choice<const T extends string>(argument: string, choices: readonly T[]): Kind<T> {
  const fromText = (given: string): T => {
    const found = choices.find((one) => one === given);
    if (found === undefined) throw new InvalidArgumentError(`write one of ${choices.join(', ')}`);
    return found;
  };
  return { argument, fromText, fromData: (data) => fromText(string(data)), toData: (value) => value };
}

export function count(least: number, most: number = Number.MAX_SAFE_INTEGER): Kind<number> {
  const fromText = (given: string): number => {
    const value = wholeNumber(least)(given);
    if (value > most) throw new InvalidArgumentError(`write a whole number of at most ${most}`);
    return value;
  };
  const fromData = (data: Json) => fromText(typeof data === 'number' ? String(data) : 'no number');
  return { argument: '<N>', fromText, fromData, toData: (value) => value };
}

const PERIODS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** A length of time, in milliseconds. */
export const period: Kind<number> = {
  argument: '<TIME>',
  fromText: parsePeriod,
  fromData: (data) => parsePeriod(string(data)),
  toData: (value) => {
    const [unit, size] = PERIODS.find(([, length]) => value % length === 0) ?? ['ms', 1];
    return `${value / size}${unit}`;
  },
};

export const yesOrNo: Kind<boolean> = {
  fromText: (given) => {
    if (given === 'true' || given === '1') return true;
    if (given === 'false' || given === '0') return false;
    throw new InvalidArgumentError('write true or false');
  },
  fromData: (data) => yesOrNo.fromText(typeof data === 'boolean' ? String(data) : 'neither'),
  toData: (value) => value,
};

/** Texts with commas between them, or a list. */
export function texts(argument: string): Kind<readonly string[]> {
  return listOf(argument, (given) => given.split(',').map((one) => one.trim()));
}

/** HTTP URLs with commas between them, or a list. */
export function urlList(argument: string): Kind<readonly string[]> {
  return listOf(argument, urls);
}

function listOf(argument: string, fromText: (given: string) => readonly string[]): Kind<readonly string[]> {
  const fromData = (data: Json) => (Array.isArray(data) ? data : [data]).flatMap((one) => fromText(string(one)));
  return { argument, fromText, fromData, toData: (value) => [...value], isList: true };
}

function string(data: Json): string {
  if (typeof data === 'string') return data;
  throw new InvalidArgumentError('write a text, in quotes where it looks like something else');
}
