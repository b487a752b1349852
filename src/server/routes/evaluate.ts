import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Context } from '../../model/context.js';
import type { Evaluation, Trace } from '../../model/evaluation.js';
import { openFeatureReason } from '../../wire/openfeature.js';
import { ANYONE, principalOf } from '../access/request.js';
import { type Desk, viewFor } from '../desk.js';
import { Problem } from '../problem.js';
import { unknownFlag, type View } from '../view.js';
import { evaluateBody } from './evaluate-body.js';
import { flagNotFound } from './flags.js';
import { choiceOf, queryOf } from './query.js';

const FIELDS = ['context', 'user_id', 'attributes', 'environment'];

/** Evaluation in this server's own words. */
export function addEvaluateRoutes(app: FastifyInstance, desk: Desk): void {
  const config = { access: ANYONE };
  app.post('/flags/:key/evaluate', { config }, (request) => evaluateOne(desk, request));
  app.post('/flags/evaluate-bulk', { config }, (request) => evaluateBulk(desk, request));
}

function evaluateOne(desk: Desk, request: FastifyRequest): object {
  const explain = wantsTrace(request);
  const { key } = request.params as { readonly key: string };
  const { context, environment } = evaluateBody(request.body, FIELDS);
  const view = viewFor(desk, request, environment);
  if (!view.flags.has(key)) throw flagNotFound(key);
  const start = performance.now();
  const { evaluation, ...more } = decide(view, key, { context, now: desk.parts.clock(), explain });
  desk.parts.exposures?.observer.see(view, evaluation, context);
  return { ...row(view, evaluation), ...more, evaluation_time_ms: elapsed(start) };
}

function evaluateBulk(desk: Desk, request: FastifyRequest): object {
  const explain = wantsTrace(request);
  const { context, environment, flagNames } = evaluateBody(request.body, [...FIELDS, 'flag_names']);
  const view = viewFor(desk, request, environment);
  const now = desk.parts.clock();
  const start = performance.now();
  const keys = flagNames ?? view.keys;
  const flags = explain
    ? keys.map((key) => explained(view, key, { context, now, explain }))
    : evaluateAll(view, keys, context, now);
  return { version: view.served.revision.version, flags, evaluation_time_ms: elapsed(start) };
}

/** Segments and prerequisites are decided once for all of them. What the caller may not see is not there. */
function evaluateAll(view: View, keys: readonly string[], context: Context, now: number): object[] {
  const seen = keys.filter((key) => view.flags.has(key));
  const found = new Map(view.evaluator.evaluateAll(seen, context, now).map((one) => [one.flag, one]));
  return keys.map((key) => row(view, found.get(key) ?? unknownFlag(key)));
}

interface Asked {
  readonly context: Context;
  readonly now: number;
  readonly explain: boolean;
}

/** An answer, and beside it what explains it. */
interface Decided {
  readonly evaluation: Evaluation;
  readonly bucket?: number | undefined;
  readonly trace?: Trace;
}

function decide(view: View, key: string, { context, now, explain }: Asked): Decided {
  if (!view.flags.has(key)) return { evaluation: unknownFlag(key) };
  if (!explain) return { evaluation: view.evaluator.evaluate(key, context, now) };
  return { ...view.evaluator.explain(key, context, now), bucket: view.evaluator.bucket(key, context) };
}

function explained(view: View, key: string, asked: Asked): object {
  const { evaluation, ...more } = decide(view, key, asked);
  return { ...row(view, evaluation), ...more };
}

/** Rule names and precise reasons are for those who may see definitions. */
function row(view: View, evaluation: Evaluation): object {
  const { flag, value, variant, reason, rule, error_code } = evaluation;
  view.tallyOf(evaluation).count += 1;
  return {
    flag_key: flag,
    value: value ?? null,
    variant,
    enabled: view.flags.get(flag)?.enabled ?? false,
    reason: view.detailed ? reason : openFeatureReason(reason),
    ...(view.detailed && rule !== undefined ? { rule } : {}),
    ...(error_code === undefined ? {} : { error_code }),
    version: view.versionOf(flag),
  };
}

function wantsTrace(request: FastifyRequest): boolean {
  const explain = choiceOf(queryOf(request, ['environment', 'explain']), 'explain', ['true', 'false']) === 'true';
  if (explain && principalOf(request).role === 'client') {
    throw new Problem('forbidden', 'an explanation tells rules and segments: it is not for a client key');
  }
  return explain;
}

/** milliseconds, to the microsecond */
function elapsed(start: number): number {
  return Math.round((performance.now() - start) * 1000) / 1000;
}
