import { child } from '../../diagnostics/pointer.js';
import { comparisonsWith } from '../comparisons.js';
import { type KeyPlace, namedInTests } from '../places.js';
import type { Subject } from '../project.js';
import type { SubjectRule } from '../rule.js';
import { unknown } from '../unknown.js';

export const unknownSegment: SubjectRule = {
  code: 'reference/unknown-segment',
  *check(subject, project) {
    const isKnown = (key: string): boolean => project.segments.has(key) || project.broken.segments.has(key);
    for (const place of segmentsNamedIn(subject, isKnown)) {
      yield unknown('segment', place.key, place, project.segments.keys());
    }
  },
};

function segmentsNamedIn(subject: Subject, isKnown: (key: string) => boolean): KeyPlace[] {
  const places: KeyPlace[] = [];
  const { file = '', data } = subject.segment ?? {};
  if (data?.parent !== undefined && !isKnown(data.parent)) places.push({ key: data.parent, file, pointer: '/parent' });
  for (const { comparison, file, pointer, part } of comparisonsWith(subject, ['in_segment', 'not_in_segment'])) {
    const key = String(comparison.value);
    if (!isKnown(key) && part?.flag.data.state !== 'archived')
      places.push({ key, file, pointer: child(pointer, 'value') });
  }
  return [...places, ...namedInTests(subject, 'segment').filter(({ key }) => !isKnown(key))];
}
