import type { FileKind } from '../../project/kind.js';
import type { Project } from '../../project/project.js';
import type { Rule } from '../../project/rule.js';

export const fileName: Rule = {
  code: 'hygiene/file-name',
  *check({ project }) {
    for (const { file, pointer, wanted } of named(project)) {
      const name = file.slice(file.lastIndexOf('/') + 1);
      if (name === wanted) continue;
      yield { file, pointer, message: `the file is called \`${name}\``, help: `rename it to \`${wanted}\`` };
    }
  },
};

interface Named {
  readonly file: string;
  readonly pointer: string;
  /** What it should be called. */
  readonly wanted: string;
}

function* named({ flags, segments, groups, overrides }: Project): Iterable<Named> {
  const kinds: readonly [FileKind, ReadonlyMap<string, { readonly file: string }>][] = [
    ['flag', flags],
    ['segment', segments],
    ['group', groups],
  ];
  for (const [kind, keyed] of kinds) {
    for (const [key, { file }] of keyed) yield { file, pointer: '/key', wanted: `${key}.${kind}.yaml` };
  }
  for (const { file, data } of overrides) {
    yield { file, pointer: '/flag', wanted: `${data.flag}.${data.environment}.override.yaml` };
  }
}
