import type { SubjectRule } from '../rule.js';

/** A protected environment inherits no `default`, so its override file must give one. */
export const protectedDefault: SubjectRule = {
  code: 'schema/missing-key',
  *check({ overrides }, { protectedEnvironments }) {
    for (const { file, data } of overrides) {
      if (!protectedEnvironments.has(data.environment) || data.default !== undefined) continue;
      yield {
        file,
        pointer: '/default',
        target: 'key',
        message: `the file has no \`default\`, and \`${data.environment}\` is protected and inherits none`,
        help: 'add it, for example `default: off`, or `default: null` for the default value of the caller',
      };
    }
  },
};
