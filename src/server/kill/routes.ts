import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Json, JsonObject } from '../../model/json.js';
import { formatEventId } from '../../wire/event-id.js';
import { principalOf } from '../access/request.js';
import { environmentsOf, refuseWithoutScope } from '../access/scopes.js';
import { isSigned } from '../access/signature.js';
import { type Desk, servedNow } from '../desk.js';
import { Problem } from '../problem.js';
import { flagNotFound } from '../routes/flags.js';
import { queryOf } from '../routes/query.js';
import { objectIn } from '../writing/body-check.js';
import { refuse } from '../writing/mistakes.js';
import { readable } from '../writing/reason.js';
import { authorOf, writingOf } from '../writing/write.js';
import { isOn, type Kill } from './kill.js';

/** `POST /flags/{key}/kill`: off at once, and in the repository when that can be. */
export function addKillRoute(app: FastifyInstance, desk: Desk): void {
  app.post('/flags/:key/kill', { config: { access: ['admin'] } }, (request, reply) => kill(desk, request, reply));
}

async function kill(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const principal = principalOf(request);
  refuseWithoutScope(principal, 'flags:kill');
  const { kill: lay } = writingOf(desk);
  queryOf(request, []);
  const { key } = request.params as { readonly key: string };
  const wanted = wishIn(objectIn(request.body as Json, ''));
  const own = environmentsOf(principal);
  if (own !== undefined && !own.includes(wanted.environment)) {
    throw new Problem('forbidden', `you may change ${own.join(', ') || 'none'}, not ${wanted.environment}`);
  }
  const at = desk.parts.clock();
  const made = { flag: key, author: authorOf(principal), at, ...wanted, expires: at + wanted.lasts };
  refuseUnknown(desk, made);
  if (!isOn(servedNow(desk), made)) return { flag: key, environment: made.environment, enabled: false };
  const kept = await lay(killOf(made));
  reply.status(202).header('flagstaff-event-id', formatEventId({ ...servedNow(desk).position, n: 0 }));
  return { ...shownKill(killOf(made)), enabled: false, kept: kept === true };
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
  const definitions = servedNow(desk).snapshot.definitions.get(environment);
  if (definitions === undefined) refuse([{ pointer: '/environment', message: 'there is no such environment' }]);
  if (!definitions.flags.some((flag) => flag.key === key && flag.state === 'active')) throw flagNotFound(key);
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

/** At most 30 days, in milliseconds. */
function lengthOf(text: Json): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(String(text)) ?? [];
  const length = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (length <= 30 * 86_400_000) return length;
  refuse([{ pointer: '/expires_in', message: 'must be a length of time such as `90m` or `24h`, 30 days at most' }]);
}

export interface KillHook {
  readonly secret: string;
  /** Another replica has killed a flag, */
  readonly killed: (kill: Kill) => Promise<unknown>;
  /** or its kill is in the repository now. */
  readonly lifted: (kill: Kill) => Promise<unknown>;
}

/** `POST /hooks/kill`: what replicas tell each other. The signature is over the bytes, so they are taken as they come. */
export function addKillHook(app: FastifyInstance, { secret, killed, lifted }: KillHook): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post('/hooks/kill', { config: { access: 'open' } }, async (request, reply) => {
      const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      if (!isSigned({ 'x-hub-signature-256': request.headers['x-hub-signature-256'] }, bytes, secret)) {
        throw new Problem('unauthorized', 'the signature is missing, or made with another secret');
      }
      const message = JSON.parse(Buffer.from(bytes).toString('utf8')) as { killed?: Kill; lifted?: Kill };
      if (message.killed !== undefined) await killed(message.killed);
      if (message.lifted !== undefined) await lifted(message.lifted);
      return reply.code(202).send({ accepted: true });
    });
  });
}
