import { child } from '../../diagnostics/pointer.js';
import { type KeyPlace, namedInTests } from '../places.js';
import type { Subject } from '../project.js';
import type { SubjectRule } from '../rule.js';
import { unknown } from '../unknown.js';

export const unknownEnvironment: SubjectRule = {
  code: 'reference/unknown-environment',
  *check(subject, project) {
    const known = new Set(project.environments);
    for (const place of environmentsNamedIn(subject)) {
      if (!known.has(place.key)) yield unknown('environment', place.key, place, known);
    }
  },
};

function environmentsNamedIn(subject: Subject): KeyPlace[] {
  const { file = '', data } = subject.flag ?? {};
  const ofFlag = Object.keys(data?.environments ?? {}).map((key): KeyPlace => {
    return { key, file, pointer: child('/environments', key), target: 'key' };
  });
  const ofOverrides = subject.overrides.map(({ file: path, data: { environment } }): KeyPlace => {
    return { key: environment, file: path, pointer: '/environment' };
  });
  return [...namedInSettings(subject), ...ofFlag, ...ofOverrides, ...namedInTests(subject, 'environment')];
}

function namedInSettings({ config }: Subject): KeyPlace[] {
  if (config === undefined) return [];
  const { file, data } = config;
  const places: KeyPlace[] = [];
  if (data.default_environment !== undefined) {
    places.push({ key: data.default_environment, file, pointer: '/default_environment' });
  }
  data.protected?.forEach((key, index) => {
    places.push({ key, file, pointer: child('/protected', index) });
  });
  for (const key of Object.keys(data.review?.max_impact ?? {})) {
    places.push({ key, file, pointer: child('/review/max_impact', key), target: 'key' });
  }
  return places;
}
