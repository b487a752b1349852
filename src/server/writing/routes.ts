import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Json } from '../../model/json.js';
import type { Desk } from '../desk.js';
import { addKillRoutes } from '../kill/routes.js';
import { queryOf } from '../routes/query.js';
import { answerOne } from './answer.js';
import type { Act } from './change.js';
import { addChangesRoute } from './changes.js';
import { collectionOf, NOUNS, type Noun } from './noun.js';
import { addProposalRoutes } from './proposals.js';
import { reasonInBody, reasonInQuery } from './reason.js';
import {
  directoryOf,
  ifMatchOf,
  patchKind,
  proposalIn,
  refuseBody,
  refuseHeader,
  refuseIfNoneMatch,
  refusePatchType,
  WRITE_QUERY,
} from './request.js';
import { type Wish, write } from './write.js';

const config = { access: ['admin'], isExact: true } as const;

/** Creating, changing and removing flags, segments and groups. */
export function addWritingRoutes(app: FastifyInstance, desk: Desk): void {
  for (const noun of NOUNS) addRoutesOf(app, desk, noun);
  app.post('/flags/:key/restore', { config }, (request, reply) => restore(desk, request, reply));
  addChangesRoute(app, desk);
  addProposalRoutes(app, desk);
  addKillRoutes(app, desk);
}

function addRoutesOf(app: FastifyInstance, desk: Desk, noun: Noun): void {
  const all = `/${collectionOf(noun)}`;
  app.post(all, { config }, (request, reply) => create(desk, noun, request, reply));
  app.put(`${all}/:key`, { config }, (request, reply) => replace(desk, noun, request, reply));
  app.patch(`${all}/:key`, { config }, (request, reply) => patch(desk, noun, request, reply));
  app.delete(`${all}/:key`, { config }, (request, reply) => remove(desk, noun, request, reply));
}

async function create(desk: Desk, noun: Noun, request: FastifyRequest, reply: FastifyReply): Promise<Json> {
  refusePatchType(request);
  refuseHeader(request, 'If-Match', 'what is created has no revision yet; to replace what is there, use PUT');
  const query = queryOf(request, [...WRITE_QUERY, 'directory']);
  const { body, ...why } = reasonInBody(request.body as Json, query);
  const act: Act = { kind: 'create', body, directory: directoryOf(query) };
  const changes = [{ noun, key: keyIn(body), act, at: '' }];
  return answerOne(reply, await write(desk, request, { changes, ...why, ...proposalIn(query) }), 201);
}

/** What a proposal is named after; whether it is a key is for others to say. */
function keyIn(body: Json): string {
  const key = typeof body === 'object' && body !== null ? (body as { readonly key?: unknown }).key : undefined;
  return typeof key === 'string' ? key : '';
}

function replace(desk: Desk, noun: Noun, request: FastifyRequest, reply: FastifyReply): Promise<Json> {
  refusePatchType(request);
  return change(desk, noun, request, reply, { kind: 'replace', body: request.body as Json });
}

function patch(desk: Desk, noun: Noun, request: FastifyRequest, reply: FastifyReply): Promise<Json> {
  const kind = patchKind(request);
  if (kind === 'json-patch') return change(desk, noun, request, reply, { kind, body: request.body as Json });
  const { body, ...why } = reasonInBody(request.body as Json, queryOf(request, WRITE_QUERY));
  return change(desk, noun, request, reply, { kind, body }, why);
}

function remove(desk: Desk, noun: Noun, request: FastifyRequest, reply: FastifyReply): Promise<Json> {
  refuseBody(request.body);
  return change(desk, noun, request, reply, { kind: noun === 'flag' ? 'archive' : 'remove' });
}

function restore(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<Json> {
  const { body, ...why } = reasonInBody((request.body ?? {}) as Json, queryOf(request, WRITE_QUERY));
  refuseBody(body);
  return change(desk, 'flag', request, reply, { kind: 'restore' }, why);
}

async function change(
  desk: Desk,
  noun: Noun,
  request: FastifyRequest,
  reply: FastifyReply,
  act: Act,
  why?: Pick<Wish, 'reason'>,
): Promise<Json> {
  refuseIfNoneMatch(request);
  const query = queryOf(request, WRITE_QUERY);
  const { key } = request.params as { readonly key: string };
  const changes = [{ noun, key, act, ...ifMatchOf(request), at: '' }];
  const wish = { changes, ...(why ?? reasonInQuery(query)), ...proposalIn(query) };
  return answerOne(reply, await write(desk, request, wish), 200);
}
