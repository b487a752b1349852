/** What depends on what. Nodes are numbers from 0; an edge leads to what is depended on. */
export interface Graph {
  /** Does the edge between these two lie on a cycle? */
  isCyclic(from: number, to: number): boolean;
  /** For each node the longest chain of dependencies below it, edges on cycles left out. */
  readonly depths: Int32Array;
}

/** @param edges for each node, the nodes that it depends on; takes time linear in nodes and edges */
export function buildGraph(edges: readonly (readonly number[])[]): Graph {
  const components = new Int32Array(edges.length);
  const depths = new Int32Array(edges.length);
  const isCyclic = (from: number, to: number) => components[from] === components[to];
  strongComponents(edges).forEach((members, component) => {
    for (const node of members) components[node] = component;
    for (const node of members) {
      const below = (edges[node] as readonly number[]).filter((target) => !isCyclic(node, target));
      depths[node] = below.reduce((depth, target) => Math.max(depth, (depths[target] as number) + 1), 0);
    }
  });
  return { isCyclic, depths };
}

const CLOSED = 2 ** 31 - 1;

/** Strongly connected components, each after those that it depends on (Tarjan, without recursion). */
export function strongComponents(edges: readonly (readonly number[])[]): number[][] {
  const order = new Int32Array(edges.length);
  const low = new Int32Array(edges.length);
  const cursors = new Int32Array(edges.length);
  const path: number[] = [];
  const open: number[] = [];
  const components: number[][] = [];
  let visited = 0;

  for (let root = 0; root < edges.length; root += 1) {
    if (order[root] === 0) enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) advance(node);
  }
  return components;

  function enter(node: number): void {
    visited += 1;
    order[node] = visited;
    low[node] = visited;
    path.push(node);
    open.push(node);
  }

  function advance(node: number): void {
    const cursor = cursors[node] as number;
    const target = edges[node]?.[cursor];
    cursors[node] = cursor + 1;
    if (target === undefined) leave(node);
    else if (order[target] === 0) enter(target);
    else lower(node, order[target] as number);
  }

  function leave(node: number): void {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) lower(parent, low[node] as number);
    if (low[node] === order[node]) close(node);
  }

  function close(node: number): void {
    const members = open.splice(open.lastIndexOf(node));
    for (const member of members) order[member] = CLOSED;
    components.push(members);
  }

  function lower(node: number, bound: number): void {
    low[node] = Math.min(low[node] as number, bound);
  }
}
