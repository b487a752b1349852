import type { Project } from '../project.js';
import type { GateRule, RuleFinding } from '../rule.js';

/** Such keys are confused by people, and by file systems that know no case. */
export const keyCase: GateRule = {
  code: 'reference/key-case',
  *check(project) {
    yield* among('flag', project.flags);
    yield* among('segment', project.segments);
    yield* among('group', project.groups);
  },
};

function* among(kind: string, objects: Project['flags' | 'segments' | 'groups']): Iterable<RuleFinding> {
  const seen = new Map<string, { readonly key: string; readonly file: string }>();
  for (const [key, { file }] of objects) {
    const other = seen.get(key.toLowerCase());
    if (other === undefined) seen.set(key.toLowerCase(), { key, file });
    else {
      yield {
        file,
        pointer: '/key',
        message: `\`${key}\` differs by case only from the ${kind} \`${other.key}\``,
        help: 'give one of them another key',
        related: [{ file: other.file, pointer: '/key', message: 'the other one' }],
      };
    }
  }
}
