import { isCode } from '../../diagnostics/catalogue.js';
import { child } from '../../diagnostics/pointer.js';
import { didYouMean } from '../../diagnostics/suggest.js';
import type { Rule } from '../../project/rule.js';
import { ADVICE, isAdvice } from '../severity.js';

/** Codes in `lint` of `flagstaff.yaml`; those in suppressions are seen where these are read. */
export const unknownCode: Rule = {
  code: 'lint/unknown-code',
  *check({ project: { config } }) {
    for (const code of Object.keys(config.data.lint ?? {}).filter((key) => !isAdvice(key))) {
      const gate = isCode(code);
      const help = gate ? 'remove it: what it stands for cannot be served' : didYouMean(code, ADVICE);
      yield {
        file: config.file,
        pointer: child('/lint', code),
        target: 'key',
        message: gate ? `\`${code}\` is always an error` : `there is no code \`${code}\``,
        ...(help === undefined ? {} : { help }),
      };
    }
  },
};
