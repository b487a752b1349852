import { impactVerdicts } from '../impact-verdict.js';
import { flagPlace } from '../places.js';
import type { ReviewRule } from '../rule.js';

/** A great impact is somebody's decision, not an accident of a pull request. */
export const impact: ReviewRule = {
  code: 'review/impact',
  *check(input) {
    if (input.acceptedBy !== undefined) return;
    for (const { impact, limit, verdict } of impactVerdicts(input)) {
      if (verdict !== 'beyond') continue;
      const { flag, environment, share, exact } = impact;
      const project = input.after.project.flags.has(flag) ? input.after.project : input.before.project;
      yield {
        ...(project === input.before.project ? { side: 'before' as const } : {}),
        ...flagPlace(project, flag, 'key'),
        message: `\`${flag}\` gives ${percent(share)} of ${exact ? 'users' : 'contexts'} in ${environment} something else, and ${limit}% is the limit`,
        help: 'take smaller steps, or have somebody accept it: `--accept-impact BY`',
      };
    }
  },
};

function percent(share: number): string {
  return `${Math.round(share * 1e5) / 1e3}%`;
}
