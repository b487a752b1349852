import type { Entry, Noun } from '../diff/outline.js';

const NOUNS: Readonly<Record<Noun, readonly [one: string, many: string]>> = {
  flag: ['flag', 'flags'],
  segment: ['segment', 'segments'],
  group: ['group', 'groups'],
  project: ['project', 'project'],
};

export function nounWords(noun: Noun): string {
  return NOUNS[noun][0];
}

/** `2 flags, 1 segment changed`. What is only reached has not changed. */
export function changedWords(entries: readonly Entry[]): string {
  const changed = entries.filter(({ lines }) => lines.length > 0);
  const counts = Object.entries(NOUNS).flatMap(([noun, [one, many]]) => {
    const count = changed.filter((entry) => entry.noun === noun).length;
    if (count === 0) return [];
    return noun === 'project' ? ['the project'] : [`${count} ${count === 1 ? one : many}`];
  });
  return counts.length === 0 ? 'no changes in meaning' : `${counts.join(', ')} changed`;
}

export function placesWords(environments: readonly string[]): string {
  return environments.length === 0 ? 'everywhere' : environments.join(', ');
}
