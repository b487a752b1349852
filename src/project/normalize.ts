import type { Comparison, Condition } from '../model/condition.js';
import type { Experiment, Flag, FlagType, Prerequisite, Rollout, Rule, Slot, Split } from '../model/flag.js';
import type { Json } from '../model/json.js';
import { variantName } from './variants.js';
import type {
  WrittenBehaviour,
  WrittenCondition,
  WrittenExperiment,
  WrittenPrerequisite,
  WrittenRollout,
  WrittenRule,
  WrittenSplit,
  WrittenVariant,
} from './written.js';

/** The type of each flag by its key. */
export type FlagTypes = Pick<ReadonlyMap<string, FlagType>, 'get'>;

type Behaviour = Pick<
  Flag,
  | 'enabled'
  | 'default'
  | 'off_variant'
  | 'starts_at'
  | 'expires_at'
  | 'overrides'
  | 'prerequisites'
  | 'rules'
  | 'rollout'
  | 'experiment'
>;

/** What a flag does, defaults filled in, variants by their names. */
export function normalizeBehaviour(
  written: WrittenBehaviour,
  type: FlagType,
  types: FlagTypes,
  slot: Slot | undefined,
): Behaviour {
  const fallback = nameOrNull(written.default ?? null, type);
  const { rollout, experiment, starts_at, expires_at } = written;
  return {
    enabled: written.enabled ?? true,
    default: fallback,
    off_variant: written.off_variant === undefined ? fallback : nameOrNull(written.off_variant, type),
    ...(starts_at ? { starts_at } : {}),
    ...(expires_at ? { expires_at } : {}),
    overrides: normalizeOverrides(written.overrides ?? {}, type),
    prerequisites: (written.prerequisites ?? []).map((prerequisite) => normalizePrerequisite(prerequisite, types)),
    rules: (written.rules ?? []).map((rule, index) => normalizeRule(rule, index, type, types)),
    ...(rollout ? { rollout: normalizeRollout(rollout, type) } : {}),
    ...(experiment ? { experiment: normalizeExperiment(experiment, type, types, slot) } : {}),
  };
}

function nameOrNull(variant: WrittenVariant | null, type: FlagType): string | null {
  return variant === null ? null : variantName(variant, type);
}

function normalizeOverrides(
  written: Readonly<Record<string, readonly string[]>>,
  type: FlagType,
): Record<string, readonly string[]> {
  const overrides: Record<string, readonly string[]> = {};
  for (const [variant, keys] of Object.entries(written)) {
    const name = variantName(variant, type);
    overrides[name] = Object.hasOwn(overrides, name) ? [...(overrides[name] as readonly string[]), ...keys] : keys;
  }
  return overrides;
}

function normalizePrerequisite({ flag, variants }: WrittenPrerequisite, types: FlagTypes): Prerequisite {
  return { flag, variants: variants.map((variant) => variantName(variant, types.get(flag) ?? 'boolean')) };
}

function normalizeRule(rule: WrittenRule, index: number, type: FlagType, types: FlagTypes): Rule {
  return {
    name: rule.name ?? `rule ${index + 1}`,
    conditions: normalizeConditions(rule.conditions, types),
    ...(rule.serve === undefined ? {} : { serve: variantName(rule.serve, type) }),
    ...(rule.split === undefined ? {} : { split: normalizeSplit(rule.split, type) }),
  };
}

function normalizeSplit(split: WrittenSplit, type: FlagType): Split {
  return Object.entries(split).map(([variant, percent]) => ({ variant: variantName(variant, type), percent }));
}

function normalizeRollout({ percent, split, steps }: WrittenRollout, type: FlagType): Rollout {
  return {
    ...(percent === undefined ? {} : { percent }),
    ...(split === undefined ? {} : { split: normalizeSplit(split, type) }),
    ...(steps === undefined ? {} : { steps: steps.map((step) => normalizeStep(step, type)) }),
  };
}

function normalizeStep(
  step: NonNullable<WrittenRollout['steps']>[number],
  type: FlagType,
): NonNullable<Rollout['steps']>[number] {
  const { split, ...rest } = step;
  return split === undefined ? rest : { ...rest, split: normalizeSplit(split, type) };
}

function normalizeExperiment(
  written: WrittenExperiment,
  type: FlagType,
  types: FlagTypes,
  slot: Slot | undefined,
): Experiment {
  const { hypothesis, conditions } = written;
  return {
    ...(hypothesis === undefined ? {} : { hypothesis }),
    ...(conditions === undefined ? {} : { conditions: normalizeConditions(conditions, types) }),
    ...normalizeRollout(written, type),
    ...(slot === undefined ? {} : { slot }),
  };
}

/** Conditions as the engine reads them: what `serves` asks for by name. */
export function normalizeConditions(conditions: readonly WrittenCondition[], types: FlagTypes): readonly Condition[] {
  return conditions.map((condition) => normalizeCondition(condition, types));
}

function normalizeCondition(condition: WrittenCondition, types: FlagTypes): Condition {
  if ('all' in condition) return { all: normalizeConditions(condition.all, types) };
  if ('any' in condition) return { any: normalizeConditions(condition.any, types) };
  if ('not' in condition) return { not: normalizeCondition(condition.not, types) };
  return condition.operator === 'serves' ? normalizeServes(condition, types) : condition;
}

function normalizeServes(comparison: Comparison, types: FlagTypes): Comparison {
  const type = types.get(comparison.flag as string) ?? 'boolean';
  const wanted = [comparison.value].flat() as readonly WrittenVariant[];
  return { ...comparison, value: wanted.map((variant): Json => variantName(variant, type)) };
}
