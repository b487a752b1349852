import { lookUp } from '../run.js';
import { compareVersions, parseVersion, rangeTest, type Version } from '../semver.js';
import { type AttributeTest, anyElement, someElement, type ValueOperator } from './operator.js';

export const semverEq = comparing((wanted) => (attribute) => (run) => {
  const seen = lookUp(run, attribute);
  return typeof seen === 'string'
    ? order(seen, wanted) === 0
    : someVersion(seen, (element) => order(element, wanted) === 0);
});

export const semverGt = comparing((wanted) => (attribute) => (run) => {
  const seen = lookUp(run, attribute);
  return typeof seen === 'string'
    ? order(seen, wanted) > 0
    : someVersion(seen, (element) => order(element, wanted) > 0);
});

export const semverGte = comparing((wanted) => (attribute) => (run) => {
  const seen = lookUp(run, attribute);
  return typeof seen === 'string'
    ? order(seen, wanted) >= 0
    : someVersion(seen, (element) => order(element, wanted) >= 0);
});

export const semverLt = comparing((wanted) => (attribute) => (run) => {
  const seen = lookUp(run, attribute);
  return typeof seen === 'string'
    ? order(seen, wanted) < 0
    : someVersion(seen, (element) => order(element, wanted) < 0);
});

export const semverLte = comparing((wanted) => (attribute) => (run) => {
  const seen = lookUp(run, attribute);
  return typeof seen === 'string'
    ? order(seen, wanted) <= 0
    : someVersion(seen, (element) => order(element, wanted) <= 0);
});

/** A version lies in a range of npm's syntax. */
export const semverSatisfies: ValueOperator = {
  takes: 'a version',
  compile: ({ value }, { parseVersionRange }) => {
    const range = typeof value === 'string' ? parseVersionRange(value) : undefined;
    if (range === undefined) return undefined;
    const lies = rangeTest(range);
    return anyElement((seen) => {
      const version = typeof seen === 'string' ? parseLatest(seen) : undefined;
      return version !== undefined && lies(version);
    });
  },
};

function comparing(compile: (wanted: Version) => AttributeTest): ValueOperator {
  return {
    takes: 'a version',
    compile: ({ value }) => {
      const wanted = typeof value === 'string' ? parseVersion(value) : undefined;
      return wanted && compile(wanted);
    },
  };
}

/** As `compareVersions`; `NaN`, which compares with nothing, for a text that is no version. */
function order(text: string, wanted: Version): number {
  const version = parseLatest(text);
  return version === undefined ? Number.NaN : compareVersions(version, wanted);
}

function someVersion(list: unknown, holds: (element: string) => boolean): boolean {
  return someElement(list, 0, (element) => typeof element === 'string' && holds(element));
}

/** Parses the attribute, but not twice in a row: contexts tend to send the same few versions. */
let latestText = '';
let latestVersion: Version | undefined;

function parseLatest(text: string): Version | undefined {
  if (text !== latestText) {
    latestVersion = parseVersion(text);
    latestText = text;
  }
  return latestVersion;
}
