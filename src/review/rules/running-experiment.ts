import { hazardsOf } from '../../diff/hazards.js';
import { sameSplit } from '../../diff/split.js';
import { finalDraw, fixedAnswer } from '../../diff/stages.js';
import type { Flag } from '../../model/flag.js';
import { behaviourPlace } from '../places.js';
import type { ReviewInput, ReviewRule } from '../rule.js';

/** What was measured before and what is measured after are two experiments. */
export const runningExperiment: ReviewRule = {
  code: 'review/running-experiment',
  *check(input) {
    const { after } = input;
    for (const [key, versions] of after.flags) {
      for (const [environment, flag] of versions) {
        if (!isDisturbed(input, flag, environment)) continue;
        yield {
          ...behaviourPlace(after.project, key, environment, 'experiment'),
          message: `the experiment of \`${key}\` is running in ${environment}, and its split changes`,
          help: 'let it end first, or grow it with `percent`; a new split is a new experiment with a new seed',
        };
      }
    }
  },
};

function isDisturbed({ before, now }: ReviewInput, flag: Flag, environment: string): boolean {
  const old = before.flags.get(flag.key)?.get(environment);
  if (!old || !isRunning(old, now) || !isRunning(flag, now)) return false;
  if (!sameSplit(finalDraw(old, now).split, finalDraw(flag, now).split)) return true;
  const sides = [old, flag].map((side) => new Map([[environment, side]])) as [Map<string, Flag>, Map<string, Flag>];
  return hazardsOf(...sides, now).some(({ kind }) => kind !== 'variant_renamed');
}

/** Does the experiment take anybody in? */
function isRunning(flag: Flag, now: number): boolean {
  const { percent, split } = finalDraw(flag, now);
  return flag.experiment !== undefined && !fixedAnswer(flag, now) && percent > 0 && split.length > 0;
}
