import type { Place } from '../../diagnostics/diagnostic.js';
import type { Json } from '../../model/json.js';
import type { Literal } from '../conjunctions.js';
import type { Subject } from './facts.js';

/** What comparisons ask about, for people. */
export function labelOf({ kind, name }: Subject): string {
  switch (kind) {
    case 'attribute':
      return `\`${name}\``;
    case 'clock':
      return 'the time';
    case 'bucket':
      return `the bucket of \`${name}\``;
    case 'flag':
    case 'segment':
      return `${kind} \`${name}\``;
  }
}

/** A comparison as a related place. */
export function relatedTo({ comparison, negated, file, pointer }: Literal): Place & { readonly message: string } {
  const { attribute, operator, value } = comparison;
  const words = [negated ? 'not' : '', attribute ?? '', operator, value === undefined ? '' : shorten(value)];
  return { file, pointer, target: 'key', message: `\`${words.filter((word) => word !== '').join(' ')}\`` };
}

function shorten(value: Json): string {
  const text = JSON.stringify(value).replaceAll('`', "'");
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
