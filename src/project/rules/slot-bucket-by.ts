import { child } from '../../diagnostics/pointer.js';
import type { GateRule } from '../rule.js';

/** The group's hash and the flag's must be of the same unit, or exclusion holds for neither. */
export const slotBucketBy: GateRule = {
  code: 'reference/slot-bucket-by',
  *check({ groups, flags }) {
    for (const [key, { file, data }] of groups) {
      const wanted = data.bucket_by ?? 'targetingKey';
      for (const [index, slot] of data.slots.entries()) {
        const flag = flags.get(slot.flag);
        if (flag === undefined || (flag.data.bucket_by ?? 'targetingKey') === wanted) continue;
        yield {
          file,
          pointer: child('/slots', index, 'flag'),
          message: `flag \`${slot.flag}\` buckets by \`${flag.data.bucket_by ?? 'targetingKey'}\`, its group \`${key}\` by \`${wanted}\``,
          help: 'give both the same `bucket_by`',
          related: [{ file: flag.file, pointer: '/bucket_by', message: 'the flag' }],
        };
      }
    }
  },
};
