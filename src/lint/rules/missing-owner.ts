import type { Rule } from '../../project/rule.js';
import { activeFlags } from '../standing.js';

export const missingOwner: Rule = {
  code: 'hygiene/missing-owner',
  *check({ project }) {
    for (const { file, data } of activeFlags(project)) {
      if (data.owner !== undefined) continue;
      yield {
        file,
        pointer: '/key',
        target: 'key',
        message: `flag \`${data.key}\` has no owner`,
        help: 'add `owner`: the team that answers for it',
      };
    }
  },
};
