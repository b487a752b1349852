import type { Part, Project } from './project.js';
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
export function behaviourIn(project: Project, key: string, environment: string): WrittenBehaviour {
  const parts = project.partsOf.get(key) ?? [];
  const described = parts.findLast((part) => part.environment === environment);
  if (project.protectedEnvironments.has(environment)) {
    return described === undefined || isInFlagFile(described) ? UNTOLD : merge({}, described.behaviour);
  }
  return merge(parts[0]?.behaviour ?? {}, described?.behaviour ?? {});
}

function isInFlagFile(part: Part): boolean {
  return part.file === part.flag.file;
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
