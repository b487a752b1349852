import { WEEKDAYS, type Weekday } from '../model/condition.js';

import { isObject } from './object.js';
import { findZone, type Zone } from './time-zone.js';

/** A part of the day on some weekdays; seconds since midnight, the end exclusive. */
export interface TimeWindow {
  readonly start: number;
  /** Not after `start`: the window spans midnight. */
  readonly end: number;
  readonly zone: Zone;
  /** Bit n: the window starts on weekday n, 0 for Monday. */
  readonly days: number;
}

const FIELDS = new Set(['start', 'end', 'timezone', 'days']);
const EVERY_DAY = 127;

/** The operand of `time_window`; `undefined` when it is none. */
export function parseTimeWindow(operand: unknown): TimeWindow | undefined {
  if (!isObject(operand) || Object.keys(operand).some((key) => !FIELDS.has(key))) return undefined;
  const start = parseWallTime(operand.start);
  const end = operand.end === '24:00' || operand.end === '24:00:00' ? 86_400 : parseWallTime(operand.end);
  const zone = parseZone(operand.timezone);
  const days = parseDays(operand.days);
  if (start === undefined || end === undefined || start === end || !zone || !days) return undefined;
  return { start, end, zone, days };
}

/** `HH:MM[:SS]` in seconds since midnight. */
function parseWallTime(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const [, hours, minutes, seconds = '0'] = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function parseZone(name: unknown = 'UTC'): Zone | undefined {
  return typeof name === 'string' ? findZone(name) : undefined;
}

/** A bit mask; `undefined` or 0 when they are no weekdays. */
function parseDays(days: unknown): number | undefined {
  if (days === undefined) return EVERY_DAY;
  if (!Array.isArray(days) || !days.every((day) => WEEKDAYS.includes(day))) return undefined;
  return days.reduce((mask: number, day: Weekday) => mask | (1 << WEEKDAYS.indexOf(day)), 0);
}

/** Is the wall clock inside the window at `now` (milliseconds since 1970)? */
export function isInWindow({ start, end, zone, days }: TimeWindow, now: number): boolean {
  const { seconds, weekday } = zone(now);
  const today = (days & (1 << weekday)) !== 0;
  if (start < end) return today && seconds >= start && seconds < end;
  const yesterday = (days & (1 << ((weekday + 6) % 7))) !== 0;
  return (today && seconds >= start) || (yesterday && seconds < end);
}
