import type { Definitions } from '../model/definitions.js';
import type { Flag, FlagType, Slot } from '../model/flag.js';
import type { Segment } from '../model/segment.js';
import { behavioursOf } from './behaviour.js';
import { isSame, Memo } from './memo.js';
import { namesIn } from './names.js';
import { type FlagTypes, normalizeBehaviour, normalizeConditions } from './normalize.js';
import type { FlagSubject, Project, Subject, Written } from './project.js';
import { variantsOf } from './variants.js';
import type { WrittenBehaviour, WrittenFlag, WrittenGroup, WrittenProject, WrittenSegment } from './written.js';

/** Every flag and segment as it stands in one environment, defaults filled in, in the order of their keys. */
export function resolve(project: Project, environment: string): Definitions {
  return resolver(project)(environment);
}

/**
 * Resolves for one environment after the other. What is the same in several of them is one object, and what has not
 * changed since the project was resolved before is the object that it was.
 */
export function resolver(project: Project): (environment: string) => Definitions {
  const slots = slotsOf(project);
  const surroundings = { config: project.config, types: typesOf(project), slots, token: tokenOf(project, slots) };
  const flags = project.subjects.flatMap((subject) => standingsOf(subject, surroundings)).sort(byKey);
  const segments = project.subjects.flatMap((subject) => resolveSegment(subject, surroundings)).sort(byKey);
  return (environment) => {
    const resolved = flags.map(({ byEnvironment }) => byEnvironment.get(environment) as Flag);
    return asBefore(project.config, { environment, flags: resolved, segments });
  };
}

const definitions = new Memo<Written<WrittenProject>, Map<string, Definitions>>();

/** Definitions that hold nothing new are those that were there: who compiled them need not do so again. */
function asBefore(config: Written<WrittenProject>, now: Definitions): Definitions {
  const known = definitions.recall(config) ?? definitions.keep(config, [], new Map());
  const before = known.get(now.environment);
  if (before !== undefined && isSame([before.flags, before.segments], [now.flags, now.segments])) return before;
  known.set(now.environment, now);
  return now;
}

/** What flags and segments are resolved with. */
interface Surroundings {
  readonly config: Written<WrittenProject>;
  /** The type of each flag: what `true` stands for depends on it. */
  readonly types: FlagTypes;
  /** By flags. */
  readonly slots: ReadonlyMap<string, Slot>;
  /** The same as long as all of these are. */
  readonly token: readonly unknown[];
}

const tokens = new Memo<Written<WrittenProject>, readonly unknown[]>();

/** With it one look at a flag that has not changed tells that it stands as it did. */
function tokenOf({ config, flags }: Project, slots: ReadonlyMap<string, Slot>): readonly unknown[] {
  const types = Array.from(flags.values(), ({ data }) => data.type);
  const inputs = [[...flags.keys()], types, [...slots.keys()], [...slots.values()]];
  return tokens.recall(config, inputs) ?? tokens.keep(config, inputs, [{}]);
}

/** A flag as it stands in each environment. */
interface Standings {
  readonly key: string;
  readonly byEnvironment: ReadonlyMap<string, Flag>;
}

const atOnce = new Memo<FlagSubject, readonly [Standings]>();

function standingsOf(subject: Subject, surroundings: Surroundings): readonly Standings[] {
  if (!isOfFlag(subject)) return [];
  const { token } = surroundings;
  return atOnce.recall(subject, token) ?? atOnce.keep(subject, token, [standingOf(subject, surroundings)]);
}

const standings = new Memo<FlagSubject, Standings>();

function standingOf(subject: FlagSubject, { config, types, slots }: Surroundings): Standings {
  const { environments, protected: guarded } = config.data;
  const slot = slots.get(subject.flag.data.key);
  const needs = { types, named: typesNamedIn(subject, types), slot };
  const inputs = [environments, guarded, needs.named, slot];
  return standings.recall(subject, inputs) ?? standings.keep(subject, inputs, stand(subject, config, needs));
}

function isOfFlag(subject: Subject): subject is FlagSubject {
  return subject.flag !== undefined;
}

/** What a flag is made of, besides its file and its behaviour. */
interface Needs {
  readonly types: FlagTypes;
  /** The types of the flags that it names, in their order. */
  readonly named: readonly (FlagType | undefined)[];
  readonly slot: Slot | undefined;
}

function stand(subject: FlagSubject, config: Written<WrittenProject>, needs: Needs): Standings {
  const { flag } = subject;
  const behaviours = [...behavioursOf(subject, config)];
  const resolved = behaviours.map(([name, behaviour]) => [name, resolveFlag(flag, behaviour, needs)] as const);
  return { key: flag.data.key, byEnvironment: new Map(resolved) };
}

function typesNamedIn(subject: Subject, types: FlagTypes): (FlagType | undefined)[] {
  return namesIn(subject).flags.map((key) => types.get(key));
}

const flags = new Memo<WrittenBehaviour, Flag>();

/** Environments that say nothing of a flag share its behaviour. */
function resolveFlag(flag: Written<WrittenFlag>, behaviour: WrittenBehaviour, { types, named, slot }: Needs): Flag {
  const inputs = [flag, named, slot];
  return flags.recall(behaviour, inputs) ?? flags.keep(behaviour, inputs, toFlag(flag.data, behaviour, types, slot));
}

const segments = new Memo<Subject, Segment>();

function resolveSegment(subject: Subject, { types }: Surroundings): Segment[] {
  if (subject.segment === undefined) return [];
  const inputs = [typesNamedIn(subject, types)];
  return [segments.recall(subject, inputs) ?? segments.keep(subject, inputs, toSegment(subject.segment.data, types))];
}

function typesOf({ flags }: Project): FlagTypes {
  return { get: (key) => flags.get(key)?.data.type };
}

function slotsOf(project: Project): Map<string, Slot> {
  return new Map([...project.groups.values()].flatMap(slotsOfGroup));
}

const slots = new Memo<Written<WrittenGroup>, readonly [string, Slot][]>();

function slotsOfGroup(group: Written<WrittenGroup>): readonly [string, Slot][] {
  return slots.recall(group) ?? slots.keep(group, [], toSlots(group.data));
}

function toSlots(group: WrittenGroup): [string, Slot][] {
  return group.slots.map(({ flag, range }) => [flag, { group: group.key, range }]);
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

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : 1;
}
