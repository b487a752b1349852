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
    ...flags.map((flag) => edgesOf(() => referencesOfFlag(flag))),
    ...segments.map((segment) => edgesOf(() => referencesOfSegment(segment))),
  ];
  const { isCyclic, depths } = buildGraph(edges);
  const isLong = (from: number, to: number) => !isCyclic(from, to) && (depths[to] as number) > LONGEST_CHAIN;
  const before = edges.map((targets, from) => targets.filter((to) => isLong(from, to)));
  return {
    nodes: edges.length,
    flags: flagNodes,
    segments: segmentNodes,
    attributes: createAttributes(),
    isCyclic,
    before,
  };

  function edgesOf(find: () => References): readonly number[] {
    const found = attempt(find);
    return [...numbersOf(found?.flags, flagNodes), ...numbersOf(found?.segments, segmentNodes)];
  }
}

/** What is malformed depends on nothing; it is a fault when it is compiled. */
function attempt(find: () => References): References | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

function numbered<T extends { readonly key: string }>(subjects: readonly T[], from: number): Map<string, Node<T>> {
  return new Map(subjects.map((subject, index) => [subject.key, { number: from + index, subject }]));
}

function numbersOf(keys: Iterable<string> = [], nodes: ReadonlyMap<string, Node<unknown>>): number[] {
  return [...keys].map((key) => nodes.get(key)?.number).filter((number) => number !== undefined);
}
