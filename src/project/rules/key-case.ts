import { Memo } from '../memo.js';
import type { Project, Written } from '../project.js';
import type { RuleFinding, WholeRule } from '../rule.js';
import type { WrittenProject } from '../written.js';

/** Such keys are confused by people, and by file systems that know no case. */
export const keyCase: WholeRule = {
  code: 'reference/key-case',
  *check(project) {
    const { flags, segments, groups } = project;
    const keys = [flags, segments, groups].map((objects) => [...objects.keys()]);
    if (distinct.recall(project.config, keys)) return;
    const findings = [...among('flag', flags), ...among('segment', segments), ...among('group', groups)];
    if (findings.length === 0) distinct.keep(project.config, keys, true);
    yield* findings;
  },
};

const distinct = new Memo<Written<WrittenProject>, true>();

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
