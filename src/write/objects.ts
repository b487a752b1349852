import { Refusal } from '../diagnostics/refusal.js';
import type { JsonObject } from '../model/json.js';
import type { Project } from '../project/project.js';
import type { Edit, FileChange } from './change.js';
import { withField, withoutField } from './fields.js';
import { findSegment, refuseTaken } from './find.js';

/**
 * A flag or segment in a file of its own.
 *
 * @param directory relative to the flag repository
 * @throws Refusal when the key is taken
 */
export function createObject(
  project: Project,
  noun: 'flag' | 'segment',
  data: JsonObject & { readonly key: string },
  directory = '',
): FileChange {
  refuseTaken(project, noun, data.key);
  refuseUnread(directory);
  const prefix = directory === '' ? '' : `${directory}/`;
  return { path: `${prefix}${data.key}.${noun}.yaml`, before: undefined, after: data };
}

/** A folder that the flag repository would not be read from, or that is not in it. */
function refuseUnread(directory: string): void {
  const isRead = directory.split('/').every((name) => name !== '' && !name.startsWith('.') && name !== 'node_modules');
  if (directory === '' || isRead) return;
  throw new Refusal('invalid-argument', `flags cannot stand in \`${directory}\``, {
    help: 'name a folder below the flag repository, without `.` and `/` at the beginning of its names',
  });
}

/** @throws Refusal when there is no such segment */
export function changeSegment(project: Project, key: string, edit: Edit): FileChange {
  const { file, data } = findSegment(project, key);
  const before = data as unknown as JsonObject;
  return { path: file, before, after: edit(before, {}) };
}

export const archive: Edit = (flag) => withField(flag, 'state', 'archived');

export const restore: Edit = (flag) => (flag.state === 'archived' ? withoutField(flag, 'state') : flag);

/** Lists targetingKeys in `included` or `excluded`. */
export function listIds(field: 'included' | 'excluded', ids: readonly string[]): Edit {
  return (segment) => {
    const listed = idsOf(segment, field);
    const added = ids.filter((id) => !listed.includes(id));
    return added.length === 0 ? segment : withField(segment, field, [...listed, ...new Set(added)]);
  };
}

/** Takes targetingKeys out of both lists; a list that is left empty goes. */
export function unlistIds(ids: readonly string[]): Edit {
  return (segment) => {
    let edited = segment;
    for (const field of ['included', 'excluded'] as const) {
      const left = idsOf(segment, field).filter((id) => !ids.includes(id));
      if (left.length === idsOf(segment, field).length) continue;
      edited = left.length === 0 ? withoutField(edited, field) : withField(edited, field, left);
    }
    return edited;
  };
}

function idsOf(segment: JsonObject, field: string): readonly string[] {
  return (segment[field] ?? []) as readonly string[];
}
