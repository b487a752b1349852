import { child } from '../../diagnostics/pointer.js';
import { toThousandths } from '../../engine/percent.js';
import { type At, rangesOf, rolloutsOf, splitsOf } from '../places.js';
import type { Part, Project } from '../project.js';
import type { GateRule, RuleFinding } from '../rule.js';

interface PercentPlace extends At {
  readonly percent: number;
}

export const precision: GateRule = {
  code: 'arithmetic/precision',
  *check(project) {
    for (const part of project.parts) yield* tooFine(percentsOf(part));
    yield* tooFine(percentsOfRanges(project));
  },
};

function* tooFine(places: readonly PercentPlace[]): Iterable<RuleFinding> {
  for (const { percent, file, pointer } of places) {
    if (toThousandths(percent) !== undefined) continue;
    yield {
      file,
      pointer,
      message: `\`${percent}\` is finer than a thousandth of a percent`,
      help: `write ${Math.round(percent * 1000) / 1000}; of three equal shares write 33.333 twice and 33.334 once`,
    };
  }
}

function percentsOf(part: Part): PercentPlace[] {
  const { file } = part;
  const places: PercentPlace[] = [];
  for (const { split, pointer } of splitsOf(part)) {
    for (const [variant, percent] of Object.entries(split))
      places.push({ percent, file, pointer: child(pointer, variant) });
  }
  for (const { rollout, pointer } of rolloutsOf(part)) {
    if (rollout.percent !== undefined)
      places.push({ percent: rollout.percent, file, pointer: child(pointer, 'percent') });
    rollout.steps?.forEach(({ percent }, index) => {
      if (percent !== undefined) places.push({ percent, file, pointer: child(pointer, 'steps', index, 'percent') });
    });
  }
  return places;
}

function percentsOfRanges(project: Project): PercentPlace[] {
  return rangesOf(project).flatMap(({ range, file, pointer }) => {
    return range.map((percent, index) => ({ percent, file, pointer: child(pointer, index) }));
  });
}
