import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/lifecycle/evidence.js';
import { horizonOf, lifetimeOf, type State, stateOf } from '../../src/lifecycle/state.js';

const DEFAULTS = { lifecycle: {} };

const young: Evidence = {
  archived: false,
  overdue: false,
  environments: {},
  lifetime: 40,
  dependents: [],
  age: { count: 100 },
  unchanged: { count: 1 },
};

const settled = { settled: { answer: 'on' } };
const old = { unchanged: { count: 40 } };
const gone = { references: [] };
const asked = { references: [{ file: 'a.ts', line: 1 }] };

describe('the state of a flag', () => {
  it.each<[string, Partial<Evidence>, State | undefined]>([
    ['one that changed lately', {}, 'active'],
    ['one that was created lately', { age: { count: 6 } }, 'new'],
    ['one of unknown age', { age: undefined, unchanged: undefined } as never, 'active'],
    ['one that gives everyone the same for a week', { ...settled, unchanged: { count: 7 } }, 'launched'],
    ['one that gives everyone the same for less', { ...settled, unchanged: { count: 6 } }, 'active'],
    ['one past its lifetime', old, 'potentially_stale'],
    ['one that is a day short of it', { unchanged: { count: 39 } }, 'active'],
    ['one past `remove_by`', { overdue: true }, 'potentially_stale'],
    ['one that settled long ago, when nobody looked at code', { ...old, ...settled }, 'potentially_stale'],
    ['one that settled and is asked for', { ...old, ...settled, ...asked }, 'ready_for_code_removal'],
    ['one that settled a week ago and is asked for', { ...settled, ...asked, unchanged: { count: 7 } }, 'launched'],
    ['one that settled and nobody asks for', { ...old, ...settled, ...gone }, 'ready_to_archive'],
    [
      'one that settled a week ago and that nobody has asked for yet',
      { ...settled, ...gone, unchanged: { count: 7 } },
      'launched',
    ],
    [
      'one that settled a week ago and left the code before',
      { ...settled, ...gone, unchanged: { count: 7 }, removed: { commit: 'c', days: { count: 14 } } },
      'ready_to_archive',
    ],
    [
      'one of which nobody can tell when it left the code',
      { ...old, ...settled, ...gone, removalHidden: true },
      'needs_monitoring',
    ],
    [
      'one that leaves the code with what is not committed',
      { ...old, ...settled, ...gone, removed: { days: { count: 0 } } },
      'needs_monitoring',
    ],
    ['one that flags ask for', { ...old, ...settled, ...gone, dependents: ['x'] }, 'potentially_stale'],
    [
      'one that left the code lately',
      { ...old, ...settled, ...gone, removed: { commit: 'c', days: { count: 13 } } },
      'needs_monitoring',
    ],
    [
      'one that left the code a while ago',
      { ...old, ...settled, ...gone, removed: { commit: 'c', days: { count: 14 } } },
      'ready_to_archive',
    ],
    [
      'one that is evaluated still',
      { ...old, ...settled, ...gone, evaluations: { count: 3, since: 0 } },
      'needs_monitoring',
    ],
    [
      'one that no server is asked for, though SDKs ask none',
      {
        ...{ ...old, ...settled, ...gone },
        evaluations: { count: 0, since: 0 },
        removed: { commit: 'c', days: { count: 1 } },
      },
      'needs_monitoring',
    ],
    ['a kill switch, however old', { ...old, ...settled, purpose: 'kill_switch', unchanged: { count: 900 } }, 'active'],
    [
      'a kill switch past `remove_by`',
      { ...settled, ...asked, purpose: 'kill_switch', overdue: true },
      'ready_for_code_removal',
    ],
    ['an archived one that is asked for', { archived: true, ...asked }, 'zombie'],
    [
      'a settled one out of the code that nobody has asked a server for that has only just begun to count',
      { ...old, ...settled, ...gone, evaluations: { count: 0, since: 0, brief: true } },
      'needs_monitoring',
    ],
    ['one that is at least so many days old', { age: { count: 1, atLeast: true } }, 'active'],
    ['an archived one that is evaluated', { archived: true, evaluations: { count: 1, since: 0 } }, 'zombie'],
    ['an archived one that nobody asks for', { archived: true, ...gone }, undefined],
  ])('of %s', (_, change, state) => {
    expect(stateOf({ ...young, ...change }, DEFAULTS)).toBe(state);
  });

  it('follows the settings of the project', () => {
    const settings = { lifecycle: { release: 10, new: 3, launched: 2, kill_switch: 5 } };
    expect(stateOf({ ...young, unchanged: { count: 10 } }, settings)).toBe('potentially_stale');
    expect(stateOf({ ...young, age: { count: 3 } }, settings)).toBe('active');
    expect(stateOf({ ...young, ...settled, unchanged: { count: 2 } }, settings)).toBe('launched');
    expect(lifetimeOf('kill_switch', settings)).toBe(5);
    expect(lifetimeOf('permission', settings)).toBeUndefined();
  });

  it('never depends on what is further back than the horizon', () => {
    expect(horizonOf({ lifecycle: { permission: 365, aliases: ['{key}'] } })).toBe(365);
    expect(horizonOf(DEFAULTS)).toBe(40);
  });
});
