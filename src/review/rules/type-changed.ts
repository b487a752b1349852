import { flagPlace } from '../places.js';
import type { ReviewRule } from '../rule.js';

/** Applications ask for a type: a value of another one is refused there. */
export const typeChanged: ReviewRule = {
  code: 'review/type-changed',
  *check({ delta, after }) {
    for (const { key, path, kind, before: old, after: now } of delta.changes) {
      if (kind !== 'flag_changed' || path !== '/type') continue;
      yield {
        ...flagPlace(after.project, key, 'type'),
        message: `the type of the flag \`${key}\` changes from ${old} to ${now}`,
        help: `keep the type; for a new one add a new flag, move the applications, then archive this one`,
      };
    }
  },
};
