import { expect, it } from 'vitest';
import { Hours } from '../../src/server/hours.js';
import { Tallies } from '../../src/server/tallies.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-22T09:00:00Z');

const on = { flag: 'f', value: true, variant: 'on', reason: 'SPLIT' } as const;
const off = { flag: 'f', value: undefined, variant: null, reason: 'DISABLED' } as const;

it('evaluations are sorted into the hours in which they were counted', () => {
  const tallies = new Tallies();
  const hours = new Hours(tallies);
  tallies.of('e', on).count += 2;
  hours.roll(START + HOUR - 1);
  tallies.of('e', on).count += 3;
  tallies.of('e', off).count += 1;
  tallies.of('other', on).count += 9;
  hours.roll(START + HOUR);
  hours.roll(START + HOUR + 1);
  const first = [START, [{ variant: 'on', reason: 'SPLIT', count: 2 }]];
  const second = [
    START + HOUR,
    [
      { variant: 'on', reason: 'SPLIT', count: 3 },
      { variant: '', reason: 'DISABLED', count: 1 },
    ],
  ];
  expect(hours.of('f', 'e', START)).toEqual([first, second]);
  expect(hours.of('f', 'e', START + HOUR)).toEqual([second]);
  expect(hours.of('g', 'e', 0)).toEqual([]);
});

it('hours stand in their order though the clock was put back', () => {
  const tallies = new Tallies();
  const hours = new Hours(tallies);
  for (const hour of [1, 0, 1]) {
    tallies.of('e', on).count += 1;
    hours.roll(START + hour * HOUR);
  }
  const of = (count: number) => [{ variant: 'on', reason: 'SPLIT', count }];
  expect(hours.of('f', 'e', 0)).toEqual([
    [START, of(1)],
    [START + HOUR, of(2)],
  ]);
});

it('hours older than a week are forgotten', () => {
  const tallies = new Tallies();
  const hours = new Hours(tallies);
  for (let at = 0; at < 200; at += 1) {
    tallies.of('e', on).count += 1;
    hours.roll(START + at * HOUR);
  }
  const kept = hours.of('f', 'e', 0);
  expect(kept).toHaveLength(168);
  expect(kept.at(-1)?.[0]).toBe(START + 199 * HOUR);
});
