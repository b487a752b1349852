import type { Experiment, Flag, Rollout, Rule, Split } from '../model/flag.js';

/** What a flag is, as its file would say it. */
export function identityAsWritten(flag: Flag): Readonly<Record<string, unknown>> {
  const { key, description, type, owner, tags, purpose, metadata, expose, state, variants, bucket_by, seed } = flag;
  return present({
    key,
    description,
    type,
    owner,
    tags: filled(tags),
    purpose,
    metadata: filled(metadata),
    expose,
    state,
    variants: type === 'boolean' ? undefined : variants,
    bucket_by,
    seed,
  });
}

/** What a flag does in its environment, as a file would say it. */
export function behaviourAsWritten(flag: Flag): Readonly<Record<string, unknown>> {
  const { starts_at, expires_at, overrides, prerequisites, rules, rollout, experiment } = flag;
  return present({
    enabled: flag.enabled,
    default: flag.default,
    off_variant: flag.off_variant,
    starts_at,
    expires_at,
    overrides: filled(overrides),
    prerequisites: filled(prerequisites),
    rules: filled(rules.map(ruleAsWritten)),
    rollout: rollout && rolloutAsWritten(rollout),
    experiment: experiment && experimentAsWritten(experiment),
  });
}

function ruleAsWritten({ name, conditions, serve, split }: Rule): object {
  return present({ name, conditions, serve, split: split && splitAsWritten(split) });
}

function rolloutAsWritten({ percent, steps, split }: Rollout): object {
  return present({
    percent,
    steps: steps?.map((step) => present({ ...step, split: step.split && splitAsWritten(step.split) })),
    split: split && splitAsWritten(split),
  });
}

/** The slot stands in the file of its group. */
function experimentAsWritten({ hypothesis, conditions, ...rollout }: Experiment): object {
  return present({ hypothesis, conditions, ...rolloutAsWritten(rollout) });
}

function splitAsWritten(split: Split): object {
  return Object.fromEntries(split.map(({ variant, percent }) => [variant, percent]));
}

function present(entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

function filled<T extends object>(collection: T): T | undefined {
  return Object.keys(collection).length === 0 ? undefined : collection;
}
