import { certain, outcomesOf } from '../diff/draw.js';
import { drawsOf, fixedAnswer, turningPoints } from '../diff/stages.js';
import type { Flag } from '../model/flag.js';

/**
 * The one answer that a flag gives to everybody, whatever the context, until somebody changes it: a variant, or `null`
 * for the caller's own default. `undefined` when answers differ, or time alone will change them.
 *
 * It is read off what the flag says, not tried out: a rule that could never match still counts as one that may.
 *
 * @param now milliseconds since 1970
 */
export function constantAnswer(flag: Flag, now: number): string | null | undefined {
  if (!flag.enabled) return flag.off_variant;
  if (turningPoints([flag], now).length > 0) return undefined;
  const fixed = fixedAnswer(flag, now);
  const draws = fixed === undefined ? [...listed(flag), ...drawsOf(flag, now)] : [fixed];
  const answers = new Set(draws.flatMap(outcomesOf));
  const [answer] = answers;
  return answers.size === 1 ? answer : undefined;
}

function listed({ overrides }: Flag) {
  return Object.keys(overrides)
    .filter((variant) => (overrides[variant] ?? []).length > 0)
    .map(certain);
}

/**
 * Since when time alone has changed nothing: the last step of a rollout, start or end that has passed.
 * Milliseconds since 1970; `-Infinity`: nothing of the kind has.
 *
 * @param now milliseconds since 1970
 */
export function untouchedByTimeSince(flag: Flag, now: number): number {
  const times = flag.enabled ? turningPoints([flag], Number.NEGATIVE_INFINITY) : [];
  return times.findLast((time) => time <= now) ?? Number.NEGATIVE_INFINITY;
}
