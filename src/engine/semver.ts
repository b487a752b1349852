/** A version by SemVer 2.0.0, without its build metadata. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Numeric identifiers are numbers. */
  readonly prerelease: readonly (string | number)[];
}

const NUMBER = '(0|[1-9]\\d*)';
const IDENTIFIER = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const BUILD = '(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?';
const FULL = new RegExp(`^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?${BUILD}$`);
const PARTIAL = new RegExp(`^v?${NUMBER}(?:\\.${NUMBER})?${BUILD}$`);
const MAX_LENGTH = 256;

/**
 * A version by SemVer 2.0.0; a leading `v` and a missing minor or patch are accepted (`v2.1` is 2.1.0),
 * the latter not together with a pre-release. Numbers above 2^53 - 1 and texts of more than 256
 * characters are no versions, as in the `semver` package.
 */
export function parseVersion(text: string): Version | undefined {
  return parsePlain(text) ?? parseAny(text);
}

/** Three numbers and nothing else, as most versions are, at a fraction of what a pattern costs. */
function parsePlain(text: string): Version | undefined {
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  const major = plainNumber(text, 0, first);
  const minor = plainNumber(text, first + 1, second);
  const patch = plainNumber(text, second + 1, text.length);
  return Number.isNaN(major + minor + patch) ? undefined : { major, minor, patch, prerelease: RELEASE };
}

const RELEASE: Version['prerelease'] = [];

/** One to fifteen digits without a leading zero, but for zero itself; else `NaN`. */
function plainNumber(text: string, from: number, to: number): number {
  const length = to - from;
  if (length < 1 || length > 15 || (length > 1 && text[from] === '0')) return Number.NaN;
  let value = 0;
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}

function parseAny(text: string): Version | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [, major, minor = '0', patch = '0', prerelease] = FULL.exec(text) ?? PARTIAL.exec(text) ?? [];
  if (major === undefined) return undefined;
  const version = {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    prerelease: prerelease === undefined ? RELEASE : prerelease.split('.').map(identifier),
  };
  const numbers = [version.major, version.minor, version.patch, ...version.prerelease];
  return numbers.every((part) => typeof part === 'string' || Number.isSafeInteger(part)) ? version : undefined;
}

function identifier(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** Negative, zero or positive as `a` comes before, beside or after `b` in precedence. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: Version['prerelease'], b: Version['prerelease']): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) {
    const order = compareIdentifiers(a[index], b[index]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

type Identifier = Version['prerelease'][number] | undefined;

/** Numbers come before words and compare as numbers; words compare by code unit (they are ASCII). */
function compareIdentifiers(a: Identifier, b: Identifier): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  return a === b ? 0 : String(a) < String(b) ? -1 : 1;
}

/** One side of a range: `>=2.1.0`. */
interface Bound {
  readonly operator: '' | '=' | '<' | '<=' | '>' | '>=';
  readonly semver: Version;
}

/** Alternatives, each of bounds that must all hold. */
export type VersionRange = readonly (readonly Bound[])[];

/** Does a version lie in the range? */
export function rangeTest(range: VersionRange): (version: Version) => boolean {
  const alternatives = range.map((bounds) => bounds.map(boundTest));
  return (version) => alternatives.some((tests) => tests.every((test) => test(version)));
}

const isEqual = (order: number) => order === 0;
const HOLDS: Readonly<Record<Bound['operator'], (order: number) => boolean>> = {
  '': isEqual,
  '=': isEqual,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** The package takes ranges apart; comparing here spares it parsing each version again. */
function boundTest({ operator, semver }: Bound): (version: Version) => boolean {
  const holds = HOLDS[operator];
  return (version) => holds(compareVersions(version, semver));
}
