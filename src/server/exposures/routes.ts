import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseInstant } from '../../engine/instant.js';
import type { Period } from '../../experiment/report.js';
import type { ExposureReport } from '../../experiment/report-data.js';
import { findKeyed } from '../../model/keyed.js';
import { ANYONE, principalOf, READERS } from '../access/request.js';
import { type Desk, viewFor } from '../desk.js';
import { Problem } from '../problem.js';
import { flagNotFound } from '../routes/flags.js';
import { choiceOf, type Query, queryOf, wrong } from '../routes/query.js';
import { exposureBody } from './body.js';
import type { ExposureLedger } from './ledger.js';

/** Taking in who met which variant, and telling it. */
export function addExposureRoutes(app: FastifyInstance, desk: Desk): void {
  app.post('/exposures', { config: { access: ANYONE } }, (request, reply) => take(desk, request, reply));
  app.get('/flags/:key/exposures', { config: { access: READERS } }, (request) => tell(desk, request));
}

function ledgerOf({ parts }: Desk): ExposureLedger {
  if (parts.exposures !== undefined) return parts.exposures.ledger;
  throw new Problem('unavailable', 'this server keeps no exposures', { help: 'start it with `--data-dir DIR`' });
}

/** Answered when it is safe. The same key twice counts once. */
async function take(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const ledger = ledgerOf(desk);
  const id = idOf(request);
  const { exposures, events } = exposureBody(request.body);
  refuseForeign(request, [...exposures, ...events]);
  if (ledger.isBlank) throw new Problem('unavailable', 'no flags are served yet', { retryAfter: 1 });
  const { duplicate, ignored } = await orUnavailable(ledger.add({ id, exposures, events }), 'kept');
  const accepted = duplicate ? 0 : exposures.length - ignored + events.length;
  return reply.status(202).send({ accepted, ignored, duplicate });
}

function orUnavailable<T>(answer: Promise<T>, done: 'kept' | 'read'): Promise<T> {
  return answer.catch((error: Error) => {
    throw new Problem('unavailable', `exposures cannot be ${done} now (${error.message})`, { retryAfter: 1 });
  });
}

/** Who sends the same batch again says so with the same key. */
function idOf(request: FastifyRequest): string {
  const { 'idempotency-key': key } = request.headers;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,128}$/.test(key)) return `${principalOf(request).id} ${key}`;
  throw new Problem('invalid_request', 'there is no usable `Idempotency-Key`', {
    help: 'send one that is new for each batch and the same when it is sent again: 1 to 128 visible characters',
  });
}

/** A key tells of its own environment only. */
function refuseForeign(request: FastifyRequest, entries: readonly { readonly environment: string }[]): void {
  const { environment } = principalOf(request);
  if (environment === undefined || entries.every((entry) => entry.environment === environment)) return;
  throw new Problem('forbidden', `this key is for the environment \`${environment}\` only`);
}

const HOUR = 3_600_000;
const INTERVALS = { hour: HOUR, day: 24 * HOUR } as const;

async function tell(desk: Desk, request: FastifyRequest): Promise<ExposureReport> {
  const ledger = ledgerOf(desk);
  const query = queryOf(request, ['environment', 'from', 'to', 'interval']);
  const { key } = request.params as { readonly key: string };
  const view = viewFor(desk, request);
  if (findKeyed(view.definitions.flags, key) === undefined) throw flagNotFound(key);
  const interval = choiceOf(query, 'interval', ['hour', 'day']) ?? 'day';
  const period = periodOf(query, INTERVALS[interval]);
  const windows = await orUnavailable(ledger.report(key, view.environment, period), 'read');
  const experiment = ledger.isExperiment(key, view.environment);
  return { flag_key: key, environment: view.environment, interval, experiment, windows };
}

function periodOf(query: Query, interval: number): Period {
  const [from, to] = [timeOf('from', query.one('from')), timeOf('to', query.one('to'))];
  if (from !== undefined && to !== undefined && from >= to) throw wrong('to', 'a time after `from`');
  return { interval, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function timeOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = parseInstant(text);
  if (time === undefined) throw wrong(name, 'an RFC 3339 time such as 2026-11-22T09:00:00Z');
  return time;
}
