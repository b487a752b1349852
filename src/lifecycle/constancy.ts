import { parseInstant } from '../engine/instant.js';
import type { Flag, Rollout, Split } from '../model/flag.js';

/**
 * The one answer that a flag gives to everybody, whatever the context, until somebody changes it: a variant, or `null`
 * for the caller's own default. `undefined` when answers differ, or time alone will change them.
 *
 * It is read off what the flag says, not tried out: a rule that could never match still counts as one that may.
 *
 * @param now milliseconds since 1970
 */
export function constantAnswer(flag: Flag, now: number): string | null | undefined {
  if (!flag.enabled || isPast(flag.expires_at, now)) return flag.off_variant;
  if (isAhead(flag.starts_at, now) || flag.expires_at !== undefined) return undefined;
  const answers = answersOf(flag, now);
  const [answer] = answers;
  return answers.size === 1 ? answer : undefined;
}

/** Everything that somebody may get from a flag that is on; `undefined` among it stands for "it will change". */
function answersOf(flag: Flag, now: number): Set<string | null | undefined> {
  const { default: fallback, off_variant, overrides, prerequisites, rules } = flag;
  const listed = Object.keys(overrides).filter((variant) => (overrides[variant] ?? []).length > 0);
  const ruled = rules.flatMap(({ serve, split = [] }) => (serve === undefined ? sharers(split) : [serve]));
  return new Set([
    ...listed,
    ...(prerequisites.length > 0 ? [off_variant] : []),
    ...ruled,
    ...(flag.experiment?.conditions ? [fallback] : []),
    ...(flag.experiment?.slot ? [fallback] : []),
    ...finalAnswers(flag.experiment ?? flag.rollout, fallback, now),
  ]);
}

function finalAnswers(plan: Rollout | undefined, fallback: string | null, now: number): (string | null | undefined)[] {
  if (plan === undefined) return [fallback];
  const { steps = [] } = plan;
  if (steps.some(({ at }) => isAhead(at, now))) return [undefined];
  const { percent = 100, split = [] } = { ...plan, ...steps.at(-1) };
  const taken = percent === 0 ? [] : sharers(split);
  const whole = percent === 100 && split.reduce((sum, share) => sum + Math.round(share.percent * 1000), 0) === 100_000;
  return whole ? taken : [...taken, fallback];
}

function sharers(split: Split): string[] {
  return split.filter(({ percent }) => percent > 0).map(({ variant }) => variant);
}

function isPast(time: string | undefined, now: number): boolean {
  return time !== undefined && (parseInstant(time) ?? now + 1) <= now;
}

function isAhead(time: string | undefined, now: number): boolean {
  return time !== undefined && !isPast(time, now);
}
