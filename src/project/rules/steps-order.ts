import { child } from '../../diagnostics/pointer.js';
import { parseInstant } from '../../engine/instant.js';
import { type RolloutPlace, rolloutsOf } from '../places.js';
import type { RuleFinding, SubjectRule } from '../rule.js';

export const stepsOrder: SubjectRule = {
  code: 'arithmetic/steps-order',
  *check({ parts }) {
    for (const part of parts) for (const place of rolloutsOf(part)) yield* disorder(place);
  },
};

function* disorder({ rollout, file, pointer }: RolloutPlace): Iterable<RuleFinding> {
  let latest = Number.NEGATIVE_INFINITY;
  for (const [index, { at }] of (rollout.steps ?? []).entries()) {
    const time = parseInstant(at);
    if (time === undefined) continue;
    if (time <= latest) {
      yield {
        file,
        pointer: child(pointer, 'steps', index, 'at'),
        message: `step ${index + 1} is not after the one before it`,
        help: 'order the steps by their times, each time once',
      };
    }
    latest = Math.max(latest, time);
  }
}
