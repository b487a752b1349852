import type { FileKind } from '../project/kind.js';

/** What has a history of its own. */
export type ObjectKind = 'flag' | 'segment' | 'group' | 'project';

/** `flag:checkout.one-page`, `segment:premium-users`, `group:banners`, `project:`. */
export type ObjectId = `${ObjectKind}:${string}`;

export const PROJECT_ID: ObjectId = 'project:';

export function kindOfId(id: ObjectId): ObjectKind {
  return id.slice(0, id.indexOf(':')) as ObjectKind;
}

export function keyOfId(id: ObjectId): string {
  return id.slice(id.indexOf(':') + 1);
}

/** The object that a file of this kind speaks of. Tests speak of none. */
export function idOf(kind: FileKind, key: string): ObjectId | undefined {
  switch (kind) {
    case 'flag':
    case 'override':
      return `flag:${key}`;
    case 'segment':
    case 'group':
      return `${kind}:${key}`;
    case 'project':
      return PROJECT_ID;
    case 'test':
      return undefined;
  }
}
