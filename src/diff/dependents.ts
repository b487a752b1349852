import { child } from '../diagnostics/pointer.js';
import type { Comparison, Condition } from '../model/condition.js';
import type { Definitions } from '../model/definitions.js';
import type { Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';

/** A flag, segment or group as a node: `segment:premium`. */
export type Node = `${'flag' | 'segment' | 'group'}:${string}`;

/** Someone who asks: `path` is the place in `by` that does. */
export interface Dependent {
  readonly by: Node;
  readonly path: string;
}

/** What a node asks, and the place in it that does. */
export type Need = readonly [on: Node, path: string];

/** What each flag and segment of one environment depends on directly. Archived flags ask nobody. */
export function needsIn(definitions: Definitions): ReadonlyMap<Node, readonly Need[]> {
  return new Map(askingIn(definitions).map(({ node, needs }) => [node, needs]));
}

/** One flag or segment, as it stands among those that ask. */
interface Asking {
  readonly node: Node;
  readonly needs: readonly Need[];
  /** What those whom it asks are told of it, one for each of its needs. */
  readonly dependents: readonly Dependent[];
}

function askingIn({ flags, segments }: Definitions): Asking[] {
  const active = flags.filter(({ state }) => state === 'active');
  return [
    ...active.map((flag) => askingOf(flag, () => asking(`flag:${flag.key}`, flagNeeds(flag)))),
    ...segments.map((segment) => askingOf(segment, () => asking(`segment:${segment.key}`, segmentNeeds(segment)))),
  ];
}

function asking(node: Node, needs: readonly Need[]): Asking {
  return { node, needs, dependents: needs.map(([, path]) => ({ by: node, path })) };
}

const askingKnown = new WeakMap<Flag | Segment, Asking>();

/** What has not changed stays the same object from one snapshot to the next, so each is looked through once. */
function askingOf(subject: Flag | Segment, look: () => Asking): Asking {
  const asking = askingKnown.get(subject) ?? look();
  askingKnown.set(subject, asking);
  return asking;
}

const known = new WeakMap<Definitions, ReadonlyMap<Node, readonly Dependent[]>>();

/** For each node of one environment, who depends on it directly. Definitions never change, so they are gone through once. */
export function dependentsIn(definitions: Definitions): ReadonlyMap<Node, readonly Dependent[]> {
  const dependents = known.get(definitions) ?? collectDependents(definitions);
  known.set(definitions, dependents);
  return dependents;
}

function collectDependents(definitions: Definitions): Map<Node, readonly Dependent[]> {
  const collected = new Map<Node, Dependent[]>();
  for (const { needs, dependents } of askingIn(definitions)) {
    for (const [index, [on]] of needs.entries()) {
      const dependent = dependents[index] as Dependent;
      const others = collected.get(on);
      if (others) others.push(dependent);
      else collected.set(on, [dependent]);
    }
  }
  return collected;
}

function flagNeeds({ prerequisites, rules, experiment }: Flag): Need[] {
  return [
    ...prerequisites.map(({ flag }): Need => [`flag:${flag}`, child('/prerequisites', flag)]),
    ...rules.flatMap(({ name, conditions }) => conditionNeeds(conditions, child('/rules', name))),
    ...conditionNeeds(experiment?.conditions ?? [], '/experiment/conditions'),
    ...(experiment?.slot ? [[`group:${experiment.slot.group}`, '/experiment/slot'] as const] : []),
  ];
}

function segmentNeeds({ parent, conditions }: Segment): Need[] {
  const parents: Need[] = parent === undefined ? [] : [[`segment:${parent}`, '/parent']];
  return [...parents, ...conditionNeeds(conditions, '/conditions')];
}

function conditionNeeds(conditions: readonly Condition[], path: string): Need[] {
  const nodes = new Set(conditions.flatMap(comparisonsOf).flatMap(nodeAsked));
  return [...nodes].map((node): Need => [node, path]);
}

/** Every comparison in a condition, however deep. */
export function comparisonsOf(condition: Condition): readonly Comparison[] {
  if ('all' in condition) return condition.all.flatMap(comparisonsOf);
  if ('any' in condition) return condition.any.flatMap(comparisonsOf);
  return 'not' in condition ? comparisonsOf(condition.not) : [condition];
}

function nodeAsked({ operator, value, flag }: Comparison): Node[] {
  if (operator === 'serves') return flag === undefined ? [] : [`flag:${flag}`];
  const aboutSegment = operator === 'in_segment' || operator === 'not_in_segment';
  return aboutSegment && typeof value === 'string' ? [`segment:${value}`] : [];
}
