import type { Experiment, Rollout, Split } from '../model/flag.js';
import { Fault } from './fault.js';
import { type FlagScope, type Step, tellStep } from './flag-scope.js';
import { behindGates } from './gate.js';
import { toThousandths } from './percent.js';
import { fail, unparsable } from './scope.js';
import { compileSplit } from './split.js';
import { stagesOf } from './stage.js';

/** What a rollout does from one instant on. */
interface Compiled {
  readonly from: number;
  readonly step: Step;
}

/** The step of the rollout or experiment, if there is one. */
export function compileRollout(scope: FlagScope): readonly Step[] {
  const { experiment, rollout } = scope.subject;
  const wanted = experiment ?? rollout;
  if (wanted === undefined || isEmpty(wanted)) return [];
  const clash = experiment !== undefined && rollout !== undefined;
  const step = clash ? fail(new Fault('there is an experiment beside a rollout')) : compileStages(wanted, scope);
  return [scope.instrument.step(experiment ? 'experiment' : 'rollout', step, tellStep)];
}

function isEmpty({ percent, split = [], steps = [] }: Rollout): boolean {
  return percent === undefined && split.length === 0 && steps.length === 0;
}

function compileStages(rollout: Experiment, scope: FlagScope): Step {
  const { steps = [] } = rollout;
  if (steps.length === 0) return compileStage(rollout, scope);
  const stages = stagesOf(rollout).map(({ from, plan }) => ({ from, step: compileStage(plan, scope) }));
  return areAscending(stages) ? atItsTime(stages) : fail(unparsable('the times of the steps do not ascend'));
}

function areAscending(stages: readonly Compiled[]): boolean {
  let last = Number.NEGATIVE_INFINITY;
  return stages.every(({ from }) => {
    const isLater = from > last;
    last = from;
    return isLater;
  });
}

/** The last stage that has begun; nobody gets anything before the first. */
function atItsTime(stages: readonly Compiled[]): Step {
  return (run) => stages.findLast((stage) => stage.from <= run.now)?.step(run);
}

function compileStage(stage: Experiment, scope: FlagScope): Step {
  const percent = toThousandths(stage.percent ?? 100);
  if (percent === undefined) return fail(unparsable('`percent` is no percentage'));
  if (stage.split === undefined) return fail(new Fault('there is no split to give'));
  if (percent === 0 || givesNothing(stage.split)) return nobody(scope);
  const serve = (variant: string) => scope.answers.serve(variant, 'SPLIT');
  const split = compileSplit(stage.split, { whole: scope.subject.experiment !== undefined, serve }, scope);
  return behindGates(stage, percent, split, scope);
}

function givesNothing(split: Split): boolean {
  return split.every((share) => share.percent === 0);
}

function nobody({ instrument }: FlagScope): Step {
  const told = { outcome: 'out', detail: 'nobody enters' };
  return instrument.step(
    'percent',
    () => undefined,
    () => told,
  );
}
