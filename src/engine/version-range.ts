import Range from 'semver/classes/range.js';
import type { VersionRange } from './semver.js';

/** A range in npm's syntax, pre-releases included; `undefined` when it is none. */
export function parseVersionRange(text: string): VersionRange | undefined {
  try {
    const { set } = new Range(text, { includePrerelease: true });
    return set.map((comparators) => comparators.filter((each) => each.value !== ''));
  } catch {
    return undefined;
  }
}
