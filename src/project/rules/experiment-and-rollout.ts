import { child } from '../../diagnostics/pointer.js';
import type { SubjectRule } from '../rule.js';

/** An environment that gives one of them drops an inherited other, so both can only stand in one place. */
export const experimentAndRollout: SubjectRule = {
  code: 'arithmetic/experiment-and-rollout',
  *check({ parts }) {
    for (const { behaviour, file, pointer } of parts) {
      if (!behaviour.experiment || !behaviour.rollout) continue;
      const keys = Object.keys(behaviour).filter((key) => key === 'rollout' || key === 'experiment');
      const [first, second] = keys as [string, string];
      yield {
        file,
        pointer: child(pointer, second),
        target: 'key',
        message: `\`${second}\` beside \`${first}\`: an experiment takes the place of a rollout`,
        help: 'keep one of the two',
        related: [{ file, pointer: child(pointer, first), target: 'key', message: 'the other one' }],
      };
    }
  },
};
