import { child } from '../../diagnostics/pointer.js';
import { toThousandths } from '../../engine/percent.js';
import { type At, rangesOf, rolloutsOf, splitsOf } from '../places.js';
import type { RuleFinding, SubjectRule } from '../rule.js';
import type { WrittenRollout } from '../written.js';

export const precision: SubjectRule = {
  code: 'arithmetic/precision',
  *check(subject) {
    for (const part of subject.parts) {
      for (const { split, file, pointer } of splitsOf(part)) yield* tooFine(split, { file, pointer });
      for (const { rollout, file, pointer } of rolloutsOf(part)) yield* ofPercents(rollout, { file, pointer });
    }
    for (const { range, file, pointer } of rangesOf(subject)) yield* tooFine(range, { file, pointer });
  },
};

function* ofPercents({ percent, steps = [] }: WrittenRollout, { file, pointer }: At): Iterable<RuleFinding> {
  yield* tooFine({ percent }, { file, pointer });
  for (const [index, step] of steps.entries()) {
    yield* tooFine({ percent: step.percent }, { file, pointer: `${pointer}/steps/${index}` });
  }
}

/** @param percents by the step that leads to each */
function* tooFine(
  percents: readonly number[] | Readonly<Record<string, number | undefined>>,
  { file, pointer }: At,
): Iterable<RuleFinding> {
  for (const [step, percent] of Object.entries(percents)) {
    if (percent === undefined || toThousandths(percent) !== undefined) continue;
    yield {
      file,
      pointer: child(pointer, step),
      message: `\`${percent}\` is finer than a thousandth of a percent`,
      help: `write ${Math.round(percent * 1000) / 1000}; of three equal shares write 33.333 twice and 33.334 once`,
    };
  }
}
