import { flagPlace } from '../places.js';
import { removedFlags } from '../removed.js';
import type { ReviewRule } from '../rule.js';

/** Applications ask by key: one that asks for the old key gets its own default. */
export const keyChanged: ReviewRule = {
  code: 'review/key-changed',
  *check(input) {
    for (const { key, renamedTo } of removedFlags(input)) {
      if (renamedTo === undefined) continue;
      yield {
        ...flagPlace(input.after.project, renamedTo, 'key'),
        message: `the flag \`${key}\` gets another key, \`${renamedTo}\``,
        help: `keep \`${key}\`; for a new key add a new flag, move the applications, then archive this one`,
      };
    }
  },
};
