import { flagPlace } from '../places.js';
import type { ReviewRule } from '../rule.js';

/** A flag that comes back as it was is restored; one that comes back as something else is another flag. */
export const reusedKey: ReviewRule = {
  code: 'review/reused-key',
  *check({ delta, after, formerKeys }) {
    const restored = delta.changes.filter(({ kind }) => kind === 'flag_restored');
    for (const { key } of restored) {
      const others = delta.changes.filter((change) => change.key === key && change.kind === 'flag_changed');
      if (others.length === 0) continue;
      yield {
        ...flagPlace(after.project, key, 'key'),
        message: `\`${key}\` is the key of an archived flag, and is used again for another`,
        help: 'choose a new key; to bring the old flag back, restore it in a change of its own',
      };
    }
    for (const [key, commit] of formerKeys.commits) {
      if (!delta.changes.some((change) => change.key === key && change.kind === 'flag_created')) continue;
      yield {
        ...flagPlace(after.project, key, 'key'),
        message: `\`${key}\` is the key of a flag that was removed (commit ${commit.slice(0, 12)}), and is used again`,
        help: 'choose a new key; to bring the old flag back, revert its removal in a change of its own',
      };
    }
  },
};
