import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInWindow, parseTimeWindow } from '../../src/engine/time-window.js';
import { findZone, isTimeZone } from '../../src/engine/time-zone.js';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Australia/Lord_Howe',
  'Africa/Monrovia',
  'Asia/Gaza',
  'Antarctica/Troll',
];

/** What the runtime's own formatting says. */
function shown(zone: string, instant: number): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${parts.weekday} ${parts.hour}:${parts.minute}:${parts.second}`;
}

function ours(zone: string, instant: number): string {
  const clock = findZone(zone)?.(instant);
  if (clock === undefined) throw new Error(`no zone ${zone}`);
  const time = new Date(clock.seconds * 1000).toISOString().slice(11, 19);
  return `${['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][clock.weekday]} ${time}`;
}

describe('zones', () => {
  it.each(ZONES)('%s shows what the runtime shows, at any instant', (zone) => {
    const instants = fc.integer({ min: Date.UTC(1890, 0), max: Date.UTC(2060, 0) });
    fc.assert(
      fc.property(instants, (instant) => {
        expect(ours(zone, instant)).toBe(shown(zone, instant));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['Europe/Berlin', Date.UTC(2026, 2, 29, 1)],
    ['Europe/Berlin', Date.UTC(2026, 9, 25, 1)],
    ['America/St_Johns', Date.UTC(2006, 3, 2, 3, 31)],
    ['Africa/Monrovia', Date.UTC(1972, 0, 7, 0, 44, 30)],
    ['Pacific/Apia', Date.UTC(2011, 11, 30, 10)],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 15)],
  ])('%s changes its clock to the second, asked in any order', (zone, change) => {
    const clock = findZone(zone);
    for (const seconds of [-3600, -1, 0, 1, -1, 1800, 0, 3600, -1800]) {
      const instant = change + seconds * 1000;
      expect(clock?.(instant)).toEqual(findZone(zone)?.(instant));
      expect(ours(zone, instant)).toBe(shown(zone, instant));
    }
  });

  it.each(['UTC', 'utc', 'Europe/Berlin', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires', 'EST5EDT', 'GMT'])(
    '%s is a zone',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each(['', 'IST', 'PST', 'SystemV/PST8', '+01:00', 'UTC+1', 'Mars/Olympus', 'Europe/', ' UTC', 'Etc/Unknown'])(
    '`%s` is none',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );

  it('shows nothing beyond the range of dates', () => {
    for (const instant of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15, 1e300]) {
      expect(findZone('UTC')?.(instant)).toEqual({ seconds: Number.NaN, weekday: Number.NaN });
    }
  });
});

describe('parseTimeWindow', () => {
  it.each([
    undefined,
    null,
    'x',
    [],
    5,
    {},
    { start: '09:00' },
    { end: '09:00' },
    { start: 9, end: 17 },
    { start: '9:00', end: '17:00' },
    { start: '24:00', end: '17:00' },
    { start: '09:60', end: '17:00' },
    { start: '09:00', end: '24:01' },
    { start: '09:00', end: '09:00:00' },
    { start: '09:00', end: '10:00', zone: 'UTC' },
    { start: '09:00', end: '10:00', timezone: 'IST' },
    { start: '09:00', end: '10:00', timezone: 5 },
    { start: '09:00', end: '10:00', days: [] },
    { start: '09:00', end: '10:00', days: ['Mon'] },
    { start: '09:00', end: '10:00', days: 'mon' },
  ])('takes %j for no window', (operand) => {
    expect(parseTimeWindow(operand)).toBeUndefined();
  });

  it('is outside whatever the window when there is no wall clock', () => {
    for (const operand of [
      { start: '00:00', end: '24:00' },
      { start: '12:00', end: '06:00:00' },
    ]) {
      const window = parseTimeWindow(operand);
      expect(window && isInWindow(window, Number.NaN)).toBe(false);
    }
  });

  it('takes 24:00:00 as an end', () => {
    const window = parseTimeWindow({ start: '23:59:59', end: '24:00:00' });
    expect(window && isInWindow(window, Date.UTC(2026, 0, 1, 23, 59, 59, 999))).toBe(true);
  });
});
