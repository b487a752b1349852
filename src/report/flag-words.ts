import { parseInstant } from '../engine/instant.js';
import type { Flag, Rollout, Split } from '../model/flag.js';

/** What a flag does in its environment, in a few words: `off`, `killed`, `2 rules, 25 % on`. */
export function flagWords(flag: Flag, now: number): string {
  if (flag.state === 'archived') return 'archived';
  if (!flag.enabled) return flag.off_variant === null ? 'no variant' : `killed: ${flag.off_variant}`;
  const time = timeWords(flag, now);
  if (time !== undefined) return time;
  const words = [...targetingWords(flag), ...restWords(flag, now)];
  return words.length === 0 ? (flag.default ?? 'no variant') : words.join(', ');
}

function timeWords({ starts_at, expires_at }: Flag, now: number): string | undefined {
  if (starts_at !== undefined && now < instant(starts_at)) return `from ${starts_at}`;
  return expires_at !== undefined && now >= instant(expires_at) ? 'expired' : undefined;
}

function targetingWords({ overrides, prerequisites, rules }: Flag): string[] {
  const keys = Object.values(overrides).flat().length;
  return [
    ...(prerequisites.length > 0 ? ['prerequisite'] : []),
    ...(keys > 0 ? [counted(keys, 'override')] : []),
    ...(rules.length > 0 ? [counted(rules.length, 'rule')] : []),
  ];
}

function restWords({ rollout, experiment }: Flag, now: number): string[] {
  const one = rollout ?? experiment;
  if (one === undefined) return [];
  const { percent, split } = standing(one, now);
  if (experiment) return [`experiment ${percent} %`];
  if (percent === 0) return ['0 %'];
  const shares = split.map((share) => `${round((share.percent * percent) / 100)} % ${share.variant}`);
  return shares.length > 3 ? [`${round(percent)} % split`] : [shares.join(' / ')];
}

/** The rollout's numbers after the last step whose time has come; before the first nobody enters. */
function standing({ percent = 100, split = [], steps }: Rollout, now: number): { percent: number; split: Split } {
  const step = steps?.findLast(({ at }) => instant(at) <= now);
  if (steps !== undefined && step === undefined) return { percent: 0, split };
  return { percent: step?.percent ?? percent, split: step?.split ?? split };
}

/** The gate has seen to it that this is a time. */
function instant(text: string): number {
  return parseInstant(text) ?? Number.NaN;
}

function round(percent: number): number {
  return Math.round(percent * 1000) / 1000;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
