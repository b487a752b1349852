import { strongComponents } from '../engine/graph.js';

/** For each node the nodes that it leads to. */
type Graph = readonly (readonly number[])[];

export interface Circuits {
  /** Elementary cycles: each node once, beginning with the lowest number. */
  readonly circuits: readonly (readonly number[])[];
  /** There are more, but a knot of n nodes can have more than 2^n. */
  readonly cut: boolean;
}

/**
 * The elementary cycles of each knot (strongly connected component) of a graph, by Johnson's algorithm
 * ("Finding all the elementary circuits of a directed graph", 1975), without recursion.
 * Linear for a graph that has none; else linear for each cycle that is found.
 *
 * @param limit at most so many for each knot
 */
export function findCircuits(graph: Graph, limit: number): Circuits[] {
  const all = graph.map((_, node) => node);
  return knotsWithin(all, graph).map((knot) => circuitsOf(knot, graph, limit));
}

/** Is there any cycle? Linear, and quicker than telling which. */
export function hasCircuit(graph: Graph): boolean {
  return strongComponents(graph).some((component) => isKnot(component, graph));
}

/** Does a strongly connected component hold a cycle? */
function isKnot(component: readonly number[], graph: Graph): boolean {
  return component.length > 1 || component.some((node) => edgesOf(graph, node).includes(node));
}

/** All cycles through the lowest node, then those of what is left without it. */
function circuitsOf(knot: readonly number[], graph: Graph, limit: number): Circuits {
  const circuits: number[][] = [];
  const pending = [knot];
  for (let nodes = pending.pop(); nodes !== undefined; nodes = pending.pop()) {
    const start = lowest(nodes);
    for (const circuit of circuitsThrough(start, new Set(nodes), graph)) {
      if (circuits.length === limit) return { circuits, cut: true };
      circuits.push(circuit);
    }
    pending.push(
      ...knotsWithin(
        nodes.filter((node) => node !== start),
        graph,
      ).reverse(),
    );
  }
  return { circuits, cut: false };
}

interface Frame {
  readonly node: number;
  next: number;
  found: boolean;
}

function* circuitsThrough(start: number, inside: ReadonlySet<number>, graph: Graph): Generator<number[], void> {
  const blocked = new Set([start]);
  const waiting = new Map<number, Set<number>>();
  const path: Frame[] = [{ node: start, next: 0, found: false }];
  for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
    const target = edgesOf(graph, frame.node)[frame.next];
    frame.next += 1;
    if (target === undefined) leave(path, blocked, waiting, inside, graph);
    else if (target === start) {
      frame.found = true;
      yield path.map(({ node }) => node);
    } else if (inside.has(target) && !blocked.has(target)) {
      blocked.add(target);
      path.push({ node: target, next: 0, found: false });
    }
  }
}

/** A node that led to no cycle stays blocked until one of those it leads to is free again. */
function leave(
  path: Frame[],
  blocked: Set<number>,
  waiting: Map<number, Set<number>>,
  inside: ReadonlySet<number>,
  graph: Graph,
): void {
  const frame = path.pop() as Frame;
  const parent = path.at(-1);
  if (parent !== undefined && frame.found) parent.found = true;
  if (frame.found) unblock(frame.node, blocked, waiting);
  else waitFor(frame.node, insideOf(graph, frame.node, inside), waiting);
}

function insideOf(graph: Graph, node: number, inside: ReadonlySet<number>): number[] {
  return edgesOf(graph, node).filter((target) => inside.has(target));
}

function waitFor(node: number, targets: readonly number[], waiting: Map<number, Set<number>>): void {
  for (const target of targets) waiting.set(target, (waiting.get(target) ?? new Set()).add(node));
}

function unblock(node: number, blocked: Set<number>, waiting: Map<number, Set<number>>): void {
  const pending = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (!blocked.delete(next)) continue;
    pending.push(...(waiting.get(next) ?? []));
    waiting.delete(next);
  }
}

/** The strongly connected components among some nodes that hold a cycle, each in ascending order. */
function knotsWithin(nodes: readonly number[], graph: Graph): number[][] {
  const positions = new Map(nodes.map((node, position) => [node, position]));
  const edges = nodes.map((node) => edgesOf(graph, node).flatMap((target) => positions.get(target) ?? []));
  return strongComponents(edges)
    .filter((component) => isKnot(component, edges))
    .map((component) => component.map((position) => nodes[position] as number).sort((a, b) => a - b))
    .sort((a, b) => lowest(a) - lowest(b));
}

/** Of ascending numbers, of which there is at least one. */
function lowest(nodes: readonly number[]): number {
  return nodes[0] as number;
}

function edgesOf(graph: Graph, node: number): readonly number[] {
  return graph[node] as readonly number[];
}
