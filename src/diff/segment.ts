import type { Segment } from '../model/segment.js';
import { type Change, changeOf, type Difference, difference } from './change.js';
import { conditionsWords } from './condition-words.js';
import { diffConditions } from './conditions.js';
import { diffSet, diffValue } from './fields.js';
import { plainWords } from './words.js';

/** What changed in the meaning of one segment; `undefined` stands for "there is none". */
export function diffSegment(before: Segment | undefined, after: Segment | undefined): Change[] {
  if (!before) return after ? [changeOf('segment_created', after.key, created(after))] : [];
  if (!after) return [changeOf('segment_removed', before.key, difference('', before, undefined, 'removed'))];
  return differences(before, after).map((found) => changeOf('segment_changed', after.key, found));
}

function created(segment: Segment): Difference {
  return difference('', undefined, segment, `created: ${membershipWords(segment)}`);
}

function membershipWords({ enabled, parent, conditions, included, excluded }: Segment): string {
  const parts = [
    ...(enabled ? [] : ['disabled']),
    ...(parent === undefined ? [] : [`within ${parent}`]),
    ...(conditions.length === 0 ? [] : [conditionsWords(conditions)]),
    ...(included.length === 0 ? [] : [`${included.length} included`]),
    ...(excluded.length === 0 ? [] : [`${excluded.length} excluded`]),
  ];
  return parts.join(', ');
}

function differences(before: Segment, after: Segment): Difference[] {
  return [
    ...diffValue('/enabled', 'enabled', before.enabled, after.enabled),
    ...diffValue('/parent', 'parent', before.parent, after.parent, plainWords),
    ...diffConditions('/conditions', '', before.conditions, after.conditions),
    ...diffSet('/included', 'included', before.included, after.included),
    ...diffSet('/excluded', 'excluded', before.excluded, after.excluded),
    ...diffValue('/owner', 'owner', before.owner, after.owner, plainWords),
    ...diffValue('/description', 'description', before.description, after.description),
  ];
}
