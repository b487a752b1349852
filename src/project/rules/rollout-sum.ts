import { WHOLE } from '../../engine/percent.js';
import { splitsOf } from '../places.js';
import type { SubjectRule } from '../rule.js';
import { formatPercent, sumOf } from '../sums.js';

/** What is left of a rollout gets the default, so it may add up to less than 100. */
export const rolloutSum: SubjectRule = {
  code: 'arithmetic/rollout-sum',
  *check({ parts }) {
    for (const part of parts) {
      for (const { kind, split, file, pointer } of splitsOf(part)) {
        const sum = sumOf(split) ?? 0;
        if (kind !== 'rollout' || sum <= WHOLE) continue;
        yield {
          file,
          pointer,
          target: 'key',
          message: `the rollout adds up to ${formatPercent(sum)}, more than 100`,
          help: `take ${formatPercent(sum - WHOLE)} away`,
        };
      }
    }
  },
};
