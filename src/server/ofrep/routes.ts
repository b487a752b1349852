import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ANYONE, principalOf } from '../access/request.js';
import { type Desk, viewFor } from '../desk.js';
import { unknownFlag, type View } from '../view.js';
import { answerOf } from './answer.js';
import { contextIn } from './context.js';
import { etagOf, matchesEtag, namesServed } from './etag.js';
import { Expected } from './expected.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Seconds that a hidden page's stream may stay open. */
const INACTIVITY = 120;

/** OFREP 0.3 (https://github.com/open-feature/protocol): single and bulk evaluation. */
export function addOfrepRoutes(app: FastifyInstance, desk: Desk): void {
  const config = { access: ANYONE };
  app.post('/ofrep/v1/evaluate/flags/:key', { config }, (request, reply) => evaluateOne(desk, request, reply));
  const expected = new Expected(desk.parts.store);
  app.post('/ofrep/v1/evaluate/flags', { config }, (request, reply) => {
    const tag = tagTold(request);
    if (tag === undefined || !expected.isNews(tag)) return evaluateAll(desk, request, reply);
    return expected.arrival(tag).then(() => evaluateAll(desk, request, reply));
  });
}

function evaluateOne(desk: Desk, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { key } = request.params as { readonly key: string };
  const view = viewFor(desk, request);
  const context = contextIn(request.body);
  const evaluation = view.flags.has(key) ? view.evaluator.evaluate(key, context, desk.parts.clock()) : unknownFlag(key);
  desk.parts.exposures?.observer.see(view, evaluation, context);
  const { text, status, tally } = answerOf(view, evaluation);
  tally.count += 1;
  return reply.status(status).header('content-type', JSON_TYPE).send(text);
}

function evaluateAll(desk: Desk, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const view = viewFor(desk, request);
  const text = bulkText(view, contextIn(request.body), desk.parts.clock(), eventStreams(desk, request, view));
  const etag = etagOf(text);
  reply.header('etag', etag);
  if (isUnchanged(request, view, etag)) return reply.status(304).send();
  return reply.header('content-type', JSON_TYPE).send(text);
}

/** One snapshot, keys in order, properties in order: equal answers are equal texts. */
function bulkText(view: View, context: ReturnType<typeof contextIn>, now: number, streams: string): string {
  const flags = view.evaluator.evaluateAll(view.keys, context, now).map((evaluation) => {
    const { text, tally } = answerOf(view, evaluation);
    tally.count += 1;
    return text;
  });
  const metadata = { version: view.served.revision.version, flagSetId: view.environment };
  return `{"flags":[${flags.join(',')}],"metadata":${JSON.stringify(metadata)}${streams}}`;
}

/** A client that was told of another version than the one served here gets an answer, whatever it has. */
function isUnchanged(request: FastifyRequest, view: View, etag: string): boolean {
  const tag = tagTold(request);
  if (tag !== undefined && !namesServed(tag, view.served)) return false;
  return matchesEtag(request.headers['if-none-match'], etag);
}

/** The version that an event has told the client of. */
function tagTold(request: FastifyRequest): string | undefined {
  const { flagConfigEtag } = request.query as { readonly flagConfigEtag?: string | readonly string[] };
  return flagConfigEtag === undefined ? undefined : String(flagConfigEtag).replaceAll('"', '');
}

/** Left out where there is no stream to be had: a URL that fails makes the web provider ask without end. */
function eventStreams({ parts }: Desk, request: FastifyRequest, { environment, served }: View): string {
  const requestUri = parts.ofrepStream?.({ principal: principalOf(request), environment, served });
  if (requestUri === undefined) return '';
  const stream = { type: 'sse', endpoint: { requestUri }, inactivityDelaySec: INACTIVITY };
  return `,"eventStreams":${JSON.stringify([stream])}`;
}
