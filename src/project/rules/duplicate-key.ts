import { kindOf } from '../kind.js';
import type { Project, Written } from '../project.js';
import type { WholeRule } from '../rule.js';

/** The first file, by path, has the key; each further one is told. */
export const duplicateKey: WholeRule = {
  code: 'reference/duplicate-key',
  *check(project) {
    for (const { file, data } of project.duplicates) {
      const kind = kindOf(file);
      yield {
        file,
        pointer: '/key',
        message: `another ${kind} has the key \`${data.key}\``,
        help: 'give one of them another key, or remove it',
        related: [{ file: firstFile(project, kind, data.key), pointer: '/key', message: 'the other one' }],
      };
    }
  },
};

function firstFile({ flags, segments, groups }: Project, kind: ReturnType<typeof kindOf>, key: string): string {
  const objects = kind === 'flag' ? flags : kind === 'segment' ? segments : groups;
  return (objects.get(key) as Written<unknown>).file;
}
