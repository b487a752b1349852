import { child } from '../diagnostics/pointer.js';
import type { Part, Written, WrittenComparisonPlace } from './project.js';
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

function collectPart(part: Part, places: WrittenComparisonPlace[]): void {
  const owner: Owner = { file: part.file, owner: { kind: 'flag', key: part.flag.data.key }, part };
  const { rules, experiment } = part.behaviour;
  rules?.forEach((rule, index) => {
    collectList(rule.conditions, child(part.pointer, 'rules', index, 'conditions'), owner, places);
  });
  collectList(experiment?.conditions, child(part.pointer, 'experiment', 'conditions'), owner, places);
}

function collectList(
  conditions: readonly WrittenCondition[] | undefined,
  pointer: string,
  owner: Owner,
  places: WrittenComparisonPlace[],
): void {
  conditions?.forEach((condition, index) => {
    collectCondition(condition, child(pointer, index), owner, places);
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
