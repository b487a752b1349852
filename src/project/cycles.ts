import { type Circuits, findCircuits, hasCircuit } from './circuits.js';
import { type Dependencies, dependenciesOf, type Edge, type Node } from './dependencies.js';
import { Memo } from './memo.js';
import { type Names, namesIn } from './names.js';
import type { Project, Written } from './project.js';
import type { RuleFinding } from './rule.js';
import type { WrittenProject } from './written.js';

/** What depends on itself, step by step. */
export interface Cycle {
  readonly kind: 'flag' | 'segment';
  readonly nodes: readonly Node[];
  /** From each node to the next, and from the last to the first. */
  readonly edges: readonly Edge[];
  readonly environments: readonly string[];
  /** It is the last that is told of a knot that holds more of them. */
  readonly cut: boolean;
}

/** So many of a knot tell what is wrong with it. */
const LIMIT = 20;

const found = new WeakMap<Project, readonly Cycle[]>();

/** The cycles of a project; two rules ask for them. */
export function cyclesOf(project: Project): readonly Cycle[] {
  const cycles = found.get(project) ?? findCycles(project);
  found.set(project, cycles);
  return cycles;
}

/** Every cycle among flags and segments once, whatever the environments it is in. A cycle through a flag is one of flags. */
function findCycles(project: Project): Cycle[] {
  if (!mayHaveCycles(project)) return [];
  const dependencies = dependenciesOf(project);
  const cycles = new Map<string, Cycle>();
  for (const environment of project.environments) {
    for (const cycle of cyclesIn(dependencies, environment)) {
      const name = cycle.nodes.map(({ kind, key }) => `${kind}:${key}`).join(' ');
      const known = cycles.get(name) ?? cycle;
      cycles.set(name, { ...known, environments: [...new Set([...known.environments, environment])] });
    }
  }
  return [...cycles.values()];
}

const straight = new Memo<Written<WrittenProject>, true>();

/**
 * Most projects have not even a cycle among names, which lead further than dependencies do: they count for archived
 * flags, and though there be no environment in which all of them hold.
 */
function mayHaveCycles({ config, subjects }: Project): boolean {
  const flags = subjects.filter(({ flag }) => flag !== undefined);
  const segments = subjects.filter(({ segment }) => segment !== undefined);
  const keys = [flags.map(({ flag }) => flag?.data.key), segments.map(({ segment }) => segment?.data.key)];
  const names = [...flags, ...segments].map(namesIn);
  const inputs = [...keys, names.map((one) => one.flags), names.map((one) => one.segments)];
  if (straight.recall(config, inputs)) return false;
  if (hasCircuit(graphOf(keys, names))) return true;
  straight.keep(config, inputs, true);
  return false;
}

/** @param keys of flags, and of segments; their numbers run on */
function graphOf([flags = [], segments = []]: readonly (readonly unknown[])[], names: readonly Names[]): number[][] {
  const ofFlags = new Map(flags.map((key, index) => [key, index]));
  const ofSegments = new Map(segments.map((key, index) => [key, flags.length + index]));
  return names.map((named) => {
    const numbers = [
      ...named.flags.map((key) => ofFlags.get(key)),
      ...named.segments.map((key) => ofSegments.get(key)),
    ];
    return numbers.filter((number) => number !== undefined);
  });
}

function cyclesIn({ nodes, edgesIn }: Dependencies, environment: string): Cycle[] {
  const byNode = nodes.map(() => new Map<number, Edge>());
  for (const edge of edgesIn(environment)) {
    const leaving = byNode[edge.from] as Map<number, Edge>;
    if (!leaving.has(edge.to)) leaving.set(edge.to, edge);
  }
  const graph = byNode.map((leaving) => [...leaving.keys()]);
  return findCircuits(graph, LIMIT).flatMap((knot) => toCycles(knot, nodes, byNode, environment));
}

function toCycles(
  { circuits, cut }: Circuits,
  nodes: readonly Node[],
  byNode: readonly ReadonlyMap<number, Edge>[],
  environment: string,
): Cycle[] {
  return circuits.map((circuit, index) => {
    const members = circuit.map((number) => nodes[number] as Node);
    return {
      kind: members.some(({ kind }) => kind === 'flag') ? 'flag' : 'segment',
      nodes: members,
      edges: circuit.map((number, at) => edgeBetween(byNode, number, circuit[(at + 1) % circuit.length] as number)),
      environments: [environment],
      cut: cut && index === circuits.length - 1,
    };
  });
}

function edgeBetween(byNode: readonly ReadonlyMap<number, Edge>[], from: number, to: number): Edge {
  return (byNode[from] as ReadonlyMap<number, Edge>).get(to) as Edge;
}

/** Cycles longer than this are told by their beginning and end. */
const SPELLED_OUT = 24;

/** `a → b → a`, at the place of its first step. */
export function toFinding(cycle: Cycle, project: Project): RuleFinding {
  const first = cycle.edges[0] as Edge;
  const names = cycle.nodes.map((node) => nameOf(node, cycle.kind));
  const where = cycle.environments.length < project.environments.length ? ` in ${cycle.environments.join(', ')}` : '';
  const more = cycle.cut ? '; there are more circles among these, not told here' : '';
  const who = cycle.nodes.length === 1 ? `a ${cycle.kind} depends on itself` : `${cycle.kind}s depend on each other`;
  return {
    ...first.place,
    message: `${who}${where}: \`${spell([...names, names[0] as string])}\`${more}`,
    help: 'remove one of these references',
    related: cycle.edges.slice(0, SPELLED_OUT).map(({ place }, index) => {
      return { ...place, message: `\`${names[index]}\` asks for \`${names[index + 1] ?? names[0]}\`` };
    }),
  };
}

/** In a circle of flags a segment is called one. */
function nameOf({ kind, key }: Node, among: Cycle['kind']): string {
  return kind === among ? key : `${kind} ${key}`;
}

function spell(names: readonly string[]): string {
  if (names.length <= SPELLED_OUT) return names.join(' → ');
  const half = SPELLED_OUT / 2;
  const left = names.length - 2 * half;
  return [...names.slice(0, half), `… ${left} more …`, ...names.slice(-half)].join(' → ');
}
