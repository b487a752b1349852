import type { Part, Project } from '../project.js';
import type { SubjectRule } from '../rule.js';

export const duplicatePart: SubjectRule = {
  code: 'reference/duplicate-part',
  *check({ parts }, project) {
    for (const [second, first] of repetitions(parts, project)) {
      yield {
        file: second.file,
        pointer: '/environment',
        message: `\`${second.environment}\` of flag \`${second.flag.data.key}\` is described twice`,
        help: 'keep one of the two',
        related: [{ file: first.file, pointer: first.pointer, target: 'key', message: 'the other one' }],
      };
    }
  },
};

/** What a flag file says of a protected environment is a problem of its own. */
function* repetitions(parts: readonly Part[], { protectedEnvironments }: Project): Iterable<[Part, Part]> {
  const seen = new Map<string, Part>();
  for (const part of parts) {
    if (part.environment === undefined) continue;
    if (part.file === part.flag.file && protectedEnvironments.has(part.environment)) continue;
    const first = seen.get(part.environment);
    if (first === undefined) seen.set(part.environment, part);
    else yield [part, first];
  }
}
