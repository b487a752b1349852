import type { Operator } from '../model/condition.js';
import type { Part, Project, Written, WrittenComparisonPlace } from './project.js';
import type { WrittenCondition, WrittenSegment } from './written.js';

type Owner = Omit<WrittenComparisonPlace, 'comparison' | 'pointer'>;

/** Every comparison of a repository, in the order in which they are written. */
export function collectComparisons(
  parts: readonly Part[],
  segments: ReadonlyMap<string, Written<WrittenSegment>>,
): WrittenComparisonPlace[] {
  const places: WrittenComparisonPlace[] = [];
  for (const part of parts) collectPart(part, places);
  for (const [key, { file, data }] of segments) {
    collectList(data.conditions, '/conditions', { file, owner: { kind: 'segment', key } }, places);
  }
  return places;
}

export function groupByOperator(places: readonly WrittenComparisonPlace[]): Project['comparisonsBy'] {
  const groups = new Map<Operator, WrittenComparisonPlace[]>();
  for (const place of places) {
    const group = groups.get(place.comparison.operator);
    if (group === undefined) groups.set(place.comparison.operator, [place]);
    else group.push(place);
  }
  return groups;
}

/** The comparisons that use one of these operators. */
export function comparisonsWith(
  { comparisonsBy }: Project,
  operators: readonly Operator[],
): readonly WrittenComparisonPlace[] {
  return operators.flatMap((operator) => comparisonsBy.get(operator) ?? []);
}

function collectPart(part: Part, places: WrittenComparisonPlace[]): void {
  const owner: Owner = { file: part.file, owner: { kind: 'flag', key: part.flag.data.key }, part };
  const { rules, experiment } = part.behaviour;
  rules?.forEach((rule, index) => {
    collectList(rule.conditions, `${part.pointer}/rules/${index}/conditions`, owner, places);
  });
  collectList(experiment?.conditions, `${part.pointer}/experiment/conditions`, owner, places);
}

function collectList(
  conditions: readonly WrittenCondition[] | undefined,
  pointer: string,
  owner: Owner,
  places: WrittenComparisonPlace[],
): void {
  conditions?.forEach((condition, index) => {
    collectCondition(condition, `${pointer}/${index}`, owner, places);
  });
}

/** Recursion is bounded: files are nested at most 100 levels deep. */
function collectCondition(
  condition: WrittenCondition,
  pointer: string,
  owner: Owner,
  places: WrittenComparisonPlace[],
): void {
  if ('all' in condition) collectList(condition.all, `${pointer}/all`, owner, places);
  else if ('any' in condition) collectList(condition.any, `${pointer}/any`, owner, places);
  else if ('not' in condition) collectCondition(condition.not, `${pointer}/not`, owner, places);
  else places.push({ comparison: condition, pointer, ...owner });
}
