import type { Context } from '../model/context.js';
import type { Definitions } from '../model/definitions.js';
import type { Evaluation, Evaluator, Explanation, Trace } from '../model/evaluation.js';
import type { Flag } from '../model/flag.js';
import { failure } from './answers.js';
import { asUnit, attributeReader, openContext } from './attribute.js';
import { percentOf, prepareVariantHash } from './bucket.js';
import { type Core, compileCore } from './core.js';
import { Fault } from './fault.js';
import { tellAnswer } from './flag-scope.js';
import { newFrame } from './frame.js';
import { plain, tracing } from './instrument.js';
import type { Notations } from './notations.js';
import { NOWHERE, placeOf } from './place.js';
import { planOf } from './plan.js';
import { createLender, type Decide, type Run } from './run.js';

/**
 * Compiles definitions to closures; those that explain are compiled when they are asked for first. Freezes the variants.
 */
export function compileEvaluator(definitions: Definitions, notations: Notations): Evaluator {
  const plan = planOf(definitions);
  const core = compileCore(plan, plain, notations);
  const runs = createLender({ nodes: plan.nodes, readers: plan.attributes.readers });
  let traced: Core | undefined;

  return {
    environment: definitions.environment,
    keys: [...core.flags.keys()].sort(),
    evaluate,
    evaluateAll,
    explain,
    isMember,
    explainMember,
    bucket,
    unit,
  };

  function evaluate(key: string, context: Context | undefined, now: number): Evaluation {
    const decide = core.flags.get(key);
    if (decide === undefined) return failure(key, NOT_FOUND);
    const run = runs.take();
    try {
      const fault = begin(run, context, now);
      return fault === undefined ? decide(run) : failure(key, fault);
    } finally {
      runs.giveBack(run);
    }
  }

  function evaluateAll(keys: readonly string[], context: Context | undefined, now: number): Evaluation[] {
    const run = runs.take();
    try {
      const fault = begin(run, context, now);
      return keys.map((key) => {
        const decide = core.flagsOnce.get(key);
        if (decide === undefined) return failure(key, NOT_FOUND);
        return fault === undefined ? decide(run) : failure(key, fault);
      });
    } finally {
      runs.giveBack(run);
    }
  }

  function explain(key: string, context: Context | undefined, now: number): Explanation {
    const { result, trace } = decideOnce(tracedCore().flags.get(key) ?? (() => NOT_FOUND), context, now);
    const evaluation = result instanceof Fault ? failure(key, result) : result;
    return { evaluation, trace: trace ?? { step: `flag ${key}`, ...tellAnswer(evaluation), children: [] } };
  }

  function isMember(segment: string, context: Context | undefined, now: number): boolean | undefined {
    const { result } = decideOnce(core.segments.get(segment) ?? (() => NO_SEGMENT), context, now);
    return result instanceof Fault ? undefined : result;
  }

  function explainMember(segment: string, context: Context | undefined, now: number): Trace {
    const { result, trace } = decideOnce(tracedCore().segments.get(segment) ?? (() => NO_SEGMENT), context, now);
    const detail = result instanceof Fault ? result.message : '';
    return trace ?? { step: `segment ${segment}`, outcome: 'error', detail, children: [] };
  }

  function bucket(key: string, context: Context | undefined): number | undefined {
    const flag = core.flags.has(key) ? plan.flags.get(key)?.subject : undefined;
    if (flag === undefined) return undefined;
    const { result } = decideOnce(placeIn(flag), context, 0);
    return result instanceof Fault || result === NOWHERE ? undefined : percentOf(result);
  }

  function unit(key: string, context: Context | undefined): string | undefined {
    const flag = core.flags.has(key) ? plan.flags.get(key)?.subject : undefined;
    if (flag === undefined) return undefined;
    const read = attributeReader(flag.bucket_by);
    const { result } = decideOnce((run) => asUnit(read(run)), context, 0);
    return result instanceof Fault || result === '' ? undefined : result;
  }

  function tracedCore(): Core {
    traced ??= compileCore(plan, tracing, notations);
    return traced;
  }

  function decideOnce<T>(decide: Decide<T | Fault>, context: Context | undefined, now: number): Decided<T> {
    const run = runs.take();
    run.frame = newFrame();
    try {
      const result = begin(run, context, now) ?? decide(run);
      return { result, trace: run.frame.children[0] };
    } catch (thrown) {
      return { result: Fault.from(thrown), trace: undefined };
    } finally {
      runs.giveBack(run);
    }
  }
}

interface Decided<T> {
  readonly result: T | Fault;
  /** Nothing when it was decided without an instrument that traces. */
  readonly trace: Trace | undefined;
}

const NOT_FOUND = new Fault('there is no such flag', 'FLAG_NOT_FOUND');
const NO_SEGMENT = new Fault('there is no such segment');

function placeIn({ bucket_by, seed }: Flag): Decide<number> {
  const read = attributeReader(bucket_by);
  return placeOf((run) => asUnit(read(run)), prepareVariantHash(seed));
}

/** Makes a run stand for this context at this time; what keeps the context from being read is a fault. */
function begin(run: Run, context: Context | undefined, now: number): Fault | undefined {
  run.generation += 1;
  try {
    run.context = openContext(context);
    run.now = Math.floor(now);
    return undefined;
  } catch (thrown) {
    return Fault.from(thrown);
  }
}
