import type { Behaviours, FlagParts, Project } from './project.js';
import type { WrittenBehaviour } from './written.js';

/** The keys that an environment may replace. */
export const BEHAVIOUR_KEYS = [
  'enabled',
  'default',
  'off_variant',
  'starts_at',
  'expires_at',
  'overrides',
  'prerequisites',
  'rules',
  'rollout',
  'experiment',
] as const satisfies readonly (keyof WrittenBehaviour)[];

/** What a flag does in a protected environment that nobody has described: nothing. */
const UNTOLD: WrittenBehaviour = { enabled: false, default: null, off_variant: null };

/** What a flag does in an environment: its own keys, with those replaced that the environment gives. */
export function behaviourIn({ behaviours }: Project, key: string, environment: string): WrittenBehaviour {
  return behaviours.get(key)?.get(environment) ?? UNTOLD;
}

/**
 * What a flag does in each environment, be it listed or only named by a part. Environments that say nothing
 * share one object.
 */
export function behavioursOf(
  [own, ...others]: FlagParts,
  environments: readonly string[],
  guarded: ReadonlySet<string>,
): Behaviours {
  const behaviours = new Map<string, WrittenBehaviour>();
  const inherited = merge(own.behaviour, {});
  for (const name of environments) behaviours.set(name, guarded.has(name) ? UNTOLD : inherited);
  for (const { environment, file, behaviour } of others) {
    if (!guarded.has(environment)) behaviours.set(environment, merge(own.behaviour, behaviour));
    else if (file !== own.file) behaviours.set(environment, merge({}, behaviour));
  }
  return behaviours;
}

function merge(own: WrittenBehaviour, replacing: WrittenBehaviour): WrittenBehaviour {
  const merged: Record<string, unknown> = {};
  for (const key of BEHAVIOUR_KEYS) {
    const value = replacing[key] === undefined ? inherited(own, replacing, key) : replaced(replacing, key);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

/** `null` removes a key; a removed `default` is the caller's own default value. */
function replaced(replacing: WrittenBehaviour, key: keyof WrittenBehaviour): unknown {
  return key === 'default' ? replacing.default : (replacing[key] ?? undefined);
}

/** A rollout takes the place of an inherited experiment, and the reverse. */
function inherited(own: WrittenBehaviour, replacing: WrittenBehaviour, key: keyof WrittenBehaviour): unknown {
  if (key === 'rollout' && replacing.experiment) return undefined;
  if (key === 'experiment' && replacing.rollout) return undefined;
  return own[key];
}
