import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Definitions } from '../../model/definitions.js';
import { parseEventId } from '../../wire/event-id.js';
import { encodeComment } from '../../wire/frame.js';
import { stillThere } from '../access/key-ring.js';
import { environmentOf, principalOf, READERS } from '../access/request.js';
import { matchesEtag } from '../ofrep/etag.js';
import type { KeyRing } from '../parts.js';
import { Problem } from '../problem.js';
import type { Served } from '../served.js';
import type { Store } from '../store.js';
import type { Ancestors } from './ancestors.js';
import { encodedBatch, encodedFor } from './encoded.js';
import type { StreamHub } from './hub.js';
import { openStream } from './sse.js';

export interface StreamParts {
  readonly store: Store;
  readonly hub: StreamHub;
  readonly ancestors: Ancestors;
  /** milliseconds since 1970 */
  readonly clock: () => number;
  readonly keyRing?: KeyRing;
  /** For whoever has no key that says otherwise. */
  readonly environment?: string;
}

/** seconds after which a client that found no free stream may try again */
const RETRY_AFTER = 5;

/** `GET /snapshot` and `GET /stream`: definitions, as they are and as they change. */
export function addStreamRoutes(app: FastifyInstance, parts: StreamParts): void {
  const config = { access: READERS };
  app.get('/snapshot', { config }, (request, reply) => sendSnapshot(parts, request, reply));
  app.get('/stream', { config, exposeHeadRoute: false }, (request, reply) => sendStream(parts, request, reply));
}

export function definitionsChannel(environment: string): string {
  return `definitions:${environment}`;
}

async function sendSnapshot(parts: StreamParts, request: FastifyRequest, reply: FastifyReply) {
  const served = servedBy(parts.store);
  const encoded = encodedFor(served, definitionsFor(parts, served, request));
  const etag = `"${encoded.id}"`;
  reply.header('etag', etag).header('cache-control', 'no-cache').header('vary', varied(reply));
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  reply.type('application/json; charset=utf-8');
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(encoded.json);
  return reply.header('content-encoding', 'gzip').send(await encoded.gzip());
}

/** The environment is in the key, so caches must tell keys apart. */
function varied(reply: FastifyReply): string {
  const own = 'Accept-Encoding, Authorization, X-API-Key';
  const others = reply.getHeader('vary');
  return others === undefined ? own : `${others}, ${own}`;
}

async function sendStream(parts: StreamParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { hub } = parts;
  refuseWhenFull(hub);
  const { definitions, greeting } = await greetingFor(parts, request);
  refuseWhenFull(hub);
  const isThere = stillThere(parts.keyRing, request.principal?.id);
  const { expires = Number.POSITIVE_INFINITY } = request.principal ?? {};
  const mayListen = () => isThere() && parts.clock() < expires;
  openStream(reply, hub, { channel: definitionsChannel(definitions.environment), greeting, mayListen });
}

function refuseWhenFull(hub: StreamHub): void {
  if (hub.isFull) throw new Problem('too_many_streams', 'all streams are taken', { retryAfter: RETRY_AFTER });
}

const WELCOME = Buffer.from(encodeComment('flagstaff'));

interface Greeting {
  readonly definitions: Definitions;
  readonly greeting: Uint8Array;
}

/** What is served may move on while the past is looked up: then it is looked up again. */
async function greetingFor(parts: StreamParts, request: FastifyRequest): Promise<Greeting> {
  const served = servedBy(parts.store);
  const definitions = definitionsFor(parts, served, request);
  const id = parseEventId(String(request.headers['last-event-id'] ?? ''));
  const past = id === undefined ? undefined : await parts.ancestors.find(id, served);
  if (parts.store.current !== served) return greetingFor(parts, request);
  const before = past?.definitions.get(definitions.environment);
  if (before === undefined) {
    return { definitions, greeting: Buffer.concat([WELCOME, encodedFor(served, definitions).event]) };
  }
  const isHere = id?.height === served.position.height && id.history === served.position.history;
  const { bytes } = encodedBatch(before, definitions, served);
  return { definitions, greeting: isHere ? WELCOME : Buffer.concat([WELCOME, bytes]) };
}

function servedBy({ current }: Store): Served {
  if (current === undefined) throw new Problem('not_ready', 'no flags are served yet', { retryAfter: 1 });
  return current;
}

function definitionsFor(parts: StreamParts, served: Served, request: FastifyRequest): Definitions {
  const { environment: asked } = request.query as { readonly environment?: string | readonly string[] };
  if (asked !== undefined && typeof asked !== 'string') {
    throw new Problem('invalid_request', 'the request names two environments');
  }
  const environment = environmentOf(principalOf(request), served, { asked, usual: parts.environment });
  const definitions = served.snapshot.definitions.get(environment);
  if (definitions === undefined) throw new Problem('not_found', `there is no environment \`${environment}\``);
  return definitions;
}
