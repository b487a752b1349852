import { child } from '../diagnostics/pointer.js';
import type { Experiment, Rollout, Step } from '../model/flag.js';
import { plainDate } from './canonical.js';
import { type Difference, difference } from './change.js';
import { diffConditions } from './conditions.js';
import { same } from './equal.js';
import { diffValue } from './fields.js';
import { diffSplit, sameSplit } from './split.js';
import { rolloutWords, stepWords } from './words.js';

export function diffRollout(before: Rollout | undefined, after: Rollout | undefined): Difference[] {
  return comeOrGone('rollout', before, after) ?? diffPlan('rollout', before ?? {}, after ?? {});
}

/** Of the group's slot the group itself speaks. */
export function diffExperiment(before: Experiment | undefined, after: Experiment | undefined): Difference[] {
  const whole = comeOrGone('experiment', before, after);
  if (whole) return whole;
  const [old, now] = [before ?? {}, after ?? {}];
  return [
    ...diffValue('/experiment/hypothesis', 'experiment hypothesis', old.hypothesis, now.hypothesis),
    ...diffAudience(old, now),
    ...diffPlan('experiment', old, now),
  ];
}

function comeOrGone(name: string, before: Rollout | undefined, after: Rollout | undefined): Difference[] | undefined {
  if (before === undefined && after === undefined) return [];
  if (before === undefined)
    return [difference(`/${name}`, before, after, `${name} added: ${rolloutWords(after ?? {})}`)];
  if (after === undefined)
    return [difference(`/${name}`, before, after, `${name} removed (was ${rolloutWords(before)})`)];
  return undefined;
}

/** No conditions are everyone, which an empty list is not. */
function diffAudience({ conditions: before }: Experiment, { conditions: after }: Experiment): Difference[] {
  const path = '/experiment/conditions';
  if (before && after) return diffConditions(path, 'experiment audience: ', before, after);
  if (!before && !after) return [];
  const [old, now] = [before ?? [], after ?? []];
  const parts = diffConditions(path, 'experiment audience: ', old, now);
  return parts.length > 0 ? parts : [difference(path, before, after, 'experiment audience changed')];
}

function diffPlan(name: string, before: Rollout, after: Rollout): Difference[] {
  const percents = [before.percent ?? 100, after.percent ?? 100];
  return [
    ...(before.split && after.split
      ? diffSplit(`/${name}/split`, `${name} `, before.split, after.split)
      : diffSplitPresence(name, before, after)),
    ...diffValue(`/${name}/percent`, `${name} percent`, percents[0], percents[1], (percent) => `${percent}%`),
    ...diffSteps(name, before.steps ?? [], after.steps ?? []),
  ];
}

function diffSplitPresence(name: string, { split: before }: Rollout, { split: after }: Rollout): Difference[] {
  if (same(before, after)) return [];
  return diffSplit(`/${name}/split`, `${name} `, before ?? [], after ?? []);
}

function diffSteps(name: string, before: readonly Step[], after: readonly Step[]): Difference[] {
  const old = byTime(before);
  const now = byTime(after);
  const times = [...new Set([...old.keys(), ...now.keys()])].sort();
  return times.flatMap((time) => diffStep(name, old.get(time), now.get(time)));
}

function byTime(steps: readonly Step[]): Map<string, Step> {
  return new Map(steps.map((step) => [plainDate(step.at), step]));
}

function diffStep(name: string, before: Step | undefined, after: Step | undefined): Difference[] {
  const at = before?.at ?? after?.at ?? '';
  const path = child(`/${name}/steps`, at);
  const label = `${name} step at ${at}`;
  if (!before) return after ? [difference(path, before, after, `${label} added: ${stepWords(after)}`)] : [];
  if (!after) return [difference(path, before, after, `${label} removed (was ${stepWords(before)})`)];
  if (sameStep(before, after)) return [];
  return [difference(path, before, after, `${label}: ${stepWords(before)} → ${stepWords(after)}`)];
}

function sameStep(before: Step, after: Step): boolean {
  if (before.percent !== after.percent || (before.split === undefined) !== (after.split === undefined)) return false;
  return sameSplit(before.split ?? [], after.split ?? []);
}
