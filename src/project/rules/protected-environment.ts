import { child } from '../../diagnostics/pointer.js';
import type { SubjectRule } from '../rule.js';

/** Who owns the override files owns the protected environments; a flag file has no say in them. */
export const protectedEnvironment: SubjectRule = {
  code: 'reference/protected-environment',
  *check({ flag }, { protectedEnvironments }) {
    if (flag === undefined) return;
    for (const environment of Object.keys(flag.data.environments ?? {})) {
      if (!protectedEnvironments.has(environment)) continue;
      yield {
        file: flag.file,
        pointer: child('/environments', environment),
        target: 'key',
        message: `\`${environment}\` is protected: a flag file cannot say what happens there`,
        help: `move this to \`${flag.data.key}.${environment}.override.yaml\``,
      };
    }
  },
};
