import type { Flag } from '../model/flag.js';
import { findKeyed, without } from '../model/keyed.js';
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
  const keys = keysOfChanged(before, after);
  return [
    ...diffSettings(before.settings, after.settings),
    ...diffEach(versionsOf(before, keys), versionsOf(after, keys), diffFlag),
    ...diffEach(segmentsOf(before), segmentsOf(after), diffSegment),
    ...diffEach(byKey(before.groups), byKey(after.groups), diffGroup),
  ];
}

/** Of flags that are not the same object everywhere: most are. */
function keysOfChanged(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const environment of new Set([...before.definitions.keys(), ...after.definitions.keys()])) {
    const [old = [], now = []] = [before, after].map(({ definitions }) => definitions.get(environment)?.flags);
    for (const { key } of [...without(old, now), ...without(now, old)]) keys.add(key);
  }
  return keys;
}

/** Most have not changed, which is seen without looking into them. */
function diffEach<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  diffOne: (before: T | undefined, after: T | undefined) => Change[],
): Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
  return keys.sort().flatMap((key) => diffOne(before.get(key), after.get(key)));
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

/** The same of some flags, as far as they are there. */
export function versionsOf({ definitions }: Snapshot, keys: Iterable<string>): Map<string, FlagVersions> {
  const versions = new Map<string, FlagVersions>();
  for (const key of keys) {
    const found = [...definitions.values()].flatMap(({ environment, flags }) => {
      const flag = findKeyed(flags, key);
      return flag === undefined ? [] : [[environment, flag] as const];
    });
    if (found.length > 0) versions.set(key, new Map(found));
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
