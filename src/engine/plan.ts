import type { Definitions } from '../model/definitions.js';
import type { Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';
import { type Attributes, createAttributes } from './attribute.js';
import { buildGraph } from './graph.js';
import { type References, referencesOfFlag, referencesOfSegment } from './references.js';

/** A flag or segment and its number. */
interface Node<T> {
  readonly number: number;
  readonly subject: T;
}

/** Flags, segments and attributes numbered, and what depends on what. */
export interface Plan {
  readonly nodes: number;
  readonly flags: ReadonlyMap<string, Node<Flag>>;
  readonly segments: ReadonlyMap<string, Node<Segment>>;
  readonly attributes: Attributes;
  /** Does the dependency between these two lie on a cycle? */
  isCyclic(from: number, to: number): boolean;
  /** For each node those direct dependencies that are decided before it, because the chains below them are long. */
  readonly before: readonly (readonly number[])[];
}

/** The longest chain of dependencies that is decided by recursion. */
const LONGEST_CHAIN = 16;

export function planOf({ flags, segments }: Definitions): Plan {
  const flagNodes = numbered(flags, 0);
  const segmentNodes = numbered(segments, flags.length);
  const edges = [
    ...flags.map((flag) => edgesOf(once(flag, referencesOfFlag))),
    ...segments.map((segment) => edgesOf(once(segment, referencesOfSegment))),
  ];
  const { isCyclic, depths } = buildGraph(edges);
  const isLong = (from: number, to: number) => !isCyclic(from, to) && (depths[to] as number) > LONGEST_CHAIN;
  const before = edges.map((targets, from) => {
    return targets.length === 0 ? targets : targets.filter((to) => isLong(from, to));
  });
  return {
    nodes: edges.length,
    flags: flagNodes,
    segments: segmentNodes,
    attributes: createAttributes(),
    isCyclic,
    before,
  };

  function edgesOf(references: References): readonly number[] {
    if (references.flags.size + references.segments.size === 0) return NO_EDGES;
    return [...numbersOf(references.flags, flagNodes), ...numbersOf(references.segments, segmentNodes)];
  }
}

const NO_EDGES: readonly number[] = [];

const known = new WeakMap<object, References>();

/** Definitions that follow each other share most of their flags and segments. */
function once<T extends object>(subject: T, find: (subject: T) => References): References {
  const found = known.get(subject);
  if (found !== undefined) return found;
  const references = attempt(() => find(subject));
  known.set(subject, references);
  return references;
}

/** What is malformed depends on nothing; it is a fault when it is compiled. */
function attempt(find: () => References): References {
  try {
    return find();
  } catch {
    return NOTHING;
  }
}

const NOTHING: References = { flags: new Set(), segments: new Set() };

function numbered<T extends { readonly key: string }>(subjects: readonly T[], from: number): Map<string, Node<T>> {
  return new Map(subjects.map((subject, index) => [subject.key, { number: from + index, subject }]));
}

function numbersOf(keys: ReadonlySet<string>, nodes: ReadonlyMap<string, Node<unknown>>): number[] {
  return [...keys].map((key) => nodes.get(key)?.number).filter((number) => number !== undefined);
}
