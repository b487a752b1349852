import { flagVersions as flagsByEnvironment } from '../../diff/diff.js';
import type { Snapshot } from '../../model/snapshot.js';
import { encodeFlag } from '../../wire/definition.js';
import type { Served } from '../served.js';

/** The version at which each flag came to mean what it means: `version` for those that differ from what was served. */
export function flagVersionsAfter(
  before: Served | undefined,
  after: Snapshot,
  version: string,
): ReadonlyMap<string, string> {
  const old = before === undefined ? undefined : meanings(before.snapshot);
  const versions = [...meanings(after)].map(([key, meaning]): [string, string] => {
    const same = old?.get(key) === meaning;
    return [key, same ? (before?.flagVersions.get(key) ?? version) : version];
  });
  return new Map(versions);
}

function meanings(snapshot: Snapshot): Map<string, string> {
  const flags = [...flagsByEnvironment(snapshot)];
  return new Map(flags.map(([key, byEnvironment]) => [key, meaningOf(byEnvironment)]));
}

function meaningOf(byEnvironment: ReadonlyMap<string, Parameters<typeof encodeFlag>[0]>): string {
  return [...byEnvironment].map(([environment, flag]) => `${environment} ${encodeFlag(flag)}`).join('\n');
}
