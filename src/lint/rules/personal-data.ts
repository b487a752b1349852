import type { Place } from '../../diagnostics/diagnostic.js';
import { child } from '../../diagnostics/pointer.js';
import type { Json } from '../../model/json.js';
import type { Project } from '../../project/project.js';
import type { Rule } from '../../project/rule.js';

export const personalData: Rule = {
  code: 'safety/personal-data',
  *check({ project }) {
    for (const { text, place } of literalsIn(project)) {
      if (!LIKE_AN_ADDRESS.test(text)) continue;
      yield {
        ...place,
        message: `\`${text}\` looks like an e-mail address, and what is in git stays there for ever`,
        help: 'use an id that says nothing to outsiders, or keep the list out of the repository',
      };
    }
  },
};

const LIKE_AN_ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+$/;

interface Text {
  readonly text: string;
  readonly place: Place;
}

/** The texts that say who gets something. */
function* literalsIn({ parts, segments, comparisons }: Project): Iterable<Text> {
  for (const { file, pointer, behaviour } of parts) {
    for (const [variant, keys] of Object.entries(behaviour.overrides ?? {})) {
      yield* textsIn(keys, { file, pointer: child(pointer, 'overrides', variant) });
    }
  }
  for (const { file, data } of segments.values()) {
    yield* textsIn(data.included ?? [], { file, pointer: '/included' });
    yield* textsIn(data.excluded ?? [], { file, pointer: '/excluded' });
  }
  for (const { comparison, file, pointer } of comparisons) {
    yield* textsIn(comparison.value, { file, pointer: child(pointer, 'value') });
  }
}

function* textsIn(value: Json | undefined, place: Place): Iterable<Text> {
  if (typeof value === 'string') yield { text: value, place };
  if (!Array.isArray(value)) return;
  for (const [index, item] of value.entries()) {
    if (typeof item === 'string') yield { text: item, place: { ...place, pointer: child(place.pointer, index) } };
  }
}
