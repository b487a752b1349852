import type { Experiment, Rollout, Step as RolloutStep, Split } from '../model/flag.js';
import { Fault } from './fault.js';
import { type FlagScope, type Step, tellStep } from './flag-scope.js';
import { behindGates } from './gate.js';
import { parseInstant } from './instant.js';
import { toThousandths } from './percent.js';
import { fail, unparsable } from './scope.js';
import { compileSplit } from './split.js';

/** What a rollout is from one instant on. */
interface Stage {
  readonly at: number;
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
  const stages = steps.map((step) => stageOf(step, rollout, scope));
  return areAscending(stages) ? atItsTime(stages) : fail(unparsable('the times of the steps do not ascend'));
}

function stageOf(step: RolloutStep, rollout: Experiment, scope: FlagScope): Stage {
  return { at: parseInstant(step.at) ?? Number.NaN, step: compileStage({ ...rollout, ...step }, scope) };
}

function areAscending(stages: readonly Stage[]): boolean {
  let last = Number.NEGATIVE_INFINITY;
  return stages.every(({ at }) => {
    const isLater = at > last;
    last = at;
    return isLater;
  });
}

/** The last stage that has begun; nobody gets anything before the first. */
function atItsTime(stages: readonly Stage[]): Step {
  return (run) => stages.findLast((stage) => stage.at <= run.now)?.step(run);
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
