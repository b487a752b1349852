import type { Flag } from '../model/flag.js';
import type { Segment } from '../model/segment.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Change } from './change.js';
import { diffFlag, type FlagVersions } from './flag.js';
import { diffGroup } from './group.js';
import { diffSegment } from './segment.js';
import { diffSettings } from './settings.js';

/**
 * What changed in meaning from one snapshot to another: the project first, then flags, segments and groups by key.
 * Where something is written, in which order and with which comments makes no difference.
 */
export function diff(before: Snapshot, after: Snapshot): Change[] {
  if (before === after) return [];
  return [
    ...diffSettings(before.settings, after.settings),
    ...diffEach(flagVersions(before), flagVersions(after), isSameVersions, diffFlag),
    ...diffEach(segmentsOf(before), segmentsOf(after), Object.is, diffSegment),
    ...diffEach(byKey(before.groups), byKey(after.groups), Object.is, diffGroup),
  ];
}

/** Most have not changed, which is seen without looking into them. */
function diffEach<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  isSame: (before: T, after: T) => boolean,
  diffOne: (before: T | undefined, after: T | undefined) => Change[],
): Change[] {
  const keys: string[] = [];
  for (const [key, now] of after) {
    const old = before.get(key);
    if (old === undefined || !isSame(old, now)) keys.push(key);
  }
  for (const key of before.keys()) if (!after.has(key)) keys.push(key);
  return keys.sort().flatMap((key) => diffOne(before.get(key), after.get(key)));
}

function isSameVersions(before: FlagVersions, after: FlagVersions): boolean {
  if (before.size !== after.size) return false;
  for (const [environment, flag] of after) if (before.get(environment) !== flag) return false;
  return true;
}

const known = new WeakMap<Snapshot, ReadonlyMap<string, FlagVersions>>();

/** Every flag as it stands in each environment. A snapshot never changes, so it is gone through once. */
export function flagVersions(snapshot: Snapshot): ReadonlyMap<string, FlagVersions> {
  const versions = known.get(snapshot) ?? collectVersions(snapshot);
  known.set(snapshot, versions);
  return versions;
}

function collectVersions({ definitions }: Snapshot): Map<string, FlagVersions> {
  const versions = new Map<string, Map<string, Flag>>();
  for (const { environment, flags } of definitions.values()) {
    for (const flag of flags) {
      const others = versions.get(flag.key);
      if (others) others.set(environment, flag);
      else versions.set(flag.key, new Map([[environment, flag]]));
    }
  }
  return versions;
}

/** Segments are the same in every environment. */
function segmentsOf(snapshot: Snapshot): Map<string, Segment> {
  return byKey(snapshot.definitions.values().next().value?.segments ?? []);
}

function byKey<T extends { readonly key: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.key, item]));
}
