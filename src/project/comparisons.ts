import type { Operator } from '../model/condition.js';
import type { Part, Subject, WrittenComparisonPlace } from './project.js';
import type { WrittenCondition } from './written.js';

type Owner = Omit<WrittenComparisonPlace, 'comparison' | 'pointer'>;

/** Every comparison of a part, in the order in which they are written. */
export function collectFromPart(part: Part): WrittenComparisonPlace[] {
  const owner: Owner = { file: part.file, owner: { kind: 'flag', key: part.flag.data.key }, part };
  const { rules, experiment } = part.behaviour;
  const places: WrittenComparisonPlace[] = [];
  rules?.forEach((rule, index) => {
    addList(rule.conditions, `${part.pointer}/rules/${index}/conditions`, owner, places);
  });
  addList(experiment?.conditions, `${part.pointer}/experiment/conditions`, owner, places);
  return places;
}

/** Every comparison of a list of conditions. */
export function collectFromList(
  conditions: readonly WrittenCondition[] | undefined,
  pointer: string,
  owner: Owner,
): WrittenComparisonPlace[] {
  const places: WrittenComparisonPlace[] = [];
  addList(conditions, pointer, owner, places);
  return places;
}

/** The comparisons that use one of these operators. */
export function comparisonsWith(
  { comparisons }: Pick<Subject, 'comparisons'>,
  operators: readonly Operator[],
): WrittenComparisonPlace[] {
  return comparisons.filter(({ comparison }) => operators.includes(comparison.operator));
}

function addList(
  conditions: readonly WrittenCondition[] | undefined,
  pointer: string,
  owner: Owner,
  places: WrittenComparisonPlace[],
): void {
  conditions?.forEach((condition, index) => {
    addCondition(condition, `${pointer}/${index}`, owner, places);
  });
}

/** Recursion is bounded: files are nested at most 100 levels deep. */
function addCondition(
  condition: WrittenCondition,
  pointer: string,
  owner: Owner,
  places: WrittenComparisonPlace[],
): void {
  if ('all' in condition) addList(condition.all, `${pointer}/all`, owner, places);
  else if ('any' in condition) addList(condition.any, `${pointer}/any`, owner, places);
  else if ('not' in condition) addCondition(condition.not, `${pointer}/not`, owner, places);
  else places.push({ comparison: condition, pointer, ...owner });
}
