import { flagVersions as flagsByEnvironment } from '../../diff/diff.js';
import type { FlagVersions } from '../../diff/flag.js';
import type { Flag } from '../../model/flag.js';
import type { Snapshot } from '../../model/snapshot.js';
import { encodeFlag } from '../../wire/definition.js';
import type { Served } from '../served.js';

/**
 * The state at which each flag came to mean what it means: `version` for those that differ from what was served. This
 * is for sources without a past; git knows better.
 */
export function flagVersionsAfter(
  before: Served | undefined,
  after: Snapshot,
  version: string,
): ReadonlyMap<string, string> {
  const old = before === undefined ? undefined : flagsByEnvironment(before.snapshot);
  return new Map(
    Array.from(flagsByEnvironment(after), ([key, flags]): [string, string] => {
      const known = isSame(old?.get(key), flags) ? before?.flagVersions.get(key) : undefined;
      return [key, known ?? version];
    }),
  );
}

function isSame(before: FlagVersions | undefined, after: FlagVersions): boolean {
  if (before?.size !== after.size) return false;
  return [...after].every(([environment, flag]) => saysTheSame(before.get(environment), flag));
}

function saysTheSame(before: Flag | undefined, after: Flag): boolean {
  return before === after || (before !== undefined && encodeFlag(before) === encodeFlag(after));
}
