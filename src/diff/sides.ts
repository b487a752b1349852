import { evaluatorFor } from '../engine/evaluator.js';
import type { Context } from '../model/context.js';
import type { Definitions } from '../model/definitions.js';
import type { Evaluator } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import type { Snapshot } from '../model/snapshot.js';
import { same } from './equal.js';

/** One environment before and after, ready to evaluate. */
export interface Sides {
  readonly before: Evaluator;
  readonly after: Evaluator;
}

/** Evaluators of both sides by environment; each is compiled once, when it is first asked for. */
export function sidesOf(before: Snapshot, after: Snapshot): (environment: string) => Sides {
  const known = new Map<string, Sides>();
  return (environment) => {
    const sides = known.get(environment) ?? {
      before: evaluatorFor(definitionsOf(before, environment)),
      after: evaluatorFor(definitionsOf(after, environment)),
    };
    known.set(environment, sides);
    return sides;
  };
}

export function definitionsOf({ definitions }: Snapshot, environment: string): Definitions {
  return definitions.get(environment) ?? { environment, flags: [], segments: [] };
}

/** What somebody gets before and after; `null` is the caller's own default value. */
export interface Outcome {
  readonly from: string | null;
  readonly to: string | null;
}

/** @param now milliseconds since 1970 */
export function outcomeOf(sides: Sides, flag: string, context: Context, now: number): Outcome {
  return {
    from: sides.before.evaluate(flag, context, now).variant,
    to: sides.after.evaluate(flag, context, now).variant,
  };
}

/** Is it something else: another variant, or the same with another value? */
export type Differs = (outcome: Outcome) => boolean;

export function differsFor(before: Flag | undefined, after: Flag | undefined): Differs {
  const names = Object.keys(before?.variants ?? {});
  const revalued = new Set<string | null>(names.filter((name) => !same(before?.variants[name], after?.variants[name])));
  return ({ from, to }) => from !== to || revalued.has(from);
}
