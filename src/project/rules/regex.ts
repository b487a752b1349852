import { compileRegex } from '../../engine/regex.js';
import { notationRule } from '../notation.js';
import type { Subject } from '../project.js';

export const regex = notationRule({
  code: 'type/regex',
  operators: ['matches'],
  elsewhere: patternsInSettings,
  problemOf: (text) => {
    const compiled = compileRegex(text);
    return 'problem' in compiled ? `is not an RE2 pattern: ${compiled.problem}` : undefined;
  },
  help: 'write an RE2 pattern; RE2 has no look-around and no back-references',
});

function patternsInSettings({ config }: Subject) {
  const { file = '', data } = config ?? {};
  return Object.entries(data?.naming ?? {}).map(([kind, text]) => ({ text, file, pointer: `/naming/${kind}` }));
}
