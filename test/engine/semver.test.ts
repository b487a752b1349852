import fc from 'fast-check';
import * as semver from 'semver';
import { describe, expect, it } from 'vitest';
import { compareVersions, parseVersion, rangeTest, type Version } from '../../src/engine/semver.js';
import { parseVersionRange } from '../../src/engine/version-range.js';

const number = fc.nat({ max: 12 });
const identifier = fc.oneof(number.map(String), fc.stringMatching(/^[0-9A-Za-z-]{0,4}[A-Za-z-]$/));
const prerelease = fc
  .array(identifier, { maxLength: 3 })
  .map((parts) => (parts.length === 0 ? '' : `-${parts.join('.')}`));
const version = fc.tuple(number, number, number, prerelease).map(([a, b, c, rest]) => `${a}.${b}.${c}${rest}`);
const comparator = fc
  .tuple(fc.constantFrom('', '>', '<', '>=', '<=', '=', '^', '~'), version)
  .map((parts) => parts.join(''));
const range = fc.oneof(
  fc
    .array(
      fc.array(comparator, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(' ')),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.join(' || ')),
  fc.constantFrom('*', '', '1.x', '2.3.x', '1.2 - 3.4.5', '<0.0.0', '~1', '^0', '>1', '<=2.x'),
);

function read(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`${text} is no version`);
  return parsed;
}

function lies(range: string, version: Version): boolean | undefined {
  const parsed = parseVersionRange(range);
  return parsed && rangeTest(parsed)(version);
}

describe('versions', () => {
  it('compare as the semver package compares them', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(read(a), read(b)))).toBe(semver.compare(a, b));
      }),
      { numRuns: 1000 },
    );
  });

  it('are those that the semver package takes, but for missing parts', () => {
    const text = fc.oneof(version, fc.stringMatching(/^v?[0-9.a+-]{1,9}$/));
    fc.assert(
      fc.property(text, (candidate) => {
        if (/^v?\d+(\.\d+)?(\+|$)/.test(candidate)) return;
        expect(parseVersion(candidate) !== undefined).toBe(semver.valid(candidate) !== null);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['v2', '2.0.0'],
    ['2.1', '2.1.0'],
    ['v2.1+build', '2.1.0'],
    ['2.1.0-rc.1+b.7', '2.1.0-rc.1'],
  ])('%s is as good as %s', (a, b) => {
    expect(compareVersions(read(a), read(b))).toBe(0);
  });

  it.each([
    '',
    'v',
    '1.',
    '1..2',
    '01',
    '1.02',
    '2.1-rc.1',
    '2-rc',
    '1.2.3-',
    '1.2.3+',
    '1.2.3-01',
    '1.2.3-a..b',
    '1.2.3+a..b',
    'V1.2.3',
    '=1.2.3',
    ' 1.2.3',
    '1.2.3.4',
    '9007199254740992.0.0',
    '1.2.3-9007199254740992',
    `1.2.3-${'a'.repeat(300)}`,
  ])('`%s` is none', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe('ranges', () => {
  it('hold what the semver package says they hold, pre-releases included', () => {
    fc.assert(
      fc.property(version, range, (text, wanted) => {
        expect(lies(wanted, read(text))).toBe(semver.satisfies(text, wanted, { includePrerelease: true }));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['>=', 'abc', '1.2.3.4', '>a'])('`%s` is none', (text) => {
    expect(parseVersionRange(text)).toBeUndefined();
  });
});
