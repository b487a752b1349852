import { type Context, TARGETING_KEY } from '../model/context.js';
import type { Flag } from '../model/flag.js';
import type { Snapshot } from '../model/snapshot.js';
import { type Affected, affectedBy } from './affected.js';
import type { Change } from './change.js';
import { createDice } from './dice.js';
import { flagVersions } from './diff.js';
import { type Reckoning, reckon } from './exact.js';
import { findExample } from './example.js';
import { type Population, type Questions, questionsOf, synthesize } from './population.js';
import { type Plan, type Sampled, sample } from './sample.js';
import { definitionsOf, differsFor, type Outcome, outcomeOf, type Sides, sidesOf } from './sides.js';
import { finalDraw, turningPoints } from './stages.js';
import { byShare, type Transition, totalOf, transition } from './transition.js';

/** Who gets something else from one flag in one environment. */
export interface Impact {
  readonly flag: string;
  readonly environment: string;
  /** Of all users, from 0 to 1. */
  readonly share: number;
  /** Computed from the ranges of the hashes; otherwise estimated with the population of the report. */
  readonly exact: boolean;
  /** What the ranges say where they do not say all: the share is no more than this. */
  readonly at_most?: number;
  /** RFC 3339: not now but then, when a step or a time of the flag comes, the change reaches the most. */
  readonly at?: string;
  readonly transitions: readonly Transition[];
  /** Users whom a list names that changed. They are no share of all, so they are counted. */
  readonly named?: readonly NamedTransition[];
}

export interface NamedTransition extends Outcome {
  readonly users: number;
  readonly example: Context;
}

export interface ImpactReport {
  /** Left out when nothing had to be estimated. */
  readonly population?: Population;
  readonly flags: readonly Impact[];
}

export interface ImpactOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Real contexts and the name of where they come from. Without them a population is made up. */
  readonly contexts?: { readonly source: string; readonly contexts: Iterable<Context> };
  /** All that both sides have, if left out. */
  readonly environments?: ReadonlySet<string>;
  /** What the dice begin with; 1 if left out. */
  readonly seed?: number;
}

/**
 * Who would get something else: exact where hashes alone decide, else estimated by evaluating contexts on both
 * sides. Only flags are evaluated that a change reaches; each side is compiled once.
 */
export function impactOf(
  changes: readonly Change[],
  before: Snapshot,
  after: Snapshot,
  options: ImpactOptions,
): ImpactReport {
  const sides = sidesOf(before, after);
  const affected = affectedBy(changes, before, after).filter(({ environment }) => {
    return options.environments?.has(environment) ?? true;
  });
  const reckonings = affected.map((each) => ({ each, reckoning: reckon(each, options.now) }));
  const flagsOf = flagsOfBoth(before, after);
  const open = reckonings
    .filter(({ reckoning }) => !reckoning.exact)
    .map(({ each }) => planFor(each, flagsOf, options.now));
  const { population, sampled } = estimate(open, before, after, sides, options);
  const byAffected = new Map(sampled.map((result) => [result.plan.affected, result]));
  const flags = reckonings.map(({ each, reckoning }) =>
    impactFor(each, reckoning, byAffected.get(each), sides(each.environment), options.now),
  );
  return { ...(population ? { population } : {}), flags: flags.filter(isWorthTelling).sort(byPlace) };
}

type SidesOf = (environment: string) => Sides;

/** A flag is asked about now and when it, or a changed flag that it depends on, turns; of many times the next ones. */
function planFor(
  affected: Affected,
  flagsOf: (key: string, environment: string) => readonly Flag[],
  now: number,
): Plan {
  const sources = [...affected.sources].flatMap((key) => flagsOf(key, affected.environment));
  const later = turningPoints([affected.before, affected.after, ...sources], now);
  return { affected, moments: [now, ...later.slice(0, MOST_MOMENTS - 1)] };
}

/** A flag as it stands in an environment on each side that has it. */
function flagsOfBoth(before: Snapshot, after: Snapshot): (key: string, environment: string) => readonly Flag[] {
  const sides = [flagVersions(before), flagVersions(after)];
  return (key, environment) => sides.flatMap((versions) => versions.get(key)?.get(environment) ?? []);
}

const MOST_MOMENTS = 8;

interface Estimate {
  readonly population?: Population;
  readonly sampled: readonly Sampled[];
}

function estimate(
  plans: readonly Plan[],
  before: Snapshot,
  after: Snapshot,
  sides: SidesOf,
  { contexts, seed = 1, now }: ImpactOptions,
): Estimate {
  if (plans.length === 0) return { sampled: [] };
  if (contexts) {
    const { size, sampled } = sample(contexts.contexts, plans, sides);
    return { population: { kind: 'file', size, source: contexts.source }, sampled };
  }
  const attributes = { ...before.settings.context, ...after.settings.context };
  const asked = questionsIn(plans, [before, after]);
  const madeUp = synthesize(sizeFor(plans), asked, attributes, createDice(seed), now);
  const { size, sampled } = sample(madeUp, plans, sides);
  return { population: { kind: 'synthetic', size, seed }, sampled };
}

function questionsIn(plans: readonly Plan[], snapshots: readonly Snapshot[]): Questions[] {
  const environments = new Set(plans.map(({ affected }) => affected.environment));
  return [...environments].flatMap((environment) => {
    const keys = plans
      .filter(({ affected }) => affected.environment === environment)
      .map(({ affected }) => affected.flag);
    return snapshots.map((snapshot) => questionsOf(definitionsOf(snapshot, environment), keys));
  });
}

const MOST_EVALUATIONS = 2_000_000;
const LARGEST = 10_000;
const SMALLEST = 500;

/** As many contexts as can be asked in a few seconds. */
function sizeFor(plans: readonly Plan[]): number {
  const each = plans.reduce((sum, { moments }) => sum + moments.length, 0);
  return Math.max(SMALLEST, Math.min(LARGEST, Math.floor(MOST_EVALUATIONS / each)));
}

function impactFor(
  affected: Affected,
  reckoning: Reckoning,
  sampled: Sampled | undefined,
  sides: Sides,
  now: number,
): Impact {
  const { flag, environment } = affected;
  const at = reckoning.exact ? reckoning.at : (sampled?.at ?? now);
  const transitions = reckoning.exact ? exactTransitions(affected, reckoning, sides) : (sampled?.transitions ?? []);
  const named = namedTransitions(affected, sides, now);
  return {
    flag,
    environment,
    share: totalOf(transitions),
    exact: reckoning.exact,
    ...(reckoning.exact || reckoning.atMost === undefined ? {} : { at_most: reckoning.atMost }),
    ...(at === now ? {} : { at: new Date(at).toISOString() }),
    transitions,
    ...(named.length === 0 ? {} : { named }),
  };
}

function exactTransitions(
  { flag, before, after }: Affected,
  { flows, at }: Extract<Reckoning, { exact: true }>,
  sides: Sides,
): Transition[] {
  const units = new Set([before, after].flatMap((side) => (side ? [finalDraw(side, at).unit] : [])));
  const transitions = flows.map((flow) => transition(flow, flow.share, findExample(sides, flag, units, flow, at)));
  return transitions.sort(byShare);
}

function namedTransitions({ flag, before, after, named }: Affected, sides: Sides, now: number): NamedTransition[] {
  const differs = differsFor(before, after);
  const found = new Map<string, Outcome & { users: number; example: Context }>();
  for (const user of named) {
    const example = { [TARGETING_KEY]: user };
    const outcome = outcomeOf(sides, flag, example, now);
    if (!differs(outcome)) continue;
    const key = JSON.stringify([outcome.from, outcome.to]);
    const known = found.get(key);
    if (known) known.users += 1;
    else found.set(key, { ...outcome, users: 1, example });
  }
  return [...found.values()];
}

/** Nothing is told of a flag of which it is certain that nobody gets anything else. */
function isWorthTelling({ share, exact, named }: Impact): boolean {
  return share > 0 || !exact || named !== undefined;
}

/** By flag, then in the order of the environments, which sorting keeps. */
function byPlace(a: Impact, b: Impact): number {
  return a.flag === b.flag ? 0 : a.flag < b.flag ? -1 : 1;
}
