import { stepsOf } from '../diagnostics/pointer.js';
import type { Change } from './change.js';

/** Fields that people and clients read and no decision depends on. */
const PAPERWORK: ReadonlySet<string> = new Set([
  'owner',
  'purpose',
  'description',
  'tags',
  'remove_by',
  'snooze',
  'metadata',
  'value_schema',
  'expose',
]);

/** Lists of targetingKeys. */
const LISTS: ReadonlySet<string> = new Set(['overrides', 'included', 'excluded']);

/** Can this change give anybody another answer? */
export function mattersToAnswers({ kind, path }: Change): boolean {
  if (kind === 'project_changed') return false;
  const [field = '', , part] = stepsOf(path);
  if (field === 'rules') return part !== 'name';
  return !PAPERWORK.has(field) && path !== '/experiment/hypothesis';
}

/** Does it concern only users whom a list names? */
export function isListChange({ path }: Change): boolean {
  return LISTS.has(stepsOf(path)[0] ?? '');
}

/** The targetingKeys that came to the list or went from it. */
export function namedUsers({ before, after }: Change): string[] {
  const [old, now] = [keysIn(before), keysIn(after)];
  return [...[...old].filter((key) => !now.has(key)), ...[...now].filter((key) => !old.has(key))];
}

function keysIn(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.filter((key) => typeof key === 'string') : []);
}
