import { child } from '../../diagnostics/pointer.js';
import type { Written } from '../project.js';
import type { RuleFinding, SubjectRule } from '../rule.js';
import type { WrittenGroup, WrittenSlot } from '../written.js';

export const slotOverlap: SubjectRule = {
  code: 'arithmetic/slot-overlap',
  *check({ group }) {
    if (group !== undefined) yield* overlaps(group);
  },
};

interface Placed extends WrittenSlot {
  readonly index: number;
}

/** By their beginnings; each is held against the one that reaches furthest of those before it. */
function* overlaps({ file, data }: Written<WrittenGroup>): Iterable<RuleFinding> {
  const slots = data.slots.map((slot, index) => ({ ...slot, index })).filter(({ range: [from, to] }) => from < to);
  let furthest: Placed | undefined;
  for (const slot of slots.sort((a, b) => a.range[0] - b.range[0] || a.index - b.index)) {
    if (furthest !== undefined && slot.range[0] < furthest.range[1]) yield overlap(file, furthest, slot);
    if (furthest === undefined || slot.range[1] > furthest.range[1]) furthest = slot;
  }
}

function overlap(file: string, one: Placed, other: Placed): RuleFinding {
  const [first, second] = one.index < other.index ? [one, other] : [other, one];
  return {
    file,
    pointer: child('/slots', second.index, 'range'),
    message: `the slot of \`${second.flag}\` overlaps that of \`${first.flag}\``,
    help: 'a user is in one slot at most: let one range end where the next begins',
    related: [{ file, pointer: child('/slots', first.index, 'range'), message: 'the other one' }],
  };
}
