import { flagsNamedIn } from '../places.js';
import type { SubjectRule } from '../rule.js';
import { unknown } from '../unknown.js';

export const unknownFlag: SubjectRule = {
  code: 'reference/unknown-flag',
  *check(subject, project) {
    const isUnknown = (key: string): boolean => !project.flags.has(key) && !project.broken.flags.has(key);
    for (const place of flagsNamedIn(subject, isUnknown)) {
      yield unknown('flag', place.key, place, project.flags.keys());
    }
  },
};
