import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../src/engine/instant.js';

const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

describe('parseInstant', () => {
  it('reads every instant that the runtime writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), (time) => {
        expect(parseInstant(new Date(time).toISOString())).toBe(time);
      }),
    );
  });

  it('reads every bare date as midnight UTC', () => {
    const wrong: string[] = [];
    for (let day = FIRST; day <= LAST; day += 86_400_000 * 13) {
      const text = new Date(day).toISOString().slice(0, 10);
      if (parseInstant(text) !== day) wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['2026-12-01T09:00:00.1Z', Date.UTC(2026, 11, 1, 9, 0, 0, 100)],
    ['2026-12-01T09:00:00.12999999999Z', Date.UTC(2026, 11, 1, 9, 0, 0, 129)],
    ['2026-12-01t09:00:00z', Date.UTC(2026, 11, 1, 9)],
    ['2026-12-01T09:00:00+05:45', Date.UTC(2026, 11, 1, 3, 15)],
    ['2026-12-01T09:00:00-23:59', Date.UTC(2026, 11, 2, 8, 59)],
    ['2026-12-01T09:00:00-00:00', Date.UTC(2026, 11, 1, 9)],
    ['1969-12-31T23:59:59.9999Z', -1],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2000-02-29', Date.UTC(2000, 1, 29)],
  ])('reads %s', (text, time) => {
    expect(parseInstant(text)).toBe(time);
  });

  it.each([
    '',
    '2026',
    '2026-12',
    '2026-12-1',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '2026-04-31',
    '2026-02-29',
    '1900-02-29',
    '26-12-01',
    '2026/12/01',
    '2026-12-01 09:00:00Z',
    '2026-12-01T09:00Z',
    '2026-12-01T09:00:00',
    '2026-12-01T24:00:00Z',
    '2026-12-01T23:60:00Z',
    '2026-12-01T23:59:60Z',
    '2026-12-01T09:00:00.Z',
    '2026-12-01T09:00:00,5Z',
    '2026-12-01T09:00:00+0100',
    '2026-12-01T09:00:00+24:00',
    '2026-12-01T09:00:00+01:60',
    '2026-12-01T09:00:00+01:00x',
    '2026-12-01T09:00:00Zx',
    '2026-12-01T09:00:00Y',
    '2026-12-01T09:00:00=01:00',
    '2026-12-01T09-00-00Z',
    '2026-12-01X09:00:00Z',
    '+002026-12-01',
    '2026-12-01T09:00:00 +01:00',
    '２０２６-12-01',
    ' 2026-12-01',
  ])('takes `%s` for no date', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
