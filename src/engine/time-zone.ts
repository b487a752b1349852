/** Seconds since midnight on the wall clock, and the weekday, 0 for Monday. */
interface WallClock {
  readonly seconds: number;
  readonly weekday: number;
}

/** What an instant (milliseconds since 1970) is to people in a zone. */
export type Zone = (instant: number) => WallClock;

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** Names that ICU accepts although the IANA database does not have them, most of them ambiguous (`IST`). */
const NOT_IANA =
  /^(SystemV\/.*|US\/Pacific-New|ACT|AET|AGT|ART|AST|BET|BST|CAT|CNT|CST|CTT|EAT|ECT|IET|IST|JST|MIT|NET|NST|PLT|PNT|PRT|PST|SST|VST)$/i;

function formatFor(name: string): Intl.DateTimeFormat | undefined {
  if (!NAME.test(name) || NOT_IANA.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      weekday: 'short',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const HOUR_MS = 3_600_000;
const WEEK_SECONDS = 604_800;
/** 1970-01-01 was a Thursday: what UTC shows then, in seconds since Monday. */
const EPOCH_SECONDS = 3 * 86_400;

/** Is this `UTC` or a name of the IANA time zone database? */
export function isTimeZone(name: string): boolean {
  return findZone(name) !== undefined;
}

/** Formats are costly to make, and there are not many zones. */
const zones = new Map<string, Zone>();

/** The clock of a zone; `undefined` when there is no such zone. Instants beyond the range of dates show `NaN`. */
export function findZone(name: string): Zone | undefined {
  const known = zones.get(name.toLowerCase());
  const format = known === undefined ? formatFor(name) : undefined;
  if (format === undefined) return known;
  const zone = clockOf((instant) => secondsOfWeek(format.format(instant)));
  zones.set(name.toLowerCase(), zone);
  return zone;
}

/** `Mon 23:59:59` in seconds since Monday. */
function secondsOfWeek(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.slice(4).split(':').map(Number);
  return WEEKDAYS.indexOf(text.slice(0, 3)) * 86_400 + hours * 3600 + minutes * 60 + seconds;
}

/**
 * Formatting takes microseconds, so the offset from UTC is kept for the hour that was asked about last.
 * No zone changes its offset twice within an hour: if it is the same at both ends, it holds in between.
 */
function clockOf(show: (instant: number) => number): Zone {
  const offsetAt = (instant: number) => modulo(show(instant) - utcSeconds(instant), WEEK_SECONDS);
  let hour = Number.NaN;
  let offset = Number.NaN;
  return (instant) => {
    if (!(Math.abs(instant) < MAX_INSTANT)) return BEYOND;
    if (Math.floor(instant / HOUR_MS) === hour) return wallClock(utcSeconds(instant) + offset);
    const first = Math.floor(instant / HOUR_MS) * HOUR_MS;
    const steady = offsetAt(first) === offsetAt(first + HOUR_MS - 1);
    offset = offsetAt(instant);
    hour = steady ? first / HOUR_MS : Number.NaN;
    return wallClock(utcSeconds(instant) + offset);
  };
}

/** Dates end at ±8.64e15; an hour less, so that both ends of an hour are dates. */
const MAX_INSTANT = 8.64e15 - HOUR_MS;
const BEYOND: WallClock = { seconds: Number.NaN, weekday: Number.NaN };

function utcSeconds(instant: number): number {
  return Math.floor(instant / 1000) + EPOCH_SECONDS;
}

function wallClock(total: number): WallClock {
  const seconds = modulo(total, 86_400);
  return { seconds, weekday: modulo((total - seconds) / 86_400, 7) };
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
