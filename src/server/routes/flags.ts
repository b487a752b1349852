import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Flag } from '../../model/flag.js';
import { behaviourAsWritten, identityAsWritten } from '../../report/flag-as-written.js';
import { principalOf, READERS } from '../access/request.js';
import { type Desk, servedNow, viewFor } from '../desk.js';
import { Problem } from '../problem.js';
import type { Served } from '../served.js';
import type { View } from '../view.js';
import { choiceOf, pageOf, type Query, queryOf } from './query.js';

/** Reading flags: a list, and one. */
export function addFlagRoutes(app: FastifyInstance, desk: Desk): void {
  const config = { access: READERS };
  app.get('/flags', { config }, (request) => listFlags(desk, request));
  app.get('/flags/:key', { config }, (request) => readFlag(desk, request));
}

function listFlags(desk: Desk, request: FastifyRequest): object {
  const query = queryOf(request, ['limit', 'cursor', 'environment', 'state', 'owner', 'enabled'], ['tag']);
  const view = viewFor(desk, request);
  const isWanted = filterOf(query);
  const flags = flagsSeen(view, request).filter(isWanted);
  const { page, next } = pageOf(flags, query);
  return { version: view.served.revision.version, flags: page.map((flag) => resolved(flag, view)), ...next };
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

/** An archived flag is for admins. */
function flagsSeen({ definitions, flags }: View, request: FastifyRequest): Flag[] {
  if (principalOf(request).role !== 'admin') return [...flags.values()];
  return [...definitions.flags].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** As it stands in one environment; an admin who names none gets it as it is written, for all of them. */
function readFlag(desk: Desk, request: FastifyRequest): object {
  const query = queryOf(request, ['environment']);
  const { key } = request.params as { readonly key: string };
  const view = viewFor(desk, request);
  const flag = flagsSeen(view, request).find((one) => one.key === key);
  if (flag === undefined) throw flagNotFound(key);
  const { role, environment } = principalOf(request);
  const isWhole = role === 'admin' && environment === undefined && query.one('environment') === undefined;
  return isWhole ? asWritten(key, servedNow(desk)) : resolved(flag, view);
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

function asWritten(key: string, { snapshot, revision, flagVersions }: Served): object {
  const found = [...snapshot.definitions.values()].flatMap(({ environment, flags }) =>
    flags.filter((flag) => flag.key === key).map((flag) => ({ environment, flag })),
  );
  const [first] = found;
  return {
    ...(first === undefined ? {} : { ...identityAsWritten(first.flag), ...defaultValue(first.flag) }),
    environments: Object.fromEntries(found.map(({ environment, flag }) => [environment, behaviourAsWritten(flag)])),
    file: snapshot.files.get(`flag:${key}`),
    version: flagVersions.get(key) ?? revision.version,
  };
}
