import type { Definitions } from '../model/definitions.js';
import type { Flag, Slot } from '../model/flag.js';
import type { Segment } from '../model/segment.js';
import { behaviourIn } from './behaviour.js';
import { type FlagTypes, normalizeBehaviour, normalizeConditions } from './normalize.js';
import type { Project } from './project.js';
import { variantsOf } from './variants.js';
import type { WrittenBehaviour, WrittenFlag, WrittenSegment } from './written.js';

/** Every flag and segment as it stands in one environment, defaults filled in, in the order of their keys. */
export function resolve(project: Project, environment: string): Definitions {
  return resolver(project)(environment);
}

/** Resolves for one environment after the other; what is the same in several of them is one object. */
export function resolver(project: Project): (environment: string) => Definitions {
  const types = typesOf(project);
  const slots = slotsOf(project);
  const segments = sortedByKey(project.segments).map((segment) => toSegment(segment, types));
  const resolvers = sortedByKey(project.flags).map((flag) => flagResolver(flag, types, slots.get(flag.key)));
  return (environment) => {
    const flags = resolvers.map(({ key, resolveFlag }) => resolveFlag(behaviourIn(project, key, environment)));
    return { environment, flags, segments };
  };
}

/** Environments that say nothing of a flag share its behaviour. */
function flagResolver(flag: WrittenFlag, types: FlagTypes, slot: Slot | undefined) {
  const resolved = new Map<WrittenBehaviour, Flag>();
  const resolveFlag = (behaviour: WrittenBehaviour): Flag => {
    const result = resolved.get(behaviour) ?? toFlag(flag, behaviour, types, slot);
    resolved.set(behaviour, result);
    return result;
  };
  return { key: flag.key, resolveFlag };
}

/** The type of each flag: what `true` stands for depends on it. */
function typesOf(project: Project): FlagTypes {
  return new Map([...project.flags].map(([key, { data }]) => [key, data.type]));
}

function slotsOf(project: Project): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  for (const [group, { data }] of project.groups) {
    for (const { flag, range } of data.slots) slots.set(flag, { group, range });
  }
  return slots;
}

function toFlag(flag: WrittenFlag, behaviour: WrittenBehaviour, types: FlagTypes, slot: Slot | undefined): Flag {
  return {
    key: flag.key,
    type: flag.type,
    state: flag.state ?? 'active',
    ...given('description', flag.description),
    ...given('owner', flag.owner),
    tags: flag.tags ?? [],
    ...given('purpose', flag.purpose),
    ...given('remove_by', flag.remove_by),
    ...given('snooze', flag.snooze),
    ...given('value_schema', flag.value_schema),
    metadata: flag.metadata ?? {},
    expose: flag.expose ?? ['server'],
    variants: variantsOf(flag),
    bucket_by: flag.bucket_by ?? 'targetingKey',
    seed: flag.seed ?? flag.key,
    ...normalizeBehaviour(behaviour, flag.type, types, slot),
  };
}

function toSegment(segment: WrittenSegment, types: FlagTypes): Segment {
  return {
    key: segment.key,
    ...given('description', segment.description),
    ...given('owner', segment.owner),
    ...given('parent', segment.parent),
    enabled: segment.enabled ?? true,
    conditions: normalizeConditions(segment.conditions ?? [], types),
    included: segment.included ?? [],
    excluded: segment.excluded ?? [],
  };
}

/** An entry that is there, or none: absent is not the same as `undefined`. */
function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

function sortedByKey<T extends { readonly key: string }>(objects: ReadonlyMap<string, { readonly data: T }>): T[] {
  return [...objects.values()].map(({ data }) => data).sort((a, b) => (a.key < b.key ? -1 : 1));
}
