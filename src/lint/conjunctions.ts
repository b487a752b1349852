import { child } from '../diagnostics/pointer.js';
import type { Part, Project } from '../project/project.js';
import type { WrittenComparison, WrittenCondition } from '../project/written.js';

/** A list of conditions that must all hold, and what depends on it. */
export interface Conjunction {
  readonly owner: 'rule' | 'experiment' | 'segment';
  readonly file: string;
  /** The list itself. */
  readonly pointer: string;
  readonly conditions: readonly WrittenCondition[];
}

/** A comparison as it counts: `negated` when an odd number of `not` surrounds it. */
export interface Literal {
  readonly comparison: WrittenComparison;
  readonly negated: boolean;
  readonly file: string;
  readonly pointer: string;
}

/** Every list of conditions in a repository. */
export function* conjunctions(project: Project): Iterable<Conjunction> {
  for (const part of project.parts) yield* conjunctionsOf(part);
  yield* conjunctionsOfSegments(project);
}

export function* conjunctionsOfSegments({ segments }: Project): Iterable<Conjunction> {
  for (const { file, data } of segments.values()) {
    if (data.conditions) yield { owner: 'segment', file, pointer: '/conditions', conditions: data.conditions };
  }
}

export function* conjunctionsOf({ file, pointer, behaviour }: Part): Iterable<Conjunction> {
  for (const [index, { conditions }] of (behaviour.rules ?? []).entries()) {
    yield { owner: 'rule', file, pointer: child(pointer, 'rules', index, 'conditions'), conditions };
  }
  const conditions = behaviour.experiment?.conditions;
  if (conditions) yield { owner: 'experiment', file, pointer: child(pointer, 'experiment', 'conditions'), conditions };
}

/** Every comparison in a list of conditions, however deep. */
export function* literals(
  { file, pointer, conditions }: Omit<Conjunction, 'owner'>,
  negated = false,
): Iterable<Literal> {
  for (const [index, condition] of conditions.entries()) {
    yield* literalsIn(condition, { file, pointer: child(pointer, index), negated });
  }
}

function* literalsIn(condition: WrittenCondition, place: Omit<Literal, 'comparison'>): Iterable<Literal> {
  const { file, pointer, negated } = place;
  if ('all' in condition) {
    yield* literals({ file, pointer: child(pointer, 'all'), conditions: condition.all }, negated);
  } else if ('any' in condition) {
    yield* literals({ file, pointer: child(pointer, 'any'), conditions: condition.any }, negated);
  } else if ('not' in condition) {
    yield* literalsIn(condition.not, { file, pointer: child(pointer, 'not'), negated: !negated });
  } else {
    yield { comparison: condition, ...place };
  }
}
