import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JsonObject } from '../../model/json.js';
import { findKeyed } from '../../model/keyed.js';
import { principalOf, READERS } from '../access/request.js';
import { type Desk, servedNow } from '../desk.js';
import { Problem } from '../problem.js';
import { pageOf, queryOf } from '../routes/query.js';
import type { Served } from '../served.js';
import { shown, versionOf } from './answer.js';
import { revisionOfStanding } from './apply.js';
import { type Noun, notFoundCode } from './noun.js';
import { standingOf } from './standing.js';

/** Does whoever asks get an object as it is written, for all environments? An admin who names none. */
export function wantsWritten(request: FastifyRequest): boolean {
  const { role, environment } = principalOf(request);
  const { environment: asked } = request.query as { readonly environment?: unknown };
  return role === 'admin' && environment === undefined && asked === undefined;
}

/** An object as it is written, with the revision that a change of it may ask for. @throws Problem when there is none */
export function sendWritten(desk: Desk, noun: Noun, key: string, reply: FastifyReply): JsonObject {
  const served = servedNow(desk);
  const standing = standingOf(served.project, noun, key);
  if (standing?.document === undefined) throw new Problem(notFoundCode(noun), `there is no ${noun} \`${key}\``);
  reply.header('etag', revisionOfStanding(standing));
  if (served.origin === 'git') reply.header('flagstaff-commit', served.revision.version);
  return shown(noun, { document: standing.document, file: standing.file.path }, versionOf(noun, key, served));
}

/** Reading groups, which are the same in every environment. */
export function addGroupRoutes(app: FastifyInstance, desk: Desk): void {
  const config = { access: READERS };
  app.get('/groups', { config }, (request) => listGroups(servedNow(desk), request));
  app.get('/groups/:key', { config }, (request, reply) => {
    queryOf(request, ['environment']);
    const { key } = request.params as { readonly key: string };
    return wantsWritten(request) ? sendWritten(desk, 'group', key, reply) : groupAt(servedNow(desk), key);
  });
}

function groupAt({ snapshot }: Served, key: string): object {
  const group = findKeyed(snapshot.groups, key);
  if (group === undefined) throw new Problem('group_not_found', `there is no group \`${key}\``);
  return group;
}

function listGroups({ snapshot, revision }: Served, request: FastifyRequest): object {
  const { page, next } = pageOf(snapshot.groups, queryOf(request, ['limit', 'cursor', 'environment']));
  return { version: revision.version, groups: page, ...next };
}
