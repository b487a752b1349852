import { removedFlags } from '../removed.js';
import type { ReviewRule } from '../rule.js';

/** An archived flag tells who still asks for it; one that is gone does not. */
export const removedFlag: ReviewRule = {
  code: 'review/removed-flag',
  *check(input) {
    for (const { key, file, archived, renamedTo } of removedFlags(input)) {
      if (archived || renamedTo !== undefined) continue;
      yield {
        side: 'before',
        file,
        pointer: '/key',
        message: `the flag \`${key}\` is removed, and was not archived first`,
        help: 'write `state: archived` and remove the file later, when nobody asks for the flag any more',
      };
    }
  },
};
