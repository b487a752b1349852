import { type KeyPlace, slotsOf } from '../places.js';
import type { WholeRule } from '../rule.js';

export const duplicateSlot: WholeRule = {
  code: 'reference/duplicate-slot',
  *check(project) {
    const seen = new Map<string, KeyPlace>();
    for (const place of [...project.groups.values()].flatMap((group) => slotsOf({ group }))) {
      const first = seen.get(place.key);
      if (first === undefined) seen.set(place.key, place);
      else {
        yield {
          file: place.file,
          pointer: place.pointer,
          message: `flag \`${place.key}\` has a slot already`,
          help: 'a flag is in at most one slot of one group: keep one of the two',
          related: [{ file: first.file, pointer: first.pointer, message: 'the other one' }],
        };
      }
    }
  },
};
