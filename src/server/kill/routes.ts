import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Json, JsonObject } from '../../model/json.js';
import { findKeyed } from '../../model/keyed.js';
import { formatEventId } from '../../wire/event-id.js';
import type { Principal } from '../access/principal.js';
import { principalOf } from '../access/request.js';
import { environmentsOf, refuseWithoutScope } from '../access/scopes.js';
import { isSigned } from '../access/signature.js';
import { type Desk, servedNow } from '../desk.js';
import { Problem } from '../problem.js';
import { flagNotFound } from '../routes/flags.js';
import { queryOf, wrong } from '../routes/query.js';
import { objectIn } from '../writing/body-check.js';
import { refuse } from '../writing/mistakes.js';
import type { KillSwitch } from '../writing/parts.js';
import { readable } from '../writing/reason.js';
import { refuseBody } from '../writing/request.js';
import { authorOf, writingOf } from '../writing/write.js';
import { isOn, type Kill, nameOf } from './kill.js';
import { type KillMessage, LONGEST_KILL, readKillMessage } from './message.js';

/** `POST /flags/{key}/kill`: off at once, and in the repository when that can be. `DELETE` takes it back until then. */
export function addKillRoutes(app: FastifyInstance, desk: Desk): void {
  const config = { access: ['admin'], isExact: true } as const;
  app.post('/flags/:key/kill', { config }, (request, reply) => kill(desk, request, reply));
  app.delete('/flags/:key/kill', { config }, (request) => undo(desk, request));
}

async function kill(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const { principal, killing } = allowed(desk, request);
  queryOf(request, []);
  const { key } = request.params as { readonly key: string };
  const wanted = wishIn(objectIn(request.body as Json, ''));
  refuseClosed(principal, wanted.environment);
  const at = desk.parts.clock();
  const made = { flag: key, author: authorOf(principal), at, ...wanted, expires: at + wanted.lasts };
  refuseUnknown(desk, made);
  // Also where it is off here: it may have been turned on a moment ago, and be on elsewhere.
  const { kill: killed, kept } = await killing.kill(killOf(made));
  reply.status(202).header('flagstaff-event-id', formatEventId({ ...servedNow(desk).position, n: 0 }));
  return { ...shownKill(killed), enabled: false, kept };
}

/** `DELETE /flags/{key}/kill?environment=`: the flag is again what the repository says. */
async function undo(desk: Desk, request: FastifyRequest): Promise<object> {
  const { principal, killing } = allowed(desk, request);
  refuseBody(request.body);
  const { key: flag } = request.params as { readonly key: string };
  const environment = queryOf(request, ['environment']).one('environment');
  if (environment === undefined) throw wrong('environment', 'must name an environment');
  refuseClosed(principal, environment);
  const undone = await killing.undo({ flag, environment }, authorOf(principal));
  if (undone === undefined) {
    throw new Problem('not_found', `no kill of ${nameOf({ flag, environment })} waits for the repository`, {
      help: 'once it is committed, turn the flag on again with PATCH',
    });
  }
  return { flag, environment, enabled: isOn(servedNow(desk), undone) };
}

function allowed(desk: Desk, request: FastifyRequest): { readonly principal: Principal; readonly killing: KillSwitch } {
  const principal = principalOf(request);
  refuseWithoutScope(principal, 'flags:kill');
  return { principal, killing: writingOf(desk).killing };
}

function refuseClosed(principal: Principal, environment: string): void {
  const own = environmentsOf(principal);
  if (own === undefined || own.includes(environment)) return;
  throw new Problem('forbidden', `you may change ${own.join(', ') || 'none'}, not ${environment}`);
}

function killOf({ flag, environment, reason, author, at, expires }: Kill): Kill {
  return { flag, environment, reason, author, at, expires };
}

/** A kill, as `/status` tells of it. */
export function shownKill({ flag, environment, reason, author, at, expires }: Kill): object {
  const [since, until] = [at, expires].map((time) => new Date(time).toISOString());
  return { flag, environment, reason, by: author.name, at: since, expires_at: until };
}

function refuseUnknown(desk: Desk, { flag: key, environment }: Kill): void {
  const { definitions: known } = servedNow(desk).snapshot;
  const definitions = known.get(environment);
  if (definitions === undefined) {
    const names = [...known.keys()].join(', ');
    refuse([{ pointer: '/environment', message: `there is no environment \`${environment}\`; there are ${names}` }]);
  }
  if (findKeyed(definitions.flags, key)?.state !== 'active') throw flagNotFound(key);
}

const FIELDS = ['environment', 'reason', 'expires_in'];

function wishIn(body: JsonObject): { readonly environment: string; readonly reason: string; readonly lasts: number } {
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    refuse([{ pointer: `/${unknown}`, message: `is unknown; there are ${FIELDS.join(', ')}` }]);
  const { environment, reason, expires_in: lasts = '24h' } = body;
  if (typeof environment !== 'string') refuse([{ pointer: '/environment', message: 'must name an environment' }]);
  return { environment, reason: readable(reason), lasts: lengthOf(lasts) };
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** In milliseconds. */
function lengthOf(text: Json): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(String(text)) ?? [];
  const length = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (length <= LONGEST_KILL) return length;
  refuse([{ pointer: '/expires_in', message: 'must be a length of time such as `90m` or `24h`, 30 days at most' }]);
}

export interface KillHook {
  readonly secret: string;
  /** milliseconds since 1970 */
  readonly now: () => number;
  readonly heard: (message: KillMessage) => Promise<unknown>;
}

/** `POST /hooks/kill`: what replicas tell each other. The signature is over the bytes, so they are taken as they come. */
export function addKillHook(app: FastifyInstance, { secret, now, heard }: KillHook): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post('/hooks/kill', { config: { access: 'open' } }, async (request, reply) => {
      const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      if (!isSigned({ 'x-hub-signature-256': request.headers['x-hub-signature-256'] }, bytes, secret)) {
        throw new Problem('unauthorized', 'the signature is missing, or made with another secret');
      }
      await heard(readKillMessage(Buffer.from(bytes).toString('utf8'), now()));
      return reply.code(202).send({ accepted: true });
    });
  });
}
