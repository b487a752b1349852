import { compileRegex } from '../../engine/regex.js';
import type { Project, Written } from '../../project/project.js';
import type { Rule, RuleFinding } from '../../project/rule.js';

export const namingMismatch: Rule = {
  code: 'naming/mismatch',
  *check({ project }) {
    yield* checkKeys('flag', project.flags, project);
    yield* checkKeys('segment', project.segments, project);
    yield* checkKeys('group', project.groups, project);
  },
};

type Kind = 'flag' | 'segment' | 'group';

function* checkKeys(kind: Kind, keyed: ReadonlyMap<string, Written<unknown>>, project: Project): Iterable<RuleFinding> {
  const pattern = project.config.data.naming?.[kind];
  const compiled = pattern === undefined ? undefined : compileRegex(pattern);
  if (compiled === undefined || 'problem' in compiled) return;
  for (const [key, { file }] of keyed) {
    if (compiled.test(key)) continue;
    yield {
      file,
      pointer: '/key',
      message: `the key \`${key}\` does not match \`${pattern}\``,
      help: `a key cannot change later, so choose one that fits \`naming.${kind}\` now`,
    };
  }
}
