import fc from 'fast-check';
import { Range, SemVer } from 'semver';
import { describe, expect, it } from 'vitest';
import { compareVersions, type Version } from '../../src/engine/semver.js';
import { type VersionBounds, versionBoundsOf } from '../../src/engine/version-bounds.js';

const RANGES = [
  '*',
  '',
  '1',
  '^1.2',
  '~2.0.0-rc.1',
  '>1 <=2.0.0',
  '<1 || >=2.0.1',
  '1.2 - 2.0',
  '=2.0.0',
  '>2 <1',
  '2.0.0',
];
const part = fc.nat(3);
const version = fc
  .tuple(part, part, part, fc.constantFrom('', '-alpha', '-rc.1', '-0'))
  .map(([major, minor, patch, suffix]) => `${major}.${minor}.${patch}${suffix}`);

function lies(at: Version, { from, to }: VersionBounds): boolean {
  const afterStart = from === undefined || compareVersions(at, from.version) >= (from.inclusive ? 0 : 1e-9);
  return afterStart && (to === undefined || compareVersions(at, to.version) <= (to.inclusive ? 0 : -1e-9));
}

describe('the bounds of a version range', () => {
  it('hold exactly the versions that satisfy the range', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RANGES), version, (range, text) => {
        const bounds = versionBoundsOf(range) ?? [];
        const at = new SemVer(text);
        const inside = bounds.some((alternative) => alternative.every((one) => lies(at, one)));
        expect(inside).toBe(new Range(range, { includePrerelease: true }).test(at));
      }),
      { numRuns: 2000 },
    );
  });

  it('are none where there is no range', () => {
    expect(versionBoundsOf('not a range')).toBeUndefined();
  });
});
