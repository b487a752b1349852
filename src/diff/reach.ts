import type { Snapshot } from '../model/snapshot.js';
import type { Change } from './change.js';
import { type Dependent, dependentsIn, type Node } from './dependents.js';
import { mattersToAnswers } from './effect.js';

const LONGEST_WAY = 15;

/** A flag that something reaches in one environment without being changed itself. */
export interface Reached {
  readonly flag: string;
  readonly environment: string;
  /** The places in the flag that ask, as JSON Pointers like those of a change: `/rules/Europe`, `/prerequisites/a`. */
  readonly paths: readonly string[];
  /** A shortest way, from the origin to just before the flag; of one longer than 16 only the end. */
  readonly via: readonly Node[];
}

/** What a changed flag, segment or group reaches. */
export interface Reach {
  readonly kind: 'flag' | 'segment' | 'group';
  readonly key: string;
  readonly reached: readonly Reached[];
}

/**
 * The flags whose answers may depend on a flag, segment or group, through parents, conditions and prerequisites,
 * sorted by key; one entry for each environment of `snapshot` (or of those named).
 */
export function reach(origin: Node, snapshot: Snapshot, environments?: ReadonlySet<string>): Reached[] {
  return reachIn(graphsOf(snapshot), origin, environments).sort(byFlag);
}

/**
 * What the changes reach beyond themselves, by the definitions before and after. Whoever reaches nothing is left out,
 * and so is what only people read: it makes no difference to those who ask.
 */
export function reachOf(changes: readonly Change[], before: Snapshot, after: Snapshot): Reach[] {
  const origins = originsOf(changes.filter(mattersToAnswers));
  if (origins.size === 0) return [];
  const graphs = [graphsOf(before), graphsOf(after)];
  return [...origins].flatMap(([origin, environments]) => {
    const both = graphs.flatMap((graph) => reachIn(graph, origin, environments));
    const unique = new Map(both.map((reached) => [`${reached.environment}/${reached.flag}`, reached]));
    return unique.size === 0 ? [] : [{ ...split(origin), reached: [...unique.values()].sort(byFlag) }];
  });
}

/** The nodes that changed, each with the environments it changed in; `undefined`: in all of them. */
function originsOf(changes: readonly Change[]): Map<Node, ReadonlySet<string> | undefined> {
  const origins = new Map<Node, Set<string> | undefined>();
  for (const { kind, key, environment } of changes) {
    if (kind === 'project_changed') continue;
    const node: Node = `${kind.startsWith('flag') ? 'flag' : kind.startsWith('segment') ? 'segment' : 'group'}:${key}`;
    if (environment === undefined) origins.set(node, undefined);
    else if (!origins.has(node)) origins.set(node, new Set([environment]));
    else origins.get(node)?.add(environment);
  }
  return origins;
}

type Graphs = ReadonlyMap<string, ReadonlyMap<Node, readonly Dependent[]>>;

function graphsOf(snapshot: Snapshot): Graphs {
  return new Map(
    [...snapshot.definitions].map(([environment, definitions]) => [environment, dependentsIn(definitions)]),
  );
}

function reachIn(graphs: Graphs, origin: Node, environments?: ReadonlySet<string>): Reached[] {
  return [...graphs]
    .filter(([environment]) => environments === undefined || environments.has(environment))
    .flatMap(([environment, graph]) => walk(graph, origin, environment));
}

/** Breadth first, so that the way that is told is a shortest one. */
function walk(graph: ReadonlyMap<Node, readonly Dependent[]>, origin: Node, environment: string): Reached[] {
  const previous = new Map<Node, Node>([[origin, origin]]);
  const paths = new Map<Node, Set<string>>();
  for (const node of previous.keys()) {
    for (const { by, path } of graph.get(node) ?? []) {
      if (!previous.has(by)) previous.set(by, node);
      paths.set(by, (paths.get(by) ?? new Set()).add(path));
    }
  }
  return [...paths]
    .filter(([node]) => node.startsWith('flag:') && node !== origin)
    .map(([node, asking]) => ({
      flag: split(node).key,
      environment,
      paths: [...asking],
      via: wayTo(node, origin, previous),
    }));
}

/** Of a very long way only the origin and the end. */
function wayTo(node: Node, origin: Node, previous: ReadonlyMap<Node, Node>): Node[] {
  const way: Node[] = [];
  for (
    let at = previous.get(node) ?? origin;
    at !== origin && way.length < LONGEST_WAY;
    at = previous.get(at) ?? origin
  ) {
    way.unshift(at);
  }
  return [origin, ...way];
}

function split(node: Node): { kind: Reach['kind']; key: string } {
  const [kind, key] = [node.slice(0, node.indexOf(':')), node.slice(node.indexOf(':') + 1)];
  return { kind: kind === 'flag' || kind === 'segment' ? kind : 'group', key };
}

function byFlag(a: Reached, b: Reached): number {
  return a.flag === b.flag ? 0 : a.flag < b.flag ? -1 : 1;
}
