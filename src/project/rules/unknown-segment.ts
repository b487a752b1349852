import { child } from '../../diagnostics/pointer.js';
import { comparisonsWith } from '../comparisons.js';
import { type KeyPlace, namedInTests } from '../places.js';
import type { Project } from '../project.js';
import type { GateRule } from '../rule.js';
import { unknown } from '../unknown.js';

export const unknownSegment: GateRule = {
  code: 'reference/unknown-segment',
  *check(project) {
    const isKnown = (key: string): boolean => project.segments.has(key) || project.broken.segments.has(key);
    for (const place of segmentsNamedIn(project, isKnown)) {
      yield unknown('segment', place.key, place, project.segments.keys());
    }
  },
};

function segmentsNamedIn(project: Project, isKnown: (key: string) => boolean): KeyPlace[] {
  const places: KeyPlace[] = [];
  for (const { file, data } of project.segments.values()) {
    if (data.parent !== undefined && !isKnown(data.parent)) places.push({ key: data.parent, file, pointer: '/parent' });
  }
  for (const { comparison, file, pointer, part } of comparisonsWith(project, ['in_segment', 'not_in_segment'])) {
    const key = String(comparison.value);
    if (!isKnown(key) && part?.flag.data.state !== 'archived')
      places.push({ key, file, pointer: child(pointer, 'value') });
  }
  return [...places, ...namedInTests(project, 'segment').filter(({ key }) => !isKnown(key))];
}
