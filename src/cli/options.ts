import { InvalidArgumentError, Option } from 'commander';
import { parseInstant } from '../engine/instant.js';

/** Options that several commands share mean the same everywhere; each is made anew for its command. */

export function envOption(description = 'the environment (default: the default environment of the project)'): Option {
  return new Option('-e, --env <ENV>', description);
}

/** `now`: milliseconds since 1970. */
export function nowOption(description = 'evaluate as of this time, RFC 3339 (default: the clock)'): Option {
  return new Option('--now <TIME>', description).argParser(parseTime);
}

export function refOption(description: string): Option {
  return new Option('--ref <REV>', description);
}

/** `asOf`: milliseconds since 1970. */
export function asOfOption(): Option {
  const description = 'the flags that stood on the default branch (or --ref) at this time, and the clock too';
  return new Option('--as-of <TIME>', description).argParser(parseTime);
}

export function contextOption(): Option {
  return new Option('-c, --context <JSON|@FILE|->', 'the context: JSON, a file, or stdin');
}

/** `attr`: the texts `NAME=VALUE`, in the order given. */
export function attrOption(): Option {
  return new Option('--attr <NAME=VALUE>', 'one attribute of the context (repeatable)').argParser(collect);
}

export function contextsOption(): Option {
  return new Option('--contexts <FILE.ndjson|->', 'many contexts, one JSON object a line');
}

/** The first format is the default, unless a command chooses its own when none is given. */
export function formatOption(
  formats: readonly string[],
  description = 'how to print',
  defaulted: boolean = true,
): Option {
  const option = new Option('-f, --format <NAME>', description).choices(formats);
  return defaulted ? option.default(formats[0]) : option;
}

/** For options whose value is a whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`write a whole number of at least ${least}`);
  };
}

/** For options whose value is a share from 0 to 100. */
export function percentage(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('write a number from 0 to 100');
}

/** Gathers the values of an option that may be given more than once. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** For options whose value is a time, RFC 3339, as milliseconds since 1970. */
export function parseTime(text: string): number {
  const time = parseInstant(text);
  if (time !== undefined) return time;
  throw new InvalidArgumentError('write a date such as 2026-12-01 or 2026-12-01T09:00:00Z');
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A day: timers cannot wait much longer. */
const LONGEST = 86_400_000;

/** For options whose value is a length of time such as `500ms`, `10s` or `5m`, as milliseconds. */
export function parsePeriod(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,7})(ms|s|m|h)$/.exec(text) ?? [];
  const period = Number(amount) * UNITS[unit as keyof typeof UNITS];
  if (period <= LONGEST) return period;
  throw new InvalidArgumentError('write a length of time such as 10s or 5m, a day at most');
}

/** For options whose value is a list of HTTP URLs with commas. */
export function urls(text: string): readonly string[] {
  const list = text.split(',').map((url) => url.trim());
  if (list.every((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return list;
  throw new InvalidArgumentError('write URLs such as http://10.0.0.2:7700,http://10.0.0.3:7700');
}
