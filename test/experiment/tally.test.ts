import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportTally } from '../../src/experiment/report.js';
import { Tallies, Tally } from '../../src/experiment/tally.js';
import { UserSample } from '../../src/experiment/user-sample.js';

const WINDOW = {
  id: 'w1',
  version: 'v1',
  since: 0,
  split: [
    { variant: 'control', percent: 50 },
    { variant: 'green', percent: 50 },
  ],
};

const NAME = { flag: 'button', environment: 'production', window: WINDOW };

const met = (user: string, variant: string, hour = 0, reason = 'SPLIT') => ({
  user,
  variant,
  reason,
  at: Date.parse('2026-11-22T00:30:00Z') + hour * 3_600_000,
});

const meetings = fc.array(fc.tuple(fc.nat(60).map(String), fc.constantFrom('a', 'b', 'c')), { maxLength: 200 });

/** What a sample of everybody should say. */
function truth(all: readonly (readonly [string, string])[]) {
  const variants = new Map<string, Set<string>>();
  for (const [user, variant] of all) variants.set(user, (variants.get(user) ?? new Set()).add(variant));
  const only: Record<string, number> = {};
  let several = 0;
  for (const set of variants.values()) {
    const [variant = ''] = set;
    if (set.size > 1) several += 1;
    else only[variant] = (only[variant] ?? 0) + 1;
  }
  return { users: variants.size, only, several };
}

function read(sample: UserSample) {
  const { only, several, weight } = sample.read();
  const users = Math.round((several + [...only.values()].reduce((sum, count) => sum + count, 0)) * weight);
  return { users, only: Object.fromEntries([...only].filter(([, count]) => count > 0)), several };
}

describe('a sample of users', () => {
  it('is exact as long as it holds them all', () => {
    fc.assert(
      fc.property(meetings, (all) => {
        const sample = new UserSample();
        for (const [user, variant] of all) sample.add(user, variant);
        expect(read(sample)).toEqual(truth(all));
      }),
    );
  });

  it('is the same whether it was filled at once, in parts, or in part kept on disk', () => {
    fc.assert(
      fc.property(meetings, meetings, fc.constantFrom(8, 1000), (one, other, size) => {
        const [whole, first, second] = [new UserSample(size), new UserSample(size), new UserSample(size)];
        for (const [user, variant] of [...one, ...other]) whole.add(user, variant);
        for (const [user, variant] of one) first.add(user, variant);
        for (const [user, variant] of other) second.add(user, variant);
        const restored = new UserSample(size);
        for (const part of [first, second]) restored.absorb(JSON.parse(JSON.stringify(part)));
        expect(read(restored)).toEqual(read(whole));
      }),
    );
  });

  it('is the same though it rests now and then', () => {
    fc.assert(
      fc.property(meetings, fc.constantFrom(1, 3, 20), fc.constantFrom(8, 1000), (all, often, size) => {
        const [awake, resting] = [new UserSample(size), new UserSample(size)];
        for (const [at, [user, variant]] of all.entries()) {
          awake.add(user, variant);
          resting.add(user, variant);
          if (at % often === 0) resting.rest();
          if (at % (2 * often) === 0) expect(read(resting)).toEqual(read(awake));
        }
        resting.rest();
        const restored = new UserSample(size);
        restored.rest();
        restored.absorb(JSON.parse(JSON.stringify(resting)));
        expect(read(resting)).toEqual(read(awake));
        expect(read(restored)).toEqual(read(awake));
      }),
    );
  });

  it('estimates how many there are when it cannot hold them all, and keeps the shares', () => {
    const sample = new UserSample();
    for (let user = 0; user < 1_000_000; user += 1) sample.add(`user-${user}`, user % 4 === 0 ? 'a' : 'b');
    const { only, weight } = sample.read();
    const { users } = read(sample);
    expect(Math.abs(users / 1_000_000 - 1)).toBeLessThan(0.03);
    expect(Math.abs((only.get('a') ?? 0) / 32_768 - 0.25)).toBeLessThan(0.02);
    expect((only.get('a') ?? 0) + (only.get('b') ?? 0)).toBe(32_768);
    expect(weight).toBeGreaterThan(29);
  });
});

describe('a report', () => {
  it('gives evaluations, users, shares, and a series', () => {
    const tallies = new Tallies();
    for (const at of [met('1', 'control'), met('1', 'control', 1), met('2', 'green', 1), met('3', 'green', 30)]) {
      tallies.add(NAME, at);
    }
    for (const at of [met('4', 'control'), met('4', 'green'), met('5', 'green', 0, 'OVERRIDE')]) tallies.add(NAME, at);
    const [tally = new Tally(NAME).read()] = tallies.read('button', 'production');
    const report = reportTally(tally, { interval: 24 * 3_600_000 });
    expect(report).toMatchObject({
      several_variants: 1,
      others: { OVERRIDE: 1 },
      exact: true,
      variants: [
        { variant_key: 'control', evaluations: 3, unique_users: 1, share: 1 / 3, expected_share: 0.5 },
        { variant_key: 'green', evaluations: 3, unique_users: 2, share: 2 / 3, expected_share: 0.5 },
      ],
      sample_ratio: { state: 'too_few' },
      series: [
        { start: '2026-11-22T00:00:00.000Z', evaluations: { control: 3, green: 2 } },
        { start: '2026-11-23T00:00:00.000Z', evaluations: { green: 1 } },
      ],
    });
    const later = reportTally(tally, { interval: 3_600_000, from: Date.parse('2026-11-22T01:00:00Z') });
    expect(later.series.map(({ evaluations }) => evaluations)).toEqual([{ control: 1, green: 1 }, { green: 1 }]);
    expect(tallies.read('button', 'staging')).toEqual([]);
  });

  it('takes a variant for what it is, whatever it is called', () => {
    const tally = new Tally(NAME);
    for (const [user, variant] of ['constructor', '__proto__', 'toString'].entries()) {
      tally.add(met(`u${user}`, variant, user));
    }
    const { variants, series } = reportTally(tally.read(), { interval: 3_600_000 });
    expect(variants.map(({ evaluations }) => evaluations)).toEqual([0, 0, 1, 1, 1]);
    expect(series.map(({ evaluations }) => Object.keys(evaluations))).toEqual([
      ['constructor'],
      ['__proto__'],
      ['toString'],
    ]);
  });

  it('is the same for a tally that was counted at once or in parts', () => {
    const meeting = fc
      .tuple(fc.nat(20), fc.constantFrom('control', 'green', 'gone'), fc.nat(30), fc.constantFrom('SPLIT', 'OVERRIDE'))
      .map(([user, variant, hour, reason]) => met(`u${user}`, variant, hour, reason));
    fc.assert(
      fc.property(fc.array(fc.array(meeting, { maxLength: 10 }), { maxLength: 6 }), (parts) => {
        const [whole, absorbing] = [new Tally(NAME), new Tally(NAME)];
        for (const part of parts) {
          const own = new Tally(NAME);
          for (const one of part) {
            whole.add(one);
            own.add(one);
          }
          absorbing.absorb(JSON.parse(JSON.stringify(own)));
        }
        const told = (tally: Tally) => reportTally(tally.read(), { interval: 3_600_000 });
        expect(told(absorbing)).toEqual(told(whole));
      }),
    );
  });

  it('tells a leak and a skew', () => {
    const tally = new Tally(NAME);
    for (let user = 0; user < 1000; user += 1) tally.add(met(`c${user}`, 'control'));
    for (let user = 0; user < 700; user += 1) tally.add(met(`g${user}`, 'green'));
    tally.add(met('x', 'gone'));
    const restored = new Tally(NAME);
    restored.absorb(JSON.parse(JSON.stringify(tally)));
    for (const one of [tally, restored]) {
      const { sample_ratio, variants } = reportTally(one.read(), { interval: 3_600_000 });
      expect(sample_ratio).toMatchObject({ state: 'skewed', leaks: ['gone'] });
      expect(variants.at(-1)).toMatchObject({ variant_key: 'gone', unique_users: 1, expected_share: 0 });
    }
  });
});
