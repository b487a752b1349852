import { child } from '../diagnostics/pointer.js';
import type { Change } from '../diff/change.js';
import { flagVersions } from '../diff/diff.js';
import { diffFlag, type FlagVersions } from '../diff/flag.js';
import { diffGroup } from '../diff/group.js';
import { diffSegment } from '../diff/segment.js';
import { diffSettings } from '../diff/settings.js';
import type { Group } from '../model/group.js';
import type { Segment } from '../model/segment.js';
import type { Settings, Snapshot } from '../model/snapshot.js';
import { keyOfId, kindOfId, type ObjectId } from './object-id.js';

/** A snapshot's objects by key. */
export interface Objects {
  readonly settings: Settings;
  readonly flags: ReadonlyMap<string, FlagVersions>;
  readonly segments: ReadonlyMap<string, Segment>;
  readonly groups: ReadonlyMap<string, Group>;
}

export function objectsOf(snapshot: Snapshot): Objects {
  const [definitions] = snapshot.definitions.values();
  return {
    settings: snapshot.settings,
    flags: flagVersions(snapshot),
    segments: byKey(definitions?.segments ?? []),
    groups: byKey(snapshot.groups),
  };
}

function byKey<T extends { readonly key: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.key, item]));
}

/** What changed in the meaning of one object; `undefined` stands for "there is nothing at all". */
export function diffObject(id: ObjectId, before: Objects | undefined, after: Objects | undefined): Change[] {
  const key = keyOfId(id);
  switch (kindOfId(id)) {
    case 'flag':
      return diffFlag(before?.flags.get(key), after?.flags.get(key));
    case 'segment':
      return diffSegment(before?.segments.get(key), after?.segments.get(key));
    case 'group':
      return diffGroup(before?.groups.get(key), after?.groups.get(key));
    case 'project':
      return before && after ? diffSettings(before.settings, after.settings) : [];
  }
}

/** Is this the change of a group that gives a flag another slot, or takes it away? */
export function concernsSlot({ path, before, after }: Change, flag: string): boolean {
  if (path !== '') return path === child('/slots', flag);
  const group = (after ?? before) as Group;
  return group.slots.some((slot) => slot.flag === flag);
}
