import type { Snapshot } from '../../model/snapshot.js';
import { changedBetween } from '../../wire/changed.js';
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
  const changed = before === undefined ? undefined : changedFlags(before.snapshot, after);
  // Every environment has every flag.
  const keys = [...after.definitions.values()][0]?.flags.map(({ key }) => key) ?? [];
  return new Map(
    keys.map((key): [string, string] => {
      const known = changed?.has(key) === false ? before?.flagVersions.get(key) : undefined;
      return [key, known ?? version];
    }),
  );
}

/** The keys of flags that mean something else in some environment; `undefined`: all, as the environments are others. */
function changedFlags(before: Snapshot, after: Snapshot): ReadonlySet<string> | undefined {
  if (before.definitions.size !== after.definitions.size) return undefined;
  const changed = new Set<string>();
  for (const [environment, { flags }] of after.definitions) {
    const old = before.definitions.get(environment);
    if (old === undefined) return undefined;
    for (const { key } of changedBetween(old.flags, flags, encodeFlag).updated) changed.add(key);
  }
  return changed;
}
