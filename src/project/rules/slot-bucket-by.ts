import { child } from '../../diagnostics/pointer.js';
import type { SubjectRule } from '../rule.js';

/** The group's hash and the flag's must be of the same unit, or exclusion holds for neither. */
export const slotBucketBy: SubjectRule = {
  code: 'reference/slot-bucket-by',
  *check({ group }, { flags }) {
    if (group === undefined) return;
    const { key, bucket_by: wanted = 'targetingKey', slots } = group.data;
    for (const [index, slot] of slots.entries()) {
      const flag = flags.get(slot.flag);
      const { bucket_by: own = 'targetingKey' } = flag?.data ?? {};
      if (flag === undefined || own === wanted) continue;
      yield {
        file: group.file,
        pointer: child('/slots', index, 'flag'),
        message: `flag \`${slot.flag}\` buckets by \`${own}\`, its group \`${key}\` by \`${wanted}\``,
        help: 'give both the same `bucket_by`',
        related: [{ file: flag.file, pointer: '/bucket_by', message: 'the flag' }],
      };
    }
  },
};
