import type { Context } from '../model/context.js';
import type { Affected } from './affected.js';
import { smallest } from './example.js';
import { type Differs, differsFor, type Outcome, type Sides } from './sides.js';
import { byShare, type Transition, transition } from './transition.js';

/** A flag to be asked about, and when. */
export interface Plan {
  readonly affected: Affected;
  /** Milliseconds since 1970, now first. */
  readonly moments: readonly number[];
}

/** What the contexts said of one flag. */
export interface Sampled {
  readonly plan: Plan;
  /** The moment at which most contexts get something else. */
  readonly at: number;
  readonly transitions: readonly Transition[];
}

type SidesOf = (environment: string) => Sides;

/** A few flags over many contexts stay in the processor's cache; together they share what they decide of a context. */
const FLAGS_AT_A_TIME = 16;
const CONTEXTS_AT_A_TIME = 1000;

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    if (chunk.push(item) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Evaluates every context on both sides, once each moment. */
export function sample(
  contexts: Iterable<Context>,
  plans: readonly Plan[],
  sidesOf: SidesOf,
): { readonly size: number; readonly sampled: readonly Sampled[] } {
  const rounds = roundsOf(plans);
  let size = 0;
  for (const block of chunks(contexts, CONTEXTS_AT_A_TIME)) {
    size += block.length;
    for (const round of rounds) askAll(round, block, sidesOf(round.environment));
  }
  const worst = worstCounters(rounds);
  return { size, sampled: [...worst.values()].map((counter) => toSampled(counter, size, sidesOf)) };
}

/** Some flags of one environment that are asked at the same moment. */
interface Round {
  readonly environment: string;
  readonly at: number;
  readonly keys: readonly string[];
  /** One for each key. */
  readonly counters: readonly Counter[];
}

interface Counter {
  readonly plan: Plan;
  readonly at: number;
  readonly differs: Differs;
  readonly seen: Map<string, Seen>;
}

interface Seen {
  readonly outcome: Outcome;
  readonly example: Context;
  count: number;
}

function roundsOf(plans: readonly Plan[]): Round[] {
  const groups = new Map<string, { environment: string; at: number; counters: Counter[] }>();
  for (const plan of plans) {
    const { environment, before, after } = plan.affected;
    for (const at of plan.moments) {
      const place = `${at}/${environment}`;
      const group = groups.get(place) ?? { environment, at, counters: [] };
      group.counters.push({ plan, at, differs: differsFor(before, after), seen: new Map() });
      groups.set(place, group);
    }
  }
  return [...groups.values()].flatMap(({ environment, at, counters }) =>
    [...chunks(counters, FLAGS_AT_A_TIME)].map((some) => ({ environment, at, counters: some, keys: some.map(flagOf) })),
  );
}

function flagOf({ plan }: Counter): string {
  return plan.affected.flag;
}

function askAll(round: Round, contexts: readonly Context[], sides: Sides): void {
  for (const context of contexts) askRound(round, context, sides);
}

function askRound({ at, keys, counters }: Round, context: Context, sides: Sides): void {
  const before = sides.before.evaluateAll(keys, context, at);
  const after = sides.after.evaluateAll(keys, context, at);
  for (const [index, counter] of counters.entries()) {
    const outcome = { from: before[index]?.variant ?? null, to: after[index]?.variant ?? null };
    if (counter.differs(outcome)) count(counter, outcome, context);
  }
}

function count({ seen }: Counter, outcome: Outcome, context: Context): void {
  const key = JSON.stringify([outcome.from, outcome.to]);
  const known = seen.get(key);
  if (known) known.count += 1;
  else seen.set(key, { outcome, example: context, count: 1 });
}

/** For each plan the moment at which most contexts get something else; the first of several. */
function worstCounters(rounds: readonly Round[]): Map<Plan, Counter> {
  const worst = new Map<Plan, Counter>();
  for (const counter of rounds.flatMap(({ counters }) => counters)) {
    const known = worst.get(counter.plan);
    if (!known || changedIn(counter) > changedIn(known)) worst.set(counter.plan, counter);
  }
  return worst;
}

function changedIn({ seen }: Counter): number {
  return [...seen.values()].reduce((sum, { count }) => sum + count, 0);
}

function toSampled({ plan, at, seen }: Counter, size: number, sidesOf: SidesOf): Sampled {
  const { flag, environment } = plan.affected;
  const transitions = [...seen.values()].map(({ outcome, example, count }) =>
    transition(outcome, count / size, smallest(sidesOf(environment), flag, example, outcome, at)),
  );
  return { plan, at, transitions: transitions.sort(byShare) };
}
