import { kindOf } from '../../project/kind.js';
import type { Rule } from '../../project/rule.js';

export const unrecognizedFile: Rule = {
  code: 'hygiene/unrecognized-file',
  *check({ project }) {
    for (const { path } of project.files) {
      if (!/\.ya?ml$/i.test(path) || kindOf(path) !== undefined) continue;
      yield {
        file: path,
        pointer: '',
        target: 'key',
        message: 'the name of the file does not say what it holds, so it is not read',
        help: helpFor(path.slice(path.lastIndexOf('/') + 1)),
      };
    }
  },
};

const ENDINGS =
  'call it `….flag.yaml`, `….override.yaml`, `….segment.yaml`, `….group.yaml` or `….test.yaml`, or move it away';

function helpFor(name: string): string {
  const corrected = name.toLowerCase().replace(/[._-](flag|override|segment|group|test)\.ya?ml$/, '.$1.yaml');
  return kindOf(`x/${corrected}`) === undefined ? ENDINGS : `call it \`${corrected}\``;
}
