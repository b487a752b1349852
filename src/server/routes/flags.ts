import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Flag } from '../../model/flag.js';
import { findKeyed } from '../../model/keyed.js';
import { principalOf, READERS } from '../access/request.js';
import { type Desk, viewFor } from '../desk.js';
import { lifecycleAsked } from '../lifecycle/asked.js';
import { Problem } from '../problem.js';
import type { View } from '../view.js';
import { sendWritten, wantsWritten } from '../writing/read.js';
import { choiceOf, pageOf, type Query, queryOf } from './query.js';

/** Reading flags: a list, and one. */
export function addFlagRoutes(app: FastifyInstance, desk: Desk): void {
  const config = { access: READERS };
  app.get('/flags', { config }, (request) => listFlags(desk, request));
  app.get('/flags/:key', { config }, (request, reply) => readFlag(desk, request, reply));
}

const FILTERS = ['environment', 'state', 'owner', 'enabled', 'lifecycle'];

async function listFlags(desk: Desk, request: FastifyRequest): Promise<object> {
  const query = queryOf(request, ['limit', 'cursor', ...FILTERS], ['tag']);
  const view = viewFor(desk, request);
  const isWanted = filterOf(query);
  const asked = await lifecycleAsked(desk, query);
  const flags = flagsSeen(view, request).filter((flag) => isWanted(flag) && asked.has(flag.key));
  const { page, next } = pageOf(flags, query);
  return {
    version: view.served.revision.version,
    flags: page.map((flag) => ({ ...resolved(flag, view), ...asked.ofFlag })),
    ...asked.ofAll,
    ...next,
  };
}

function filterOf(query: Query): (flag: Flag) => boolean {
  const state = choiceOf(query, 'state', ['active', 'archived']);
  const enabled = choiceOf(query, 'enabled', ['true', 'false']);
  const owner = query.one('owner');
  const tags = query.all('tag');
  return (flag) =>
    (state === undefined || flag.state === state) &&
    (enabled === undefined || String(flag.enabled) === enabled) &&
    (owner === undefined || flag.owner === owner) &&
    tags.every((tag) => flag.tags.includes(tag));
}

/** In the order of their keys; an archived flag is for admins. */
function flagsSeen({ definitions, flags }: View, request: FastifyRequest): readonly Flag[] {
  return principalOf(request).role === 'admin' ? definitions.flags : [...flags.values()];
}

/** As it stands in one environment; an admin who names none gets it as it is written, for all of them. */
function readFlag(desk: Desk, request: FastifyRequest, reply: FastifyReply): object {
  queryOf(request, ['environment']);
  const { key } = request.params as { readonly key: string };
  if (wantsWritten(request)) return sendWritten(desk, 'flag', key, reply);
  const view = viewFor(desk, request);
  const flag = findKeyed(flagsSeen(view, request), key);
  if (flag === undefined) throw flagNotFound(key);
  return resolved(flag, view);
}

export function flagNotFound(key: string): Problem {
  return new Problem('flag_not_found', `there is no flag \`${key}\``, { errorCode: 'FLAG_NOT_FOUND' });
}

function resolved(flag: Flag, { environment, versionOf }: View): object {
  return { ...flag, ...defaultValue(flag), environment, version: versionOf(flag.key) };
}

/** Left out where the code's own default counts. */
function defaultValue({ default: name, variants }: Flag): object {
  return name === null ? {} : { default_value: variants[name] };
}
