import fc from 'fast-check';
import murmurhash from 'murmurhash';
import { describe, expect, it } from 'vitest';
import { placeUser } from '../../src/spec/place.js';
import { flagOf, specification } from './specification.js';

/** The three hashes as the documentation of the format gives them, in percent; not the engine's own code. */
const percent = (text: string) => (murmurhash.v3(text, 0) / 2 ** 32) * 100;
const bucketOf = (seed: string, unit: string) => percent(seed + unit);
const entryOf = (seed: string, unit: string) => percent(`percent/${seed}/${unit}`);
const slotOf = (group: string, unit: string) => percent(`group/${group}/${unit}`);

const halves = flagOf(
  specification({ 'f.flag.yaml': 'key: f\ntype: boolean\ndefault: off\nrollout: { split: { off: 50, on: 50 } }\n' }),
  'f',
);

const gradual = flagOf(
  specification({
    'g.flag.yaml':
      'key: g\ntype: boolean\ndefault: off\nseed: seed\nrollout: { percent: 20, split: { off: 50, on: 50 } }\n',
  }),
  'g',
);

const places = fc.integer({ min: 0, max: 99_999 }).map((thousandths) => thousandths / 1000);

describe('a user for a place', () => {
  it('stands there, or at most a tenth of a percent above', () => {
    fc.assert(
      fc.property(places, (bucket) => {
        const placed = placeUser(halves, { bucket });
        const place = bucketOf('f', String(placed?.unit));
        expect(placed?.attribute).toBe('targetingKey');
        expect(placed?.bucket).toBeCloseTo(place, 9);
        expect(place).toBeGreaterThanOrEqual(bucket);
        expect(place).toBeLessThan(bucket + 0.1);
      }),
      { numRuns: 50 },
    );
  });

  it('never stands on the other side of a boundary', () => {
    for (const bucket of [49.95, 49.99, 49.999]) {
      expect(bucketOf('f', String(placeUser(halves, { bucket })?.unit))).toBeLessThan(50);
    }
    expect(bucketOf('f', String(placeUser(halves, { bucket: 50 })?.unit))).toBeGreaterThanOrEqual(50);
  });

  it('is the same each time', () => {
    expect(placeUser(halves, { bucket: 12.5 })).toEqual(placeUser(halves, { bucket: 12.5 }));
  });

  it('has entered, where not everybody does', () => {
    fc.assert(
      fc.property(places, (bucket) => {
        const unit = String(placeUser(gradual, { bucket })?.unit);
        expect(entryOf('seed', unit)).toBeLessThan(20);
        expect(bucketOf('seed', unit)).toBeGreaterThanOrEqual(bucket);
      }),
      { numRuns: 20 },
    );
  });

  it('stands at the place of entry that is asked for, on its side of the percentage', () => {
    for (const [entry, until] of [
      [19.5, 20],
      [20, 21],
      [85, 86],
    ] as const) {
      const unit = String(placeUser(gradual, { bucket: 70, entry })?.unit);
      expect(entryOf('seed', unit)).toBeGreaterThanOrEqual(entry);
      expect(entryOf('seed', unit)).toBeLessThan(until);
    }
  });

  it('enters at the first step that lets anybody in', () => {
    const stepped = specification({
      's.flag.yaml': [
        'key: s',
        'type: boolean',
        'default: off',
        'rollout:',
        '  steps: [{ at: 2026-01-01, percent: 0 }, { at: 2026-02-01, percent: 2 }, { at: 2026-03-01, percent: 100 }]',
        '  split: { on: 100 }',
      ].join('\n'),
    });
    expect(entryOf('s', String(placeUser(flagOf(stepped, 's'), { bucket: 40 })?.unit))).toBeLessThan(2);
  });

  it('is in the slot of the experiment', () => {
    const grouped = specification({
      'f.flag.yaml': 'key: f\ntype: boolean\ndefault: off\nexperiment: { split: { off: 50, on: 50 } }\n',
      'g.group.yaml': 'key: g\nslots: [{ flag: f, range: [70, 75] }]\n',
    });
    const slot = slotOf('g', String(placeUser(flagOf(grouped, 'f'), { bucket: 30 })?.unit));
    expect(slot).toBeGreaterThanOrEqual(70);
    expect(slot).toBeLessThan(75);
  });

  it('is a unit of the attribute that the flag buckets by', () => {
    const companies = specification({
      'f.flag.yaml': 'key: f\ntype: boolean\ndefault: off\nbucket_by: company_id\nrollout: { split: { on: 50 } }\n',
    });
    expect(placeUser(flagOf(companies, 'f'), { bucket: 30 })?.attribute).toBe('company_id');
  });

  it('heeds the splits of rules and steps', () => {
    const flag = flagOf(
      specification({
        'f.flag.yaml': [
          'key: f',
          'type: boolean',
          'default: off',
          'rules: [{ conditions: [{ attribute: a, operator: exists }], split: { off: 30.05, on: 69.95 } }]',
          'rollout: { steps: [{ at: 2026-01-01, split: { on: 10.02 } }, { at: 2026-02-01, split: { on: 20.03 } }] }',
        ].join('\n'),
      }),
      'f',
    );
    for (const [bucket, boundary] of [
      [30, 30.05],
      [10, 10.02],
      [20, 20.03],
    ] as const) {
      expect(bucketOf('f', String(placeUser(flag, { bucket })?.unit))).toBeLessThan(boundary);
    }
  });

  it('is not to be had where hardly anybody stands', () => {
    const nobody = specification({
      'f.flag.yaml':
        'key: f\ntype: boolean\ndefault: off\nexperiment: { percent: 0.001, split: { off: 50, on: 50 } }\n',
      'g.group.yaml': 'key: g\nslots: [{ flag: f, range: [0, 0.001] }]\n',
    });
    expect(placeUser(flagOf(nobody, 'f'), { bucket: 49.999 })).toBeUndefined();
  });
});
