import { flagsNamedIn } from '../places.js';
import type { GateRule } from '../rule.js';
import { unknown } from '../unknown.js';

export const unknownFlag: GateRule = {
  code: 'reference/unknown-flag',
  *check(project) {
    const isUnknown = (key: string): boolean => !project.flags.has(key) && !project.broken.flags.has(key);
    for (const place of flagsNamedIn(project, isUnknown)) {
      yield unknown('flag', place.key, place, project.flags.keys());
    }
  },
};
