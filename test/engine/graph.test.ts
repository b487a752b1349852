import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../src/engine/graph.js';

const SIZE = 8;
const node = fc.nat({ max: SIZE - 1 });
const graphs = fc
  .array(fc.tuple(node, node), { maxLength: 20 })
  .map((pairs) =>
    Array.from({ length: SIZE }, (_, from) => [
      ...new Set(pairs.filter(([start]) => start === from).map(([, to]) => to)),
    ]),
  );

/** What can be reached over at least one edge, found by trying. */
function reach(edges: readonly (readonly number[])[], from: number): Set<number> {
  const found = new Set<number>();
  const pending = [...(edges[from] ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    pending.push(...(edges[next] ?? []));
  }
  return found;
}

describe('the graph of dependencies', () => {
  it('calls an edge cyclic exactly if there is a way back', () => {
    fc.assert(
      fc.property(graphs, (edges) => {
        const { isCyclic } = buildGraph(edges);
        edges.forEach((targets, from) => {
          for (const to of targets) expect(isCyclic(from, to)).toBe(from === to || reach(edges, to).has(from));
        });
      }),
      { numRuns: 500 },
    );
  });

  it('puts every node above what it depends on', () => {
    fc.assert(
      fc.property(graphs, (edges) => {
        const { isCyclic, depths } = buildGraph(edges);
        edges.forEach((targets, from) => {
          const below = targets.filter((to) => !isCyclic(from, to)).map((to) => (depths[to] ?? Number.NaN) + 1);
          expect(depths[from]).toBe(Math.max(0, ...below));
        });
      }),
      { numRuns: 500 },
    );
  });

  it('takes a chain of 200,000 and a circle as long', () => {
    const size = 200_000;
    const chain = Array.from({ length: size }, (_, from) => (from + 1 < size ? [from + 1] : []));
    expect(buildGraph(chain).depths[0]).toBe(size - 1);
    const circle = Array.from({ length: size }, (_, from) => [(from + 1) % size]);
    expect(buildGraph(circle).isCyclic(0, 1)).toBe(true);
  });
});
