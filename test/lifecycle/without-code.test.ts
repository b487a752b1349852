import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flagsIn } from '../../src/lifecycle/gather.js';
import { lifecycle } from '../../src/lifecycle/stale.js';
import { STATES_WITHOUT_CODE, type State } from '../../src/lifecycle/state.js';
import { stateTeller } from '../../src/lifecycle/without-code.js';
import { FLAGS, now, repository } from '../diff/arbitrary.js';
import { snapshotOf } from '../diff/snapshots.js';

const DAY = 86_400_000;

const days = fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined });
const facts = fc
  .record({
    created: fc.array(days, { minLength: FLAGS.length, maxLength: FLAGS.length }),
    changed: fc.array(days, { minLength: FLAGS.length, maxLength: FLAGS.length }),
    counts: fc.array(fc.nat(2), { minLength: FLAGS.length, maxLength: FLAGS.length }),
  })
  .map(({ created, changed, counts }) => {
    const before = (all: readonly (number | undefined)[], key: string) => {
      const ago = all[FLAGS.indexOf(key as (typeof FLAGS)[number])];
      return ago === undefined ? undefined : now - ago * DAY;
    };
    return {
      now,
      times: {
        since: now - 40 * DAY,
        created: (key: string) => before(created, key),
        changed: (key: string) => before(changed, key),
      },
      evaluations: {
        since: 0,
        allSince: 0,
        unknown: 0,
        byFlag: new Map(),
        inVain: new Map(FLAGS.map((key, index) => [key, counts[index] ?? 0])),
      },
    };
  });

it('one flag stands where it stands among all, and in no state that only code can tell', () => {
  const met = new Set<State>();
  fc.assert(
    fc.property(repository, facts, (files, known) => {
      const snapshot = snapshotOf(files);
      const all = new Map(lifecycle(snapshot, known).map(({ flag, state }) => [flag, state]));
      const stateOf = stateTeller(snapshot, known);
      for (const flag of flagsIn(snapshot)) {
        const state = stateOf(flag);
        expect(state).toBe(all.get(flag.key));
        if (state !== undefined) met.add(state);
      }
    }),
    { numRuns: 20 },
  );
  expect([...met].filter((state) => !STATES_WITHOUT_CODE.some((one) => one === state))).toEqual([]);
  expect(met.size).toBeGreaterThan(2);
});
