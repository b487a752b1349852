import { impactVerdicts } from '../impact-verdict.js';
import { flagPlace } from '../places.js';
import type { ReviewRule } from '../rule.js';

/** Made-up contexts are no measure of users: where the ranges say nothing, nobody knows. */
export const impactUnknown: ReviewRule = {
  code: 'review/impact-unknown',
  *check(input) {
    if (input.acceptedBy !== undefined) return;
    for (const { impact, limit, verdict } of impactVerdicts(input)) {
      if (verdict !== 'unknown') continue;
      const { flag, environment } = impact;
      const project = input.after.project.flags.has(flag) ? input.after.project : input.before.project;
      yield {
        ...(project === input.before.project ? { side: 'before' as const } : {}),
        ...flagPlace(project, flag, 'key'),
        message: `whether \`${flag}\` gives more than ${limit}% of users in ${environment} something else is not known`,
        help: 'give real contexts, with `review.population` in flagstaff.yaml or `--contexts FILE.ndjson`',
      };
    }
  },
};
