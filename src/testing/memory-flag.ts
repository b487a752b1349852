import type { Condition } from '../model/condition.js';
import type { Flag, FlagType } from '../model/flag.js';
import type { Json, JsonObject } from '../model/json.js';

/** Attributes that a context must have, with these values. */
export type Matching = Readonly<Record<string, string | number | boolean>>;

/** What a flag in memory serves: the first case that matches, else `value`, else the caller's own default. */
export interface MemoryFlag {
  readonly type: FlagType;
  readonly value?: Json;
  readonly cases: readonly { readonly matching: Matching; readonly value: Json }[];
}

export function typeOfValue(value: Json): FlagType {
  if (typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number') {
    return typeof value as 'boolean' | 'string' | 'number';
  }
  return 'json';
}

/** A flag of the format, so that the engine decides in tests as it does elsewhere. */
export function definitionOf(key: string, { type, value, cases }: MemoryFlag): Flag {
  const served = cases.map((each, index) => ({ ...each, variant: variantFor(each.value, type, `case-${index + 1}`) }));
  const fallback = value === undefined ? null : variantFor(value, type, 'default');
  return {
    key,
    type,
    state: 'active',
    tags: [],
    metadata: {},
    expose: ['server', 'client'],
    variants: type === 'boolean' ? { on: true, off: false } : variantsOf(fallback, value, served),
    bucket_by: 'targetingKey',
    seed: key,
    enabled: true,
    default: fallback,
    off_variant: fallback,
    overrides: {},
    prerequisites: [],
    rules: served.map(({ matching, variant }) => ({ name: variant, conditions: conditions(matching), serve: variant })),
  };
}

function variantFor(value: Json, type: FlagType, name: string): string {
  if (type !== 'boolean') return name;
  return value === true ? 'on' : 'off';
}

function variantsOf(
  fallback: string | null,
  value: Json | undefined,
  served: readonly { readonly variant: string; readonly value: Json }[],
): JsonObject {
  const own = fallback === null || value === undefined ? [] : [[fallback, value] as const];
  return Object.fromEntries([...own, ...served.map(({ variant, value: of }) => [variant, of] as const)]);
}

function conditions(matching: Matching): Condition[] {
  return Object.entries(matching).map(([attribute, value]) => ({ attribute, operator: 'eq', value }));
}
