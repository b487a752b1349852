import { stepsOf } from '../diagnostics/pointer.js';

/** How a person speaks of a place: `rule 2`, `` `country` ``, `item 3 of `tags``; empty for the whole file. */
export function placeName(pointer: string): string {
  const steps = stepsOf(pointer);
  const last = steps.at(-1);
  if (last === undefined) return '';
  if (!/^\d+$/.test(last)) return `\`${shorten(last)}\``;
  const owner = steps.at(-2) ?? '';
  const number = Number(last) + 1;
  const item = ITEMS.get(owner);
  return item === undefined ? `item ${number} of \`${shorten(owner)}\`` : `${item} ${number}`;
}

const ITEMS = new Map([
  ['rules', 'rule'],
  ['conditions', 'condition'],
  ['all', 'condition'],
  ['any', 'condition'],
  ['prerequisites', 'prerequisite'],
  ['steps', 'step'],
  ['slots', 'slot'],
  ['cases', 'case'],
]);

/** A JSON Schema type, as people call it. */
export function nameOfType(type: string): string {
  return TYPES[type] ?? type;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

export function kindOfValue(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `\`${shorten(String(value))}\``;
}

/** One line of bounded length, whatever the user wrote. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('`', "'");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
