import { flows } from '../diff/draw.js';
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
  const draws = fixed === undefined ? drawsOf(flag, now) : [fixed];
  const listed = fixed === undefined ? listedVariants(flag) : [];
  const answers = new Set([...listed, ...draws.flatMap((draw) => flows(draw, draw).map(({ to }) => to))]);
  const [answer] = answers;
  return answers.size === 1 ? answer : undefined;
}

function listedVariants({ overrides }: Flag): string[] {
  return Object.keys(overrides).filter((variant) => (overrides[variant] ?? []).length > 0);
}
