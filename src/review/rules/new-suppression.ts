import { type Suppression, suppressionsIn } from '../../lint/suppressions.js';
import type { ReviewRule } from '../rule.js';

/** A suppression is a decision to look away, so somebody should look at it once. */
export const newSuppression: ReviewRule = {
  code: 'review/new-suppression',
  *check({ before, after }) {
    const known = new Map<string, number>();
    for (const one of suppressionsIn(before.project.files)) known.set(keyOf(one), (known.get(keyOf(one)) ?? 0) + 1);
    for (const one of suppressionsIn(after.project.files)) {
      const left = known.get(keyOf(one)) ?? 0;
      known.set(keyOf(one), left - 1);
      if (left > 0) continue;
      const reason = one.reason === '' ? '' : `, since \`${one.reason}\``;
      yield {
        file: one.file,
        pointer: '',
        range: one.range,
        message: `\`${one.codes.join(', ')}\` is suppressed in line ${one.line}${reason}`,
        help: 'agree that this is better than to mend it',
      };
    }
  },
};

function keyOf({ file, codes }: Suppression): string {
  return `${file} ${[...codes].sort().join(' ')}`;
}
