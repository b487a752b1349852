import { child } from '../../diagnostics/pointer.js';
import { type KeyPlace, namedInTests } from '../places.js';
import type { Project } from '../project.js';
import type { GateRule } from '../rule.js';
import { unknown } from '../unknown.js';

export const unknownSegment: GateRule = {
  code: 'reference/unknown-segment',
  *check(project) {
    for (const place of segmentsNamedIn(project)) {
      if (project.segments.has(place.key) || project.broken.segments.has(place.key)) continue;
      yield unknown('segment', place.key, place, project.segments.keys());
    }
  },
};

function segmentsNamedIn(project: Project): KeyPlace[] {
  const places: KeyPlace[] = [];
  for (const { file, data } of project.segments.values()) {
    if (data.parent !== undefined) places.push({ key: data.parent, file, pointer: '/parent' });
  }
  for (const { comparison, file, pointer, part } of project.comparisons) {
    const asksSegment = comparison.operator === 'in_segment' || comparison.operator === 'not_in_segment';
    if (!asksSegment || part?.flag.data.state === 'archived') continue;
    places.push({ key: String(comparison.value), file, pointer: child(pointer, 'value') });
  }
  return [...places, ...namedInTests(project, 'segment')];
}
