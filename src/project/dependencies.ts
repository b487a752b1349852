import { child } from '../diagnostics/pointer.js';
import { behaviourIn } from './behaviour.js';
import type { At } from './places.js';
import type { Part, Project } from './project.js';

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
  /** What holds anywhere. */
  readonly edges: readonly Edge[];
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
  const nodes: Node[] = [
    ...[...project.flags.keys()].sort().map((key) => ({ kind: 'flag' as const, key })),
    ...[...project.segments.keys()].sort().map((key) => ({ kind: 'segment' as const, key })),
  ];
  const numbers = new Map(nodes.map(({ kind, key }, number) => [`${kind}:${key}`, number]));
  const ofFlags = [...edgesOfPrerequisites(project, numbers), ...edgesOfConditions(project, numbers)];
  const ofSegments = edgesOfSegments(project, numbers);
  return {
    nodes,
    edges: [...ofFlags, ...ofSegments],
    edgesIn: (environment) => [...ofFlags.filter((edge) => holdsIn(project, edge, environment)), ...ofSegments],
  };
}

function holdsIn(project: Project, { part, key }: PartEdge, environment: string): boolean {
  return behaviourIn(project, part.flag.data.key, environment)[key] === part.behaviour[key];
}

type Numbers = ReadonlyMap<string, number>;

/** Nothing, if the thing that is asked for is not there: that is told elsewhere. */
function edge(numbers: Numbers, from: string, to: string, place: At): Edge[] {
  const [source, target] = [numbers.get(from), numbers.get(to)];
  return source === undefined || target === undefined ? [] : [{ from: source, to: target, place }];
}

function isActive({ flag }: Part): boolean {
  return flag.data.state !== 'archived';
}

function edgesOfPrerequisites(project: Project, numbers: Numbers): PartEdge[] {
  return project.parts.filter(isActive).flatMap((part) => {
    return (part.behaviour.prerequisites ?? []).flatMap(({ flag }, index) => {
      const place = { file: part.file, pointer: child(part.pointer, 'prerequisites', index, 'flag') };
      const edges = edge(numbers, `flag:${part.flag.data.key}`, `flag:${flag}`, place);
      return edges.map((one) => ({ ...one, part, key: 'prerequisites' as const }));
    });
  });
}

function edgesOfConditions(project: Project, numbers: Numbers): PartEdge[] {
  return project.comparisons.flatMap((place) => {
    const { part, owner, pointer } = place;
    if (part === undefined || !isActive(part)) return [];
    const key = pointer.startsWith(`${part.pointer}/rules/`) ? 'rules' : 'experiment';
    const target = targetOf(place);
    return target === undefined
      ? []
      : edge(numbers, `flag:${owner.key}`, target.node, target.place).map((one) => ({ ...one, part, key }));
  });
}

function edgesOfSegments(project: Project, numbers: Numbers): Edge[] {
  const parents = [...project.segments].flatMap(([key, { file, data }]) => {
    return edge(numbers, `segment:${key}`, `segment:${data.parent}`, { file, pointer: '/parent' });
  });
  const conditions = project.comparisons.flatMap((place) => {
    const target = place.part === undefined ? targetOf(place) : undefined;
    return target === undefined ? [] : edge(numbers, `segment:${place.owner.key}`, target.node, target.place);
  });
  return [...parents, ...conditions];
}

function targetOf({
  comparison,
  file,
  pointer,
}: Project['comparisons'][number]): { node: string; place: At } | undefined {
  switch (comparison.operator) {
    case 'serves':
      return { node: `flag:${comparison.flag}`, place: { file, pointer: child(pointer, 'flag') } };
    case 'in_segment':
    case 'not_in_segment':
      return { node: `segment:${comparison.value}`, place: { file, pointer: child(pointer, 'value') } };
    default:
      return undefined;
  }
}
