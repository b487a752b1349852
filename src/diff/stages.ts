import { parseInstant } from '../engine/instant.js';
import { stageAt } from '../engine/stage.js';
import type { Flag, Rule, Step } from '../model/flag.js';
import { conditionsText } from './canonical.js';
import { certain, type Draw } from './draw.js';
import { same } from './equal.js';

/** A place where both sides decide about the same users, each by a draw. */
export interface Stage {
  readonly before: Draw;
  readonly after: Draw;
}

/**
 * The places where a flag decides, when both sides agree on who is decided where; `undefined` when they do not, so
 * that only contexts can tell. Users who are listed in `overrides` are nowhere here: they are no share of all.
 *
 * @param now milliseconds since 1970
 * @param touched do conditions or prerequisites mean something else now, although they read the same?
 */
export function stagesOf(
  before: Flag | undefined,
  after: Flag | undefined,
  now: number,
  touched: boolean,
): Stage[] | undefined {
  const [old, changed] = [fixedAnswer(before, now), fixedAnswer(after, now)];
  if (old && changed) return [{ before: old, after: changed }];
  if (old && after) return drawsOf(after, now).map((draw) => ({ before: old, after: draw }));
  if (changed && before) return drawsOf(before, now).map((draw) => ({ before: draw, after: changed }));
  if (!before || !after || touched || !sameQuestions(before, after)) return undefined;
  const others = drawsOf(after, now);
  return drawsOf(before, now).map((draw, at) => ({ before: draw, after: others[at] ?? draw }));
}

/** What a flag gives to everyone whom it does not list; `undefined` when that depends on who asks. */
export function fixedAnswer(flag: Flag | undefined, now: number): Draw | undefined {
  if (!flag || flag.state === 'archived') return certain(null);
  return flag.enabled && isInTime(flag, now) ? undefined : certain(flag.off_variant);
}

function isInTime({ starts_at, expires_at }: Flag, now: number): boolean {
  return instantOf(starts_at, Number.NEGATIVE_INFINITY) <= now && now < instantOf(expires_at, Number.POSITIVE_INFINITY);
}

function instantOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : (parseInstant(text) ?? otherwise);
}

function sameQuestions(before: Flag, after: Flag): boolean {
  return (
    same(before.prerequisites, after.prerequisites) &&
    before.rules.length === after.rules.length &&
    before.rules.every(
      (rule, at) => conditionsText(rule.conditions) === conditionsText(after.rules[at]?.conditions ?? []),
    ) &&
    audienceText(before) === audienceText(after)
  );
}

function audienceText({ experiment }: Flag): string {
  return experiment?.conditions ? conditionsText(experiment.conditions) : '';
}

/** Every draw of a flag that is on: of failed prerequisites, of each rule, of who is not in the audience, of the rest. */
export function drawsOf(flag: Flag, now: number): Draw[] {
  return [
    ...(flag.prerequisites.length > 0 ? [certain(flag.off_variant)] : []),
    ...flag.rules.map((rule) => ruleDraw(flag, rule)),
    ...(flag.experiment?.conditions ? [certain(flag.default)] : []),
    finalDraw(flag, now),
  ];
}

/** What a rule does with those whom it takes. */
export function ruleDraw(flag: Flag, { serve, split }: Rule): Draw {
  if (!split) return certain(serve ?? null);
  return { unit: flag.bucket_by, seed: flag.seed, percent: 100, split, otherwise: flag.default };
}

/** What `rollout` or `experiment` does at a time with those whom no rule took. */
export function finalDraw(flag: Flag, now: number): Draw {
  const plan = flag.experiment ?? flag.rollout;
  const { percent = 100, split } = (plan && stageAt(plan, now)) ?? {};
  const slot = flag.experiment?.slot;
  if (!split) return certain(flag.default);
  return {
    unit: flag.bucket_by,
    seed: flag.seed,
    ...(slot ? { slot } : {}),
    percent,
    split,
    otherwise: flag.default,
  };
}

/** The times after `now` at which a flag begins to decide otherwise, ascending. */
export function turningPoints(flags: readonly (Flag | undefined)[], now: number): number[] {
  const texts = flags.flatMap((flag) => (flag ? timesOf(flag) : []));
  const times = texts.map((text) => instantOf(text, now)).filter((time) => time > now);
  return [...new Set(times)].sort((a, b) => a - b);
}

function timesOf({ starts_at, expires_at, rollout, experiment }: Flag): (string | undefined)[] {
  return [starts_at, expires_at, ...(rollout?.steps ?? []).map(atOf), ...(experiment?.steps ?? []).map(atOf)];
}

function atOf({ at }: Step): string {
  return at;
}
