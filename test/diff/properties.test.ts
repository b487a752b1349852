import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change } from '../../src/diff/change.js';
import { diff } from '../../src/diff/diff.js';
import { impactOf } from '../../src/diff/impact.js';
import { reachOf } from '../../src/diff/reach.js';
import { createEvaluator } from '../../src/engine/evaluator.js';
import type { Context } from '../../src/model/context.js';
import type { Evaluator } from '../../src/model/evaluation.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { context, FLAGS, now, repository, rewritten, twoRepositories } from './arbitrary.js';
import { snapshotOf } from './snapshots.js';

const contexts = fc.array(context, { minLength: 30, maxLength: 30 });

function evaluatorsOf(snapshot: Snapshot): Map<string, Evaluator> {
  return new Map([...snapshot.definitions].map(([name, definitions]) => [name, createEvaluator(definitions)]));
}

/** Flags and environments that answer somebody otherwise, with the reason but without the name of the rule. */
function differing(before: Snapshot, after: Snapshot, all: readonly Context[]): string[] {
  const [old, now_] = [evaluatorsOf(before), evaluatorsOf(after)];
  const found = [...old].flatMap(([environment, evaluator]) =>
    FLAGS.flatMap((flag) => {
      const answer = (side: Evaluator | undefined, one: Context) => {
        const { value, variant, reason } = side?.evaluate(flag, one, now) ?? {};
        return JSON.stringify([value, variant, reason]);
      };
      const differs = all.some((one) => answer(evaluator, one) !== answer(now_.get(environment), one));
      return differs ? [`${environment}/${flag}`] : [];
    }),
  );
  return found;
}

function named(changes: readonly Change[], before: Snapshot, after: Snapshot): Set<string> {
  const environments = [...before.definitions.keys()];
  const own = changes
    .filter(({ kind }) => kind.startsWith('flag_'))
    .flatMap(({ key, environment }) => (environment ? [environment] : environments).map((name) => `${name}/${key}`));
  const reached = reachOf(changes, before, after).flatMap((reach) => reach.reached);
  return new Set([...own, ...reached.map(({ flag, environment }) => `${environment}/${flag}`)]);
}

it('nothing has changed between a repository and itself, however it is written', () => {
  fc.assert(
    fc.property(repository, (files) => {
      expect(diff(snapshotOf(files), snapshotOf(rewritten(files)))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

it('whatever answers somebody otherwise is named by the diff, or reached by something that is', () => {
  fc.assert(
    fc.property(twoRepositories, contexts, ([one, other], all) => {
      const [before, after] = [snapshotOf(one), snapshotOf(other)];
      const changes = diff(before, after);
      const told = named(changes, before, after);
      expect(differing(before, after, all).filter((place) => !told.has(place))).toEqual([]);
      expectReadable(changes);
      expect(objectsIn(diff(after, before))).toEqual(objectsIn(changes));
    }),
    { numRuns: 150 },
  );
});

function expectReadable(changes: readonly Change[]): void {
  for (const { text } of changes) expect(text).not.toMatch(/undefined|\[object|NaN/);
  expect(new Set(changes.map((change) => JSON.stringify(change))).size).toBe(changes.length);
}

function objectsIn(changes: readonly Change[]): Set<string> {
  return new Set(changes.map(({ key, environment }) => `${environment}/${key}`));
}

it('an impact holds for users by the thousand: exact shares, upper bounds, and silence', () => {
  const users = Array.from({ length: 3000 }, (_, id) => ({
    targetingKey: `user-${id}`,
    ...(id % 5 === 0 ? {} : { country: ['DE', 'FR', 'IT'][id % 3] }),
    ...(id % 7 === 0 ? {} : { age: id % 6 }),
    ...(id % 2 === 0 ? {} : { beta: true }),
  }));
  fc.assert(
    fc.property(twoRepositories, ([one, other]) => {
      const [before, after] = [snapshotOf(one), snapshotOf(other)];
      const report = impactOf(diff(before, after), before, after, { now });
      for (const [place, share] of sharesNow(before, after, users)) {
        const told = report.flags.find(({ environment, flag }) => `${environment}/${flag}` === place);
        if (told?.exact && told.at === undefined)
          expect([place, Math.abs(told.share - share) < 0.04]).toEqual([place, true]);
        expect([place, share <= (told ? (told.at_most ?? 1) : 0) + 0.04]).toEqual([place, true]);
        if (!told) expect([place, share]).toEqual([place, 0]);
      }
    }),
    { numRuns: 60 },
  );
});

/** For each environment and flag, how many of the users get something else. */
function sharesNow(before: Snapshot, after: Snapshot, users: readonly Context[]): Map<string, number> {
  const [old, current] = [evaluatorsOf(before), evaluatorsOf(after)];
  const variants = (side: Map<string, Evaluator>, environment: string, flag: string) =>
    users.map((user) => side.get(environment)?.evaluate(flag, user, now).variant);
  const places = [...old.keys()].flatMap((environment) => FLAGS.map((flag) => [environment, flag] as const));
  return new Map(
    places.map(([environment, flag]) => {
      const [was, is] = [variants(old, environment, flag), variants(current, environment, flag)];
      return [`${environment}/${flag}`, was.filter((variant, at) => variant !== is[at]).length / users.length];
    }),
  );
}
