import type { Rollout } from '../model/flag.js';
import { parseInstant } from './instant.js';

/** What a rollout or an experiment is from one instant on. */
export interface Stage<R extends Rollout> {
  /** milliseconds since 1970; `NaN` where `at` is no time */
  readonly from: number;
  /** The plan with what its step replaces. What an earlier step replaced counts no more. */
  readonly plan: R;
}

/** One stage for each step, in the order in which they are written; one that was always there without steps. */
export function stagesOf<R extends Rollout>(plan: R): Stage<R>[] {
  const { steps = [] } = plan;
  if (steps.length === 0) return [{ from: Number.NEGATIVE_INFINITY, plan }];
  return steps.map((step) => ({ from: parseInstant(step.at) ?? Number.NaN, plan: { ...plan, ...step } }));
}

/**
 * The last stage that has begun; nothing before the first.
 * @param now milliseconds since 1970
 */
export function stageAt<R extends Rollout>(plan: R, now: number): R | undefined {
  return stagesOf(plan).findLast(({ from }) => from <= now)?.plan;
}
