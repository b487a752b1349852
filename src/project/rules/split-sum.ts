import { WHOLE } from '../../engine/percent.js';
import { splitsOf } from '../places.js';
import type { SubjectRule } from '../rule.js';
import { formatPercent, sumOf } from '../sums.js';

/** Splits of rules and experiments give each user of theirs a variant. */
export const splitSum: SubjectRule = {
  code: 'arithmetic/split-sum',
  *check({ parts }) {
    for (const part of parts) {
      for (const { kind, split, file, pointer } of splitsOf(part)) {
        const sum = sumOf(split);
        if (kind === 'rollout' || sum === undefined || sum === WHOLE) continue;
        yield {
          file,
          pointer,
          target: 'key',
          message: `the split of ${kind === 'rule' ? 'a rule' : 'an experiment'} adds up to ${formatPercent(sum)}, not to exactly 100`,
          help: helpFor(sum, Object.values(split)),
        };
      }
    }
  },
};

/** Equal shares that cannot be equal: the last one takes what rounding left. */
function helpFor(sum: number, shares: readonly number[]): string {
  const rest = WHOLE - sum;
  const first = shares[0] as number;
  const isRounding = Math.abs(rest) < shares.length && shares.every((share) => share === first);
  if (isRounding) return `write ${formatPercent(Math.round(first * 1000) + rest)} once`;
  return rest > 0 ? `${formatPercent(rest)} is left to give` : `take ${formatPercent(-rest)} away`;
}
