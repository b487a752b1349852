import { dependenciesOn } from '../places.js';
import type { Written } from '../project.js';
import type { SubjectRule } from '../rule.js';
import type { WrittenFlag } from '../written.js';

export const archivedFlag: SubjectRule = {
  code: 'reference/archived-flag',
  *check(subject, project) {
    const isArchived = (key: string): boolean => project.flags.get(key)?.data.state === 'archived';
    for (const { key, file, pointer } of dependenciesOn(subject, isArchived)) {
      const flag = project.flags.get(key) as Written<WrittenFlag>;
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
