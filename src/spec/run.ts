import { evaluatorFor } from '../engine/evaluator.js';
import { parseInstant } from '../engine/instant.js';
import type { Definitions } from '../model/definitions.js';
import type { Evaluator } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import type { JsonObject } from '../model/json.js';
import type { Snapshot } from '../model/snapshot.js';
import {
  answerOf,
  type BrokenCase,
  type CaseResult,
  type Exercised,
  type Expectation,
  type Placed,
  type PlannedCase,
} from './case.js';
import { meets } from './compare.js';
import { sampleShares, sharesMeet } from './distribution.js';
import { placeUser } from './place.js';
import { segmentAnswers } from './segments.js';

/** The instant of a case that names none, 2000-01-01T00:00:00Z: no test passes today and fails tomorrow. */
export const DEFAULT_NOW = Date.UTC(2000, 0, 1);

/** What the cases of one environment are run on. */
interface Stage {
  readonly evaluator: Evaluator;
  readonly flags: ReadonlyMap<string, Flag>;
}

/** A case with everything in place: the stage, the time and, where it stands at a place, its user. */
interface Scene extends Stage {
  readonly planned: PlannedCase;
  readonly context: JsonObject;
  readonly now: number;
  readonly placed?: Placed;
}

type Outcome = Pick<CaseResult, 'ok' | 'expected' | 'actual' | 'trace' | 'exercised' | 'problem'>;

/**
 * Runs every case; the results are in the order of the cases. Pure and synchronous, nothing throws.
 * @param now milliseconds since 1970, for the cases that name no time
 */
export function runCases(
  snapshot: Snapshot,
  cases: readonly (PlannedCase | BrokenCase)[],
  now: number = DEFAULT_NOW,
): CaseResult[] {
  const stageOf = stages(snapshot.definitions);
  return cases.map((planned) => {
    if ('problem' in planned) return { ...planned, ...broken(planned.problem) };
    return { ...identityOf(planned), ...runCase(planned, stageOf(planned.environment), now) };
  });
}

/** Each environment is compiled when its first case is met. */
function stages(definitions: ReadonlyMap<string, Definitions>): (environment: string) => Stage | undefined {
  const known = new Map<string, Stage>();
  return (environment) => {
    const found = known.get(environment);
    const written = definitions.get(environment);
    if (found || !written) return found;
    const flags = new Map(written.flags.map((flag) => [flag.key, flag]));
    const stage = { evaluator: evaluatorFor(written), flags };
    known.set(environment, stage);
    return stage;
  };
}

function identityOf({ file, name, subject, environment }: PlannedCase) {
  return { file, name, ...subject, environment };
}

function broken(problem: string): Outcome {
  return { ok: false, expected: {}, actual: {}, problem };
}

function runCase(planned: PlannedCase, stage: Stage | undefined, fallback: number): Omit<CaseResult, 'file' | 'name'> {
  if (!stage) return broken(`there is no environment \`${planned.environment}\``);
  const now = planned.now === undefined ? fallback : parseInstant(planned.now);
  if (now === undefined) return broken(`\`now: ${planned.now}\` is not an RFC 3339 date`);
  const scene = placeCase({ ...stage, planned, context: planned.context, now });
  if (typeof scene === 'string') return broken(scene);
  return { ...(scene.placed && { placed: scene.placed }), ...check(scene) };
}

/** Puts a generated user into the context where the case wants a place; a text says why that cannot be. */
function placeCase(scene: Scene): Scene | string {
  const { places } = scene.planned;
  if (!places) return scene;
  const flag = flagOf(scene);
  if (!flag) return '`bucket` needs a flag that exists';
  const placed = placeUser(flag, places);
  if (!placed) return `no generated user stands at ${places.bucket} % there; write an id of your own into the context`;
  return { ...scene, placed, context: { ...scene.context, [placed.attribute]: placed.unit } };
}

function flagOf({ planned: { subject }, flags }: Scene): Flag | undefined {
  return 'flag' in subject ? flags.get(subject.flag) : undefined;
}

function check(scene: Scene): Outcome {
  const { expect, distribution, subject } = scene.planned;
  if (distribution) return checkDistribution(scene);
  if (!expect) return broken('the case expects nothing');
  return 'flag' in subject ? checkFlag(scene, subject.flag, expect) : checkSegment(scene, subject.segment, expect);
}

function checkFlag({ evaluator, context, now, planned }: Scene, flag: string, expect: Expectation): Outcome {
  const { evaluation, trace } = evaluator.explain(flag, context, now);
  const actual = answerOf(evaluation);
  const exercised: Exercised = {
    environment: planned.environment,
    flag,
    variants: new Set(evaluation.variant === null ? [] : [evaluation.variant]),
    rules: new Set(evaluation.rule === undefined ? [] : [evaluation.rule]),
    segments: segmentAnswers(trace),
  };
  return { ok: meets(actual, { ...expect }), expected: { ...expect }, actual, trace, exercised };
}

function checkSegment({ evaluator, context, now, planned }: Scene, segment: string, expect: Expectation): Outcome {
  const member = evaluator.isMember(segment, context, now) ?? null;
  const trace = evaluator.explainMember(segment, context, now);
  const own = member === null ? [] : [{ segment, member }];
  const exercised: Exercised = {
    environment: planned.environment,
    variants: new Set(),
    rules: new Set(),
    segments: [...own, ...segmentAnswers(trace)],
  };
  return { ok: meets({ member }, { ...expect }), expected: { ...expect }, actual: { member }, trace, exercised };
}

function checkDistribution(scene: Scene): Outcome {
  const { evaluator, context, now, planned } = scene;
  const flag = flagOf(scene);
  const { distribution } = planned;
  if (!flag || !distribution) return broken('`distribution` needs a flag that exists');
  const { shares, variants, rules } = sampleShares(evaluator, flag, { context, now, sample: distribution.sample });
  const exercised = { environment: planned.environment, flag: flag.key, variants, rules, segments: [] };
  const { expect, ...terms } = distribution;
  return {
    ok: sharesMeet(shares, distribution),
    expected: { shares: expect, ...terms },
    actual: { shares },
    exercised,
  };
}
