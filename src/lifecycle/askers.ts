import { dependenciesOn, type KeyPlace } from '../project/places.js';
import type { Project, Subject } from '../project/project.js';

/** Something in a flag repository that asks for a flag, and where it is written. */
export interface Asker extends Pick<KeyPlace, 'file' | 'pointer'> {
  readonly noun: 'flag' | 'segment' | 'group';
  readonly key: string;
}

/** Whose answers, or whose slots, need this flag: they must be freed of it before it can go. */
export function askersOf(project: Project, key: string): Asker[] {
  return project.subjects.flatMap((subject) => {
    const places = dependenciesOn(subject, (named) => named === key);
    return places.map(({ file, pointer }) => ({ ...nameOf(subject), file, pointer }));
  });
}

function nameOf({ flag, segment, group }: Subject): Pick<Asker, 'noun' | 'key'> {
  if (segment !== undefined) return { noun: 'segment', key: segment.data.key };
  if (group !== undefined) return { noun: 'group', key: group.data.key };
  return { noun: 'flag', key: flag?.data.key ?? '' };
}
