import type { FlagType } from '../model/flag.js';
import { variantName } from '../project/variants.js';
import type { WrittenBehaviour, WrittenRollout, WrittenSplit, WrittenVariant } from '../project/written.js';

/** What people get from a flag in one environment. `null` stands for the caller's own default. */
export interface Served {
  /** While it is on. */
  readonly variants: ReadonlySet<string | null>;
  /** When it is switched off. */
  readonly off: string | null;
  /** Somebody is told apart: by a rule, a list, a split. */
  readonly targeted: boolean;
}

/** Every variant that somebody may get from a flag of this type that behaves so. */
export function servedBy(behaviour: WrittenBehaviour, type: FlagType): Served {
  const { default: fallback = null, off_variant: off = fallback } = behaviour;
  const name = (variant: WrittenVariant | null): string | null =>
    variant === null ? null : variantName(variant, type);
  const targets = targetsOf(behaviour);
  const rest = isEveryone(behaviour.rollout) ? [] : [fallback];
  return { variants: new Set([...targets, ...rest].map(name)), off: name(off), targeted: targets.length > 0 };
}

function targetsOf({ overrides, rules, rollout, experiment }: WrittenBehaviour): WrittenVariant[] {
  const listed = Object.entries(overrides ?? {}).filter(([, keys]) => keys.length > 0);
  return [
    ...listed.map(([variant]) => variant),
    ...(rules ?? []).flatMap(({ serve, split }) => (serve === undefined ? sharersOf(split ?? {}) : [serve])),
    ...[rollout, experiment].flatMap((one) => (one ? entrantsOf(one) : [])),
  ];
}

/** The variants that a split gives to anybody. */
export function sharersOf(split: WrittenSplit): string[] {
  return Object.keys(split).filter((variant) => (split[variant] ?? 0) > 0);
}

/** The variants that a rollout or experiment gives to anybody, now or after some step. */
function entrantsOf({ percent, split, steps = [] }: WrittenRollout): string[] {
  const splits = [split, ...steps.map((step) => step.split)].filter((one) => one !== undefined);
  return percent === 0 && steps.length === 0 ? [] : splits.flatMap(sharersOf);
}

/** Does the rollout give everyone one variant, so that nobody is left for the default? */
function isEveryone(rollout: WrittenRollout | null | undefined): boolean {
  if (!rollout?.split || rollout.steps !== undefined || (rollout.percent ?? 100) < 100) return false;
  return Object.values(rollout.split).includes(100);
}
