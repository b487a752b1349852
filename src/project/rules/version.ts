import { parseVersion } from '../../engine/semver.js';
import { notationRule } from '../notation.js';

export const version = notationRule({
  code: 'type/version',
  operators: ['semver_eq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'],
  problemOf: (text) => (parseVersion(text) === undefined ? 'is not a version' : undefined),
  help: 'write it like 2.1.0, v2.1 or 2.1.0-rc.1; for ranges there is `semver_satisfies`',
});
