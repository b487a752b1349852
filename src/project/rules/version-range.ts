import { parseVersionRange } from '../../engine/version-range.js';
import { notationRule } from '../notation.js';

export const versionRange = notationRule({
  code: 'type/version-range',
  operators: ['semver_satisfies'],
  problemOf: (text) => (parseVersionRange(text) === undefined ? 'is not a version range' : undefined),
  help: 'write it as npm does, for example >=2.1.0 <3.0.0 or ^2.1',
});
