import { child } from '../../diagnostics/pointer.js';
import { type KeyPlace, namedInTests } from '../places.js';
import type { Project } from '../project.js';
import type { GateRule } from '../rule.js';
import { unknown } from '../unknown.js';

export const unknownEnvironment: GateRule = {
  code: 'reference/unknown-environment',
  *check(project) {
    const known = new Set(project.environments);
    for (const place of environmentsNamedIn(project)) {
      if (!known.has(place.key)) yield unknown('environment', place.key, place, known);
    }
  },
};

function environmentsNamedIn(project: Project): KeyPlace[] {
  const places: KeyPlace[] = namedInSettings(project);
  for (const { file, data } of project.flags.values()) {
    for (const key of Object.keys(data.environments ?? {})) {
      places.push({ key, file, pointer: child('/environments', key), target: 'key' });
    }
  }
  for (const { file, data } of project.overrides) places.push({ key: data.environment, file, pointer: '/environment' });
  return [...places, ...namedInTests(project, 'environment')];
}

function namedInSettings({ config: { file, data } }: Project): KeyPlace[] {
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
