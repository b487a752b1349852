import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { referencesOfFlag } from '../../engine/references.js';
import { findKeyed } from '../../model/keyed.js';
import type { Segment } from '../../model/segment.js';
import { READERS } from '../access/request.js';
import { type Desk, viewFor } from '../desk.js';
import { Problem } from '../problem.js';
import type { View } from '../view.js';
import { sendWritten, wantsWritten } from '../writing/read.js';
import { pageOf, queryOf } from './query.js';

/** Reading segments, and what depends on them. */
export function addSegmentRoutes(app: FastifyInstance, desk: Desk): void {
  const config = { access: READERS };
  app.get('/segments', { config }, (request) => listSegments(desk, request));
  app.get('/segments/:key', { config }, (request, reply) => readSegment(desk, request, reply));
  app.get('/segments/:key/children', { config }, (request) => {
    const { segment, view } = one(desk, request);
    return { segments: view.definitions.segments.filter(({ parent }) => parent === segment.key) };
  });
  app.get('/segments/:key/flags', { config }, (request) => {
    const { segment, view } = one(desk, request);
    return { flags: flagsUsing(segment, view) };
  });
}

function listSegments(desk: Desk, request: FastifyRequest): object {
  const query = queryOf(request, ['limit', 'cursor', 'environment']);
  const view = viewFor(desk, request);
  const { page, next } = pageOf(view.definitions.segments, query);
  return { version: view.served.revision.version, segments: page, ...next };
}

/** With its defaults filled in, but for an admin as it is written. */
function readSegment(desk: Desk, request: FastifyRequest, reply: FastifyReply): object {
  const { segment } = one(desk, request);
  return wantsWritten(request) ? sendWritten(desk, 'segment', segment.key, reply) : segment;
}

function one(desk: Desk, request: FastifyRequest): { segment: Segment; view: View } {
  queryOf(request, ['environment']);
  const { key } = request.params as { readonly key: string };
  const view = viewFor(desk, request);
  const segment = findKeyed(view.definitions.segments, key);
  if (segment === undefined) throw new Problem('segment_not_found', `there is no segment \`${key}\``);
  return { segment, view };
}

/** Keys of the flags that ask for this segment themselves in this environment. */
function flagsUsing({ key }: Segment, { flags }: View): string[] {
  return [...flags.values()].filter((flag) => referencesOfFlag(flag).segments.has(key)).map((flag) => flag.key);
}
