import { behaviourIn } from './behaviour.js';
import { comparisonsWith } from './comparisons.js';
import type { At } from './places.js';
import type { Part, Project, WrittenComparisonPlace } from './project.js';

/** A flag or a segment, as something that others depend on. */
export interface Node {
  readonly kind: 'flag' | 'segment';
  readonly key: string;
}

/** That one thing has to be decided before another: by number in `nodes`, and where it is written. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly place: At;
}

export interface Dependencies {
  /** Flags, then segments, each in the order of their keys. */
  readonly nodes: readonly Node[];
  /** What holds in one environment, in the order in which it is written. */
  edgesIn(environment: string): readonly Edge[];
}

/** An edge that holds where its part's key does. */
interface PartEdge extends Edge {
  readonly part: Part;
  readonly key: 'prerequisites' | 'rules' | 'experiment';
}

/** What asks for what: prerequisites and `serves` for flags, parents and `in_segment` for segments. */
export function dependenciesOf(project: Project): Dependencies {
  const nodes = nodesOf(project);
  const numbers = numbersOf(nodes);
  const asked = questions(project, numbers);
  const ofFlags = [...edgesOfPrerequisites(project, numbers), ...edgesOfConditions(asked, numbers)];
  const ofSegments = edgesOfSegments(project, asked, numbers);
  return {
    nodes,
    edgesIn: (environment) => [...ofFlags.filter((edge) => holdsIn(project, edge, environment)), ...ofSegments],
  };
}

function nodesOf({ flags, segments }: Project): Node[] {
  return [
    ...[...flags.keys()].sort().map((key) => ({ kind: 'flag' as const, key })),
    ...[...segments.keys()].sort().map((key) => ({ kind: 'segment' as const, key })),
  ];
}

interface Numbers {
  readonly flag: ReadonlyMap<string, number>;
  readonly segment: ReadonlyMap<string, number>;
}

function numbersOf(nodes: readonly Node[]): Numbers {
  const numbers = { flag: new Map<string, number>(), segment: new Map<string, number>() };
  for (const [number, { kind, key }] of nodes.entries()) numbers[kind].set(key, number);
  return numbers;
}

function holdsIn(project: Project, { part, key }: PartEdge, environment: string): boolean {
  return behaviourIn(project, part.flag.data.key, environment)[key] === part.behaviour[key];
}

function isActive({ flag }: Part): boolean {
  return flag.data.state !== 'archived';
}

function edgesOfPrerequisites(project: Project, numbers: Numbers): PartEdge[] {
  const edges: PartEdge[] = [];
  for (const part of project.parts) {
    const from = numbers.flag.get(part.flag.data.key) as number;
    for (const [index, { flag }] of (part.behaviour.prerequisites ?? []).entries()) {
      const to = numbers.flag.get(flag);
      if (to === undefined || !isActive(part)) continue;
      const place = { file: part.file, pointer: `${part.pointer}/prerequisites/${index}/flag` };
      edges.push({ from, to, place, part, key: 'prerequisites' });
    }
  }
  return edges;
}

function edgesOfConditions(asked: readonly Question[], numbers: Numbers): PartEdge[] {
  const edges: PartEdge[] = [];
  for (const { asking, target, place } of asked) {
    const { part, pointer, owner } = asking;
    if (part === undefined || !isActive(part)) continue;
    const key = pointer.startsWith(`${part.pointer}/rules/`) ? 'rules' : 'experiment';
    edges.push({ from: numbers.flag.get(owner.key) as number, to: target, place, part, key });
  }
  return edges;
}

function edgesOfSegments(project: Project, asked: readonly Question[], numbers: Numbers): Edge[] {
  const edges: Edge[] = [];
  for (const [key, { file, data }] of project.segments) {
    const to = data.parent === undefined ? undefined : numbers.segment.get(data.parent);
    if (to !== undefined)
      edges.push({ from: numbers.segment.get(key) as number, to, place: { file, pointer: '/parent' } });
  }
  for (const { asking, target, place } of asked) {
    if (asking.part !== undefined) continue;
    edges.push({ from: numbers.segment.get(asking.owner.key) as number, to: target, place });
  }
  return edges;
}

interface Question {
  readonly asking: WrittenComparisonPlace;
  readonly target: number;
  readonly place: At;
}

/** The comparisons that ask for a flag or a segment. What is not there is told elsewhere. */
function questions(project: Project, numbers: Numbers): Question[] {
  const found: Question[] = [];
  for (const asking of comparisonsWith(project, ['serves'])) {
    const target = numbers.flag.get(asking.comparison.flag as string);
    const place = { file: asking.file, pointer: `${asking.pointer}/flag` };
    if (target !== undefined) found.push({ asking, target, place });
  }
  for (const asking of comparisonsWith(project, ['in_segment', 'not_in_segment'])) {
    const target = numbers.segment.get(asking.comparison.value as string);
    const place = { file: asking.file, pointer: `${asking.pointer}/value` };
    if (target !== undefined) found.push({ asking, target, place });
  }
  return found;
}
