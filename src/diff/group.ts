import { child } from '../diagnostics/pointer.js';
import type { Group } from '../model/group.js';
import { type Change, changeOf, type Difference, difference } from './change.js';
import { diffEntries, diffValue } from './fields.js';
import { plainWords } from './words.js';

type Range = readonly [number, number];

/** What changed in the meaning of one group; `undefined` stands for "there is none". */
export function diffGroup(before: Group | undefined, after: Group | undefined): Change[] {
  if (!before) {
    return after ? [changeOf('group_created', after.key, difference('', undefined, after, createdWords(after)))] : [];
  }
  if (!after) return [changeOf('group_removed', before.key, difference('', before, undefined, 'removed'))];
  return differences(before, after).map((found) => changeOf('group_changed', after.key, found));
}

function createdWords({ slots }: Group): string {
  return `created: ${slots.map(({ flag, range }) => `${flag} ${rangeWords(range)}`).join(', ')}`;
}

function differences(before: Group, after: Group): Difference[] {
  return [
    ...diffEntries(rangesOf(before), rangesOf(after), diffSlot),
    ...diffValue('/bucket_by', 'bucket_by', before.bucket_by, after.bucket_by, plainWords),
    ...diffValue('/owner', 'owner', before.owner, after.owner, plainWords),
    ...diffValue('/description', 'description', before.description, after.description),
  ];
}

function rangesOf({ slots }: Group): Record<string, Range> {
  return Object.fromEntries(slots.map(({ flag, range }) => [flag, range]));
}

function diffSlot(flag: string, before: Range | undefined, after: Range | undefined): Difference[] {
  return diffValue(child('/slots', flag), `slot of ${flag}`, before, after, rangeWords);
}

function rangeWords([start, end]: Range): string {
  return `${start}% to ${end}%`;
}
