import type { Change } from '../../diff/change.js';
import type { Project } from '../../project/project.js';
import type { ReviewRule } from '../rule.js';

/** Whoever owned it should know. Somebody who takes up what nobody owned takes it from nobody. */
export const ownerChanged: ReviewRule = {
  code: 'review/owner-changed',
  *check({ delta, after }) {
    for (const change of delta.changes) {
      if (change.path !== '/owner' || change.before === undefined) continue;
      const noun = change.kind.slice(0, change.kind.indexOf('_'));
      const now = change.after === undefined ? 'nobody' : `\`${change.after}\``;
      yield {
        file: fileOf(after.project, change),
        pointer: '/owner',
        message: `the ${noun} \`${change.key}\` goes from \`${change.before}\` to ${now}`,
        help: `ask \`${change.before}\` to review this`,
      };
    }
  },
};

function fileOf({ flags, segments, groups }: Project, { kind, key }: Change): string {
  const objects = kind.startsWith('flag') ? flags : kind.startsWith('segment') ? segments : groups;
  return objects.get(key)?.file ?? '';
}
