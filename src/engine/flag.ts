import { TARGETING_KEY } from '../model/context.js';
import type { Evaluation } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import { answersOf } from './answers.js';
import { unitReader } from './attribute.js';
import { prepareVariantHash } from './bucket.js';
import { Fault } from './fault.js';
import { type FlagScope, type Step, tellStep } from './flag-scope.js';
import { parseInstant } from './instant.js';
import { placeOf } from './place.js';
import { compilePrerequisites } from './prerequisites.js';
import { compileRollout } from './rollout.js';
import { compileRules } from './rules.js';
import type { Decide } from './run.js';
import { fail, type Scope, unparsable } from './scope.js';

/** A flag that is not archived. What comes out of it may throw a fault, or whatever the context throws. */
export function compileFlag(flag: Flag, scope: Scope): Decide<Evaluation> {
  const answers = answersOf(flag);
  const readUnit = unitReader(scope.attribute(flag.bucket_by));
  const place = placeOf(readUnit, prepareVariantHash(flag.seed));
  const steps = compileSteps({ ...scope, subject: flag, answers, readUnit, place });
  const otherwise = answers.serve(flag.default, steps.length === 0 ? 'STATIC' : 'DEFAULT');
  return steps.length === 0 ? () => otherwise : firstAnswer(steps, otherwise);
}

function firstAnswer(steps: readonly Step[], otherwise: Evaluation): Decide<Evaluation> {
  return (run) => {
    for (const step of steps) {
      const answer = step(run);
      if (answer !== undefined) return answer;
    }
    return otherwise;
  };
}

/** In the order in which they decide; a step that could not decide anything is none. */
function compileSteps(scope: FlagScope): readonly Step[] {
  if (!scope.subject.enabled) return [killed(scope)];
  return [
    ...compileSchedule(scope),
    ...compileOverrides(scope),
    ...compilePrerequisites(scope),
    ...compileRules(scope),
    ...compileRollout(scope),
  ];
}

function killed({ answers, instrument, subject }: FlagScope): Step {
  const off = answers.serve(subject.off_variant, 'DISABLED');
  return instrument.step('enabled', () => off, tellStep);
}

function compileSchedule({ answers, instrument, subject }: FlagScope): readonly Step[] {
  const { starts_at: starts, expires_at: expires } = subject;
  if (starts === undefined && expires === undefined) return [];
  const from = starts === undefined ? Number.NEGATIVE_INFINITY : (parseInstant(starts) ?? Number.NaN);
  const to = expires === undefined ? Number.POSITIVE_INFINITY : (parseInstant(expires) ?? Number.NaN);
  const inactive = answers.serve(subject.off_variant, 'INACTIVE');
  const step: Step = Number.isNaN(from + to)
    ? fail(unparsable('`starts_at` or `expires_at` is no date'))
    : (run) => (run.now >= from && run.now < to ? undefined : inactive);
  return [instrument.step('schedule', step, tellStep)];
}

function compileOverrides({ answers, instrument, attribute, subject }: FlagScope): readonly Step[] {
  const listed = new Map<string, Evaluation>();
  for (const [variant, keys] of Object.entries(subject.overrides)) {
    const answer = answers.serve(variant, 'OVERRIDE');
    for (const key of keys) listed.set(key, listed.has(key) ? answers.fail(CONTRADICTION) : answer);
  }
  listed.delete('');
  if (listed.size === 0) return [];
  const targetingKey = unitReader(attribute(TARGETING_KEY));
  return [instrument.step('overrides', (run) => listed.get(targetingKey(run)), tellStep)];
}

const CONTRADICTION = new Fault('a targetingKey is listed under two variants');
