import { child } from '../../diagnostics/pointer.js';
import type { Part } from '../../project/project.js';
import type { Rule, RuleFinding } from '../../project/rule.js';
import type { WrittenSplit } from '../../project/written.js';
import { sharersOf } from '../served.js';

export const growthMovesUsers: Rule = {
  code: 'bucketing/growth-moves-users',
  *check({ project }) {
    for (const part of project.parts) {
      for (const { split, pointer } of splitsIn(part)) {
        if (sharersOf(split).length > 1 && totalOf(split) < WHOLE) yield finding(part, pointer, split);
      }
    }
  },
};

/** In thousandths of a percent, so that sums are exact. */
const WHOLE = 100_000;

function totalOf(split: WrittenSplit): number {
  return Object.values(split).reduce((sum, percent) => sum + Math.round(percent * 1000), 0);
}

interface SplitPlace {
  readonly split: WrittenSplit;
  readonly pointer: string;
}

function* splitsIn({ pointer, behaviour }: Part): Iterable<SplitPlace> {
  for (const kind of ['rollout', 'experiment'] as const) {
    const { split, steps = [] } = behaviour[kind] ?? {};
    if (split) yield { split, pointer: child(pointer, kind, 'split') };
    for (const [index, step] of steps.entries()) {
      if (step.split) yield { split: step.split, pointer: child(pointer, kind, 'steps', index, 'split') };
    }
  }
}

function finding({ file }: Part, pointer: string, split: WrittenSplit): RuleFinding {
  const total = totalOf(split);
  return {
    file,
    pointer,
    target: 'key',
    message: `growing this split of ${total / 1000} percent moves users from one variant to another`,
    help: `write \`percent: ${total / 1000}\` and a \`split\` of ${whole(split, total)}: who enters is then another hash than which variant`,
  };
}

/** The split with the same proportions that adds up to 100, if whole thousandths can say it. */
function whole(split: WrittenSplit, total: number): string {
  const shares = Object.entries(split).map(
    ([variant, percent]) => [variant, (Math.round(percent * 1000) * WHOLE) / total] as const,
  );
  if (shares.some(([, share]) => !Number.isInteger(share))) return 'exactly 100';
  return `\`{ ${shares.map(([variant, share]) => `${variant}: ${share / 1000}`).join(', ')} }\``;
}
