import { flagsNamedIn } from '../places.js';
import type { GateRule } from '../rule.js';
import { unknown } from '../unknown.js';

export const unknownFlag: GateRule = {
  code: 'reference/unknown-flag',
  *check(project) {
    for (const place of flagsNamedIn(project)) {
      if (project.flags.has(place.key) || project.broken.flags.has(place.key)) continue;
      yield unknown('flag', place.key, place, project.flags.keys());
    }
  },
};
