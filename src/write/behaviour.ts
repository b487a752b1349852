import { Refusal } from '../diagnostics/refusal.js';
import type { JsonObject } from '../model/json.js';
import type { Edit } from './change.js';
import { fieldOf, withCollection, withField, withoutField } from './fields.js';

/** `enabled`, which is `true` where nobody says anything. */
export function setEnabled(enabled: boolean): Edit {
  return (part, inherited) => {
    const now = fieldOf(part, inherited, 'enabled') ?? true;
    return now === enabled ? part : withField(part, 'enabled', enabled);
  };
}

export interface RolloutSetting {
  /** Variant to percent, in this order; those that the file has keep their places. */
  readonly split?: Readonly<Record<string, number>>;
  /** Who enters. */
  readonly percent?: number;
}

/** What is not given stays, but `steps` go: the rollout then stands where it is put. */
export function setRollout(setting: RolloutSetting): Edit {
  return (part, inherited) => {
    const { steps: _, ...before } = (fieldOf(part, inherited, 'rollout') ?? {}) as JsonObject;
    return withField(part, 'rollout', { ...before, ...setting } as JsonObject);
  };
}

export function removeField(key: string): Edit {
  return (part) => (Object.hasOwn(part, key) ? withoutField(part, key) : part);
}

/** targetingKeys by variant */
type Overrides = { readonly [variant: string]: readonly string[] };

/** Each id is served this variant, and so no other. */
export function addOverrides(variant: string, ids: readonly string[]): Edit {
  return (part, inherited) => {
    const before = overridesOf(part, inherited);
    const listed = before[variant] ?? [];
    const added = ids.filter((id) => !listed.includes(id));
    if (added.length === 0) return part;
    return withCollection(part, inherited, 'overrides', {
      ...without(before, added),
      [variant]: [...listed, ...new Set(added)],
    });
  };
}

export function removeOverrides(ids: readonly string[]): Edit {
  return (part, inherited) => {
    const before = overridesOf(part, inherited);
    const unknown = ids.find((id) => !Object.values(before).some((listed) => listed.includes(id)));
    if (unknown !== undefined) throw new Refusal('not-found', `no override names \`${unknown}\``);
    return withCollection(part, inherited, 'overrides', without(before, ids));
  };
}

function overridesOf(part: JsonObject, inherited: JsonObject): Overrides {
  return (fieldOf(part, inherited, 'overrides') ?? {}) as unknown as Overrides;
}

/** A variant whose last id goes is not listed any more. */
function without(overrides: Overrides, ids: readonly string[]): Overrides {
  const gone = new Set(ids);
  const left = Object.entries(overrides).map(
    ([variant, listed]) => [variant, listed.filter((id) => !gone.has(id))] as const,
  );
  return Object.fromEntries(left.filter(([, listed]) => listed.length > 0));
}
