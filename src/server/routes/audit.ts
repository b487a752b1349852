import type { FastifyInstance, FastifyRequest } from 'fastify';
import { auditData } from '../../report/audit-json.js';
import { principalOf, READERS } from '../access/request.js';
import type { AuditQuery } from '../audit.js';
import { type Desk, servedNow, viewFor } from '../desk.js';
import { Problem } from '../problem.js';
import { choiceOf, cursorOf, encodeCursor, limitOf, type Query, queryOf, wrong } from './query.js';

/** Who changed what and when, out of git. */
export function addAuditRoutes(app: FastifyInstance, desk: Desk): void {
  const config = { access: READERS };
  app.get('/audit', { config }, (request) => audit(desk, request));
  app.get('/flags/:key/audit', { config }, (request) => {
    const { key } = request.params as { readonly key: string };
    return audit(desk, request, key);
  });
}

async function audit(desk: Desk, request: FastifyRequest, key?: string): Promise<object> {
  const query = queryOf(request, ['limit', 'cursor', 'environment', 'order', 'author', 'since', 'until']);
  const cursor = cursorOf(query, 2);
  if (cursor?.every(isCommit) === false) throw wrong('cursor', 'not one that this server gave');
  const [from = startOf(desk), after] = cursor ?? [];
  const environment = environmentAsked(desk, request, query.one('environment'));
  const isBound = principalOf(request).environment !== undefined;
  const oldestFirst = choiceOf(query, 'order', ['newest', 'oldest']) === 'oldest';
  const [since, until] = [timeIn(query, 'since'), timeIn(query, 'until')];
  const asked = { key, environment, from, after, oldestFirst, author: query.one('author'), since, until };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const {
    entries,
    more,
    from: head,
  } = await trailOf(desk).page({ ...given, isBound, limit: limitOf(query) } satisfies AuditQuery);
  const last = entries.at(-1);
  const next = more && last !== undefined ? { next_cursor: encodeCursor([head, last.commit.oid]) } : {};
  return { entries: entries.map(auditData), ...next };
}

/** In milliseconds since 1970. */
function timeIn(query: Query, name: string): number | undefined {
  const given = query.one(name);
  if (given === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(given)
    ? Date.parse(given)
    : Number.NaN;
  if (Number.isNaN(time)) throw wrong(name, 'a time such as `2026-11-22` or `2026-11-22T08:00:00Z`');
  return time;
}

/** Nothing else reaches git. */
function isCommit(text: string): boolean {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text);
}

function trailOf({ parts }: Desk) {
  if (parts.audit !== undefined) return parts.audit;
  throw new Problem('unavailable', 'the flags are in no git repository, so there is no history to tell');
}

/** The commit that is served, where one is. */
function startOf(desk: Desk): string | undefined {
  const { origin, revision } = servedNow(desk);
  return origin === 'git' ? revision.version : undefined;
}

/** A key sees its own environment; others all of them, unless they ask for one. */
function environmentAsked(desk: Desk, request: FastifyRequest, asked: string | undefined): string | undefined {
  if (principalOf(request).environment === undefined && asked === undefined) return undefined;
  return viewFor(desk, request).environment;
}
