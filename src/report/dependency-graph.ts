import type { Condition } from '../model/condition.js';
import type { Definitions } from '../model/definitions.js';
import type { Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';

/** A flag or segment; `id` is the same for the same definitions. */
interface Node {
  readonly id: string;
  readonly kind: 'flag' | 'segment';
  readonly key: string;
  /** An archived flag, or a disabled segment. */
  readonly inactive: boolean;
}

/** `from` depends on `to`. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'prerequisite' | 'serves' | 'segment' | 'parent';
  /** The variants that are wanted. */
  readonly label?: string;
}

export interface DependencyGraph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** What depends on what in one environment: flags on flags and segments, segments on segments. */
export function dependencyGraph({ flags, segments }: Definitions): DependencyGraph {
  const nodes = [
    ...flags.map(
      ({ key, state }, index): Node => ({ id: `f${index}`, kind: 'flag', key, inactive: state === 'archived' }),
    ),
    ...segments.map(({ key, enabled }, index): Node => ({ id: `s${index}`, kind: 'segment', key, inactive: !enabled })),
  ];
  const ids = new Map(nodes.map(({ id, kind, key }) => [`${kind} ${key}`, id]));
  const edges = [...flags.flatMap(edgesOfFlag), ...segments.flatMap(edgesOfSegment)].flatMap(
    ({ from, to, ...edge }) => {
      const [source, target] = [ids.get(from), ids.get(to)];
      return source === undefined || target === undefined ? [] : [{ from: source, to: target, ...edge }];
    },
  );
  return { nodes, edges: unique(edges) };
}

function edgesOfFlag(flag: Flag): Edge[] {
  const from = `flag ${flag.key}`;
  const conditions = [...flag.rules.flatMap((rule) => rule.conditions), ...(flag.experiment?.conditions ?? [])];
  const prerequisites = flag.prerequisites.map(
    (one): Edge => ({ from, to: `flag ${one.flag}`, kind: 'prerequisite', label: one.variants.join(', ') }),
  );
  return [...prerequisites, ...conditions.flatMap((condition) => edgesOfCondition(from, condition))];
}

function edgesOfSegment({ key, parent, conditions }: Segment): Edge[] {
  const from = `segment ${key}`;
  const up: Edge[] = parent === undefined ? [] : [{ from, to: `segment ${parent}`, kind: 'parent' }];
  return [...up, ...conditions.flatMap((condition) => edgesOfCondition(from, condition))];
}

function edgesOfCondition(from: string, condition: Condition): Edge[] {
  if ('all' in condition) return condition.all.flatMap((one) => edgesOfCondition(from, one));
  if ('any' in condition) return condition.any.flatMap((one) => edgesOfCondition(from, one));
  if ('not' in condition) return edgesOfCondition(from, condition.not);
  const { operator, flag, value } = condition;
  if (operator === 'serves') return [{ from, to: `flag ${flag}`, kind: 'serves', label: [value].flat().join(', ') }];
  const named = operator === 'in_segment' || operator === 'not_in_segment';
  return named ? [{ from, to: `segment ${String(value)}`, kind: 'segment' }] : [];
}

function unique(edges: readonly Edge[]): Edge[] {
  return [...new Map(edges.map((edge) => [JSON.stringify(edge), edge])).values()];
}

/** As a Mermaid flow chart: https://mermaid.js.org/syntax/flowchart.html */
export function graphMermaid({ nodes, edges }: DependencyGraph): string {
  const lines = [
    ...nodes.map(({ id, kind, key, inactive }) => {
      const shape = kind === 'flag' ? `["${key}"]` : `(["${key}"])`;
      return `${id}${shape}${inactive ? ':::inactive' : ''}`;
    }),
    ...edges.map(({ from, to, kind, label }) => {
      const arrow = kind === 'prerequisite' || kind === 'parent' ? '-->' : '-.->';
      return `${from} ${arrow}${label === undefined ? '' : `|"${label}"|`} ${to}`;
    }),
    'classDef inactive stroke-dasharray: 4 4,opacity: 0.6',
  ];
  return `flowchart LR\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** As Graphviz DOT: https://graphviz.org/doc/info/lang.html */
export function graphDot({ nodes, edges }: DependencyGraph): string {
  const lines = [
    'rankdir=LR;',
    ...nodes.map(({ id, kind, key, inactive }) => {
      const style = inactive ? ', style=dashed' : '';
      return `${id} [label="${key}", shape=${kind === 'flag' ? 'box' : 'ellipse'}${style}];`;
    }),
    ...edges.map(({ from, to, kind, label }) => {
      const style = kind === 'prerequisite' || kind === 'parent' ? 'solid' : 'dashed';
      return `${from} -> ${to} [style=${style}${label === undefined ? '' : `, label="${label}"`}];`;
    }),
  ];
  return `digraph flags {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}
