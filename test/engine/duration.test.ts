import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilFromDays, daysFromCivil } from '../../src/engine/calendar.js';
import { parseDuration, subtractDuration } from '../../src/engine/duration.js';

const DAY = 86_400_000;

function before(instant: string, duration: string): string {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new Error(`${duration} is no duration`);
  return new Date(subtractDuration(Date.parse(instant), parsed)).toISOString();
}

describe('the calendar', () => {
  it('agrees with the runtime in both directions', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
        const { year, month, day } = civilFromDays(days);
        const date = new Date(days * DAY);
        expect([year, month, day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
        expect(daysFromCivil(year, month, day)).toBe(days);
      }),
    );
  });
});

describe('parseDuration', () => {
  it.each([
    ['P30D', 0, 30 * DAY],
    ['P1Y6M', 18, 0],
    ['P2W', 0, 14 * DAY],
    ['PT36H', 0, 1.5 * DAY],
    ['P1DT12H', 0, 1.5 * DAY],
    ['P1.5D', 0, 1.5 * DAY],
    ['PT0,5S', 0, 500],
    ['PT0.0015S', 0, 2],
    ['P1Y2M3W4DT5H6M7.8S', 14, 25 * DAY + 5 * 3_600_000 + 6 * 60_000 + 7800],
    ['P1M', 1, 0],
    ['PT1M', 0, 60_000],
    ['PT1.1H', 0, 3_960_000],
    ['P0D', 0, 0],
  ])('reads %s', (text, months, milliseconds) => {
    expect(parseDuration(text)).toEqual({ months, milliseconds });
  });

  it.each([
    '',
    'P',
    'PT',
    'P1',
    '1D',
    'P1DT',
    'P1S',
    'PT1D',
    '-P1D',
    'P-1D',
    'P1.5Y',
    'P0.5M',
    'P1.5DT1H',
    'P1D1W',
    'p1d',
    'P1D ',
    'P.5D',
    'P1.D',
    '30 days',
  ])('takes `%s` for no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('subtractDuration', () => {
  it.each([
    ['2026-03-31T12:00:00.000Z', 'P1M', '2026-02-28T12:00:00.000Z'],
    ['2024-03-31T12:00:00.000Z', 'P1M', '2024-02-29T12:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', 'P1Y', '2023-02-28T00:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', 'P4Y', '2020-02-29T00:00:00.000Z'],
    ['2026-01-15T08:30:00.001Z', 'P1M', '2025-12-15T08:30:00.001Z'],
    ['2026-01-15T08:30:00.000Z', 'P13M', '2024-12-15T08:30:00.000Z'],
    ['2026-03-31T00:00:00.000Z', 'P1M1D', '2026-02-27T00:00:00.000Z'],
    ['1970-01-01T00:00:00.000Z', 'P1M', '1969-12-01T00:00:00.000Z'],
    ['2026-07-01T12:00:00.000Z', 'PT36H', '2026-06-30T00:00:00.000Z'],
  ])('%s less %s is %s', (instant, duration, expected) => {
    expect(before(instant, duration)).toBe(expected);
  });

  it('never throws, however long the duration and whatever the clock', () => {
    fc.assert(
      fc.property(fc.double(), fc.nat({ max: 10_000_000 }), (now, months) => {
        expect(typeof subtractDuration(now, { months, milliseconds: 0 })).toBe('number');
      }),
    );
  });
});
