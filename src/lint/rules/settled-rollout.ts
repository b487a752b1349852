import type { Place } from '../../diagnostics/diagnostic.js';
import { child } from '../../diagnostics/pointer.js';
import { parseInstant } from '../../engine/instant.js';
import type { Project } from '../../project/project.js';
import type { Rule, RuleFinding } from '../../project/rule.js';
import { variantName } from '../../project/variants.js';
import type { WrittenBehaviour, WrittenFlag, WrittenRollout, WrittenVariant } from '../../project/written.js';
import { sharersOf } from '../served.js';
import { isSnoozed } from '../snooze.js';
import { activeFlags, type Standing, standingsOf } from '../standing.js';

export const settledRollout: Rule = {
  code: 'hygiene/settled-rollout',
  *check({ project, now }) {
    for (const { data } of activeFlags(project)) {
      if (!isSnoozed(data, now)) yield* checkFlag(data, project, now);
    }
  },
};

/** What matters are the protected environments, or all of them if none is. */
function* checkFlag(flag: WrittenFlag, project: Project, now: number): Iterable<RuleFinding> {
  const { protectedEnvironments, environments } = project;
  const deciding = protectedEnvironments.size > 0 ? [...protectedEnvironments] : environments;
  const standings = standingsOf(project, flag.key).filter((one) =>
    one.environments.some((name) => deciding.includes(name)),
  );
  const outcomes = new Set(standings.map(({ behaviour }) => outcomeOf(behaviour, flag, now)));
  const [outcome] = outcomes;
  const known = new Set(standings.flatMap((one) => one.environments));
  if (outcomes.size !== 1 || outcome === undefined || !deciding.every((name) => known.has(name))) return;
  for (const place of placesOf(standings)) yield finding(place, outcome);
}

/** Everyone whom no rule takes gets this variant (`null`: the caller's own default); `undefined` if they differ. */
function outcomeOf(behaviour: WrittenBehaviour, { type }: WrittenFlag, now: number): string | null | undefined {
  const { rollout, experiment, default: fallback = null } = behaviour;
  if (experiment) return undefined;
  const variant = rollout ? settledVariant(rollout, fallback, now) : fallback;
  return variant === null || variant === undefined ? variant : variantName(variant, type);
}

function settledVariant(
  rollout: WrittenRollout,
  fallback: WrittenVariant | null,
  now: number,
): typeof fallback | undefined {
  const { steps = [] } = rollout;
  if (steps.some(({ at }) => (parseInstant(at) ?? now) > now)) return undefined;
  const { percent = rollout.percent ?? 100, split = rollout.split ?? {} } = steps.at(-1) ?? {};
  const [variant, ...others] = sharersOf(split);
  if (variant === undefined || percent === 0) return fallback;
  return others.length === 0 && split[variant] === 100 && percent === 100 ? variant : undefined;
}

/** The rollouts that settle it, each once. */
function placesOf(standings: readonly Standing[]): Place[] {
  const parts = new Set(
    standings.flatMap(({ behaviour, sourceOf }) => (behaviour.rollout ? [sourceOf('rollout')] : [])),
  );
  return [...parts].flatMap((part) =>
    part === undefined ? [] : [{ file: part.file, pointer: child(part.pointer, 'rollout'), target: 'key' }],
  );
}

function finding(place: Place, outcome: string | null): RuleFinding {
  const what = outcome === null ? "the caller's own default" : `\`${outcome}\``;
  return {
    ...place,
    message: `the rollout gives everyone ${what}`,
    help: 'make that the `default` in place of the rollout, or remove the flag if it has done its work',
  };
}
