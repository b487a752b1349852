import { stepsOf } from '../diagnostics/pointer.js';
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

/** A place in a flag that asks about something else: `rule "Europe"`, `prerequisite a`. */
export function askingWords(path: string): string {
  const [field = '', name = ''] = stepsOf(path);
  if (field === 'rules') return /^rule \d+$/.test(name) ? name : `rule ${JSON.stringify(name)}`;
  if (field === 'prerequisites') return `prerequisite ${name}`;
  return path === '/experiment/slot' ? 'its slot' : "the experiment's audience";
}

/** The way from what changed to a flag: `segment a, segment b`; empty when it is direct. */
export function wayWords(via: readonly string[]): string {
  return via
    .slice(1)
    .map((node) => node.replace(':', ' '))
    .join(', ');
}
