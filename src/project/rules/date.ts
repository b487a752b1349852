import { child } from '../../diagnostics/pointer.js';
import { parseInstant } from '../../engine/instant.js';
import { comparisonsWith } from '../comparisons.js';
import { notationRule, type TextPlace } from '../notation.js';
import { rolloutsOf, valuesInCases } from '../places.js';
import type { Part, Subject } from '../project.js';

export const date = notationRule({
  code: 'type/date',
  operators: [],
  elsewhere: (subject) => [
    ...operands(subject),
    ...subject.parts.flatMap(timesOfPart),
    ...ofFlag(subject),
    ...ofTests(subject),
  ],
  problemOf: (text) => (parseInstant(text) === undefined ? 'is not a date' : undefined),
  help: 'write it by RFC 3339, for example 2026-12-01 or 2026-12-01T09:00:00Z',
});

/** `now` is a value of comparisons only. */
function operands(subject: Subject): TextPlace[] {
  return comparisonsWith(subject, ['date_before', 'date_after'])
    .filter(({ comparison }) => comparison.value !== 'now')
    .map(({ comparison, file, pointer }) => ({
      text: String(comparison.value),
      file,
      pointer: child(pointer, 'value'),
    }));
}

function timesOfPart(part: Part): TextPlace[] {
  const { behaviour, file, pointer } = part;
  const places: TextPlace[] = [];
  for (const key of ['starts_at', 'expires_at'] as const) {
    const text = behaviour[key];
    if (typeof text === 'string') places.push({ text, file, pointer: child(pointer, key) });
  }
  for (const { rollout, pointer: at } of rolloutsOf(part)) {
    rollout.steps?.forEach(
      (step, index) => void places.push({ text: step.at, file, pointer: child(at, 'steps', index, 'at') }),
    );
  }
  return places;
}

function ofFlag({ flag }: Subject): TextPlace[] {
  if (flag === undefined) return [];
  const { file, data } = flag;
  return [
    ...(data.remove_by === undefined ? [] : [{ text: data.remove_by, file, pointer: '/remove_by' }]),
    ...(data.snooze === undefined ? [] : [{ text: data.snooze.until, file, pointer: '/snooze/until' }]),
  ];
}

function ofTests({ tests }: Subject): TextPlace[] {
  if (tests === undefined) return [];
  const { file, data } = tests;
  return [
    ...(data.now === undefined ? [] : [{ text: data.now, file, pointer: '/now' }]),
    ...valuesInCases(data, ({ now }) => now, ['now']).map(({ key, pointer }) => ({ text: key, file, pointer })),
  ];
}
