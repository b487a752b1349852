import { type Comparator, Range } from 'semver';
import type { Version } from './semver.js';

/** Versions from `from` to `to`; an end that is left out is open. */
export interface VersionBounds {
  readonly from?: VersionBound;
  readonly to?: VersionBound;
}

export interface VersionBound {
  readonly version: Version;
  readonly inclusive: boolean;
}

/**
 * What a range in npm's syntax comes down to, pre-releases included: each list is one of its alternatives, a version
 * has to lie within all bounds of it. `undefined` when it is no range.
 */
export function versionBoundsOf(text: string): VersionBounds[][] | undefined {
  try {
    return new Range(text, { includePrerelease: true }).set.map((alternative) => alternative.map(boundsOf));
  } catch {
    return undefined;
  }
}

function boundsOf({ value, operator, semver }: Comparator): VersionBounds {
  if (value === '') return {};
  const bound = { version: semver, inclusive: operator !== '<' && operator !== '>' };
  if (operator === '<' || operator === '<=') return { to: bound };
  return operator === '>' || operator === '>=' ? { from: bound } : { from: bound, to: bound };
}
