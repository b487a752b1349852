import { Memo } from './memo.js';
import type { Behaviours, FlagParts, FlagSubject, Part, Project, Written } from './project.js';
import type { WrittenBehaviour, WrittenProject } from './written.js';

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

const known = new Memo<FlagSubject, Behaviours>();

/**
 * What a flag does in each environment, be it listed or only named by a part. Environments that say nothing
 * share one object.
 */
export function behavioursOf(subject: FlagSubject, { data }: Written<WrittenProject>): Behaviours {
  const inputs = [data.environments, data.protected];
  return known.recall(subject, inputs) ?? known.keep(subject, inputs, collect(subject.parts, data));
}

function collect([own, ...others]: FlagParts, settings: WrittenProject): Behaviours {
  const guarded = new Set(settings.protected);
  const behaviours = new Map<string, WrittenBehaviour>();
  const untold = untoldOf(own);
  for (const name of settings.environments) behaviours.set(name, guarded.has(name) ? untold : inheritedFrom(own));
  for (const { environment, file, behaviour } of others) {
    if (!guarded.has(environment)) behaviours.set(environment, replacedBy(behaviour, own.behaviour));
    else if (file !== own.file) behaviours.set(environment, replacedBy(behaviour, NOTHING));
  }
  return behaviours;
}

const NOTHING: WrittenBehaviour = {};

const untold = new Memo<WrittenBehaviour, WrittenBehaviour>();
const inheriting = new Memo<WrittenBehaviour, WrittenBehaviour>();
const replacing = new Memo<WrittenBehaviour, WrittenBehaviour>();

/** One object for each flag: it becomes another flag in each. */
function untoldOf({ behaviour }: Part): WrittenBehaviour {
  return untold.recall(behaviour) ?? untold.keep(behaviour, [], { ...UNTOLD });
}

function inheritedFrom({ behaviour }: Part): WrittenBehaviour {
  return inheriting.recall(behaviour) ?? inheriting.keep(behaviour, [], merge(behaviour, NOTHING));
}

function replacedBy(behaviour: WrittenBehaviour, own: WrittenBehaviour): WrittenBehaviour {
  return replacing.recall(behaviour, [own]) ?? replacing.keep(behaviour, [own], merge(own, behaviour));
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
