import { dependenciesOn } from '../places.js';
import type { GateRule } from '../rule.js';

export const archivedFlag: GateRule = {
  code: 'reference/archived-flag',
  *check(project) {
    for (const { key, file, pointer } of dependenciesOn(project)) {
      const flag = project.flags.get(key);
      if (flag?.data.state !== 'archived') continue;
      yield {
        file,
        pointer,
        message: `flag \`${key}\` is archived and serves nothing`,
        help: 'remove the reference, or restore the flag',
        related: [{ file: flag.file, pointer: '/state', message: 'archived here' }],
      };
    }
  },
};
