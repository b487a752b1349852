import { diffSettings } from '../../diff/settings.js';
import { PROJECT_FILE } from '../../project/kind.js';
import { policyOf } from '../policy.js';
import type { ReviewRule } from '../rule.js';

/** A change is judged by the policy of its base, so it cannot loosen what it is judged by; the next one can. */
export const policyChanged: ReviewRule = {
  code: 'review/policy-changed',
  *check({ before, after }) {
    const { settings } = after.snapshot;
    for (const { path, text } of diffSettings({ ...settings, ...policyOf(before.project) }, settings)) {
      yield {
        file: PROJECT_FILE,
        pointer: path,
        message: `the policy changes: ${text}`,
        help: 'until this is merged the policy of the base holds; see that those agree who answer for it',
      };
    }
  },
};
