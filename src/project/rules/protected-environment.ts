import { child } from '../../diagnostics/pointer.js';
import type { GateRule } from '../rule.js';

/** Who owns the override files owns the protected environments; a flag file has no say in them. */
export const protectedEnvironment: GateRule = {
  code: 'reference/protected-environment',
  *check({ flags, protectedEnvironments }) {
    for (const [key, { file, data }] of flags) {
      for (const environment of Object.keys(data.environments ?? {})) {
        if (!protectedEnvironments.has(environment)) continue;
        yield {
          file,
          pointer: child('/environments', environment),
          target: 'key',
          message: `\`${environment}\` is protected: a flag file cannot say what happens there`,
          help: `move this to \`${key}.${environment}.override.yaml\``,
        };
      }
    }
  },
};
