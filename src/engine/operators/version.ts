import { compareVersions, parseVersion, parseVersionRange, type Version } from '../semver.js';
import { anyElement, type ValueOperator, type ValueTest } from './operator.js';

export const semverEq = comparing((order) => order === 0);
export const semverGt = comparing((order) => order > 0);
export const semverGte = comparing((order) => order >= 0);
export const semverLt = comparing((order) => order < 0);
export const semverLte = comparing((order) => order <= 0);

/** A version lies in a range of npm's syntax. */
export const semverSatisfies: ValueOperator = {
  takes: 'a version',
  compile: ({ value }) => {
    const range = typeof value === 'string' ? parseVersionRange(value) : undefined;
    return range && versionTest(range);
  },
};

function comparing(holds: (order: number) => boolean): ValueOperator {
  return {
    takes: 'a version',
    compile: ({ value }) => {
      const wanted = typeof value === 'string' ? parseVersion(value) : undefined;
      return wanted && versionTest((version) => holds(compareVersions(version, wanted)));
    },
  };
}

/** Parses the attribute, but not twice in a row: contexts tend to send the same few versions. */
function versionTest(holds: (version: Version) => boolean): ValueTest {
  return anyElement((seen) => {
    const version = typeof seen === 'string' ? parseLatest(seen) : undefined;
    return version !== undefined && holds(version);
  });
}

let latestText = '';
let latestVersion: Version | undefined;

function parseLatest(text: string): Version | undefined {
  if (text !== latestText) {
    latestVersion = parseVersion(text);
    latestText = text;
  }
  return latestVersion;
}
