import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { boundariesOf, passed } from '../../engine/boundaries.js';
import { encodeComment, encodeFrame } from '../../wire/frame.js';
import { stillThere } from '../access/key-ring.js';
import { readGrant, signGrant } from '../access/stream-token.js';
import { configTag } from '../ofrep/etag.js';
import type { KeyRing, OfrepStreamRequest } from '../parts.js';
import type { Served } from '../served.js';
import type { Store } from '../store.js';
import type { StreamHub } from './hub.js';
import { openStream, sendEvents } from './sse.js';

export interface OfrepStreamParts {
  readonly store: Store;
  readonly hub: StreamHub;
  /** milliseconds since 1970 */
  readonly clock: () => number;
  readonly keyRing?: KeyRing;
  /** For whoever has no key that says otherwise. */
  readonly environment?: string;
}

const PATH = '/ofrep/v1/stream';

/** milliseconds; a grant is for the rest of its hour and one more, so that a URL stays the same for an hour */
const HOUR = 3_600_000;

/** milliseconds that a client waits before it tries again where there is no stream for it */
const COME_BACK = 60_000;

export function ofrepChannel(environment: string): string {
  return `ofrep:${environment}`;
}

/** Names what OFREP clients of an environment get: the version, and how many of its timed changes have come. */
function stateTag(served: Served, environment: string, now: number): string {
  const definitions = served.snapshot.definitions.get(environment);
  const times = definitions === undefined ? 0 : passed(boundariesOf(definitions), now);
  return `${configTag(served)}-${times}`;
}

/** The event that makes clients ask again. */
export function announcement(served: Served, environment: string, now: number): string {
  const id = stateTag(served, environment, now);
  return encodeFrame({ id, data: JSON.stringify({ type: 'refetchEvaluation', etag: id }) });
}

/** Path and query of the stream for whoever has just been answered; `undefined` when there is none to be had. */
export function ofrepStreamFor(parts: OfrepStreamParts, request: OfrepStreamRequest): string | undefined {
  if (parts.hub.isFull) return undefined;
  const { principal, environment, served } = request;
  const now = parts.clock();
  const query = new URLSearchParams({ environment, version: stateTag(served, environment, now) });
  const key = parts.keyRing?.keys.get(principal.id);
  const expires = (Math.floor(now / HOUR) + 2) * HOUR;
  if (key !== undefined) query.set('token', signGrant({ key: principal.id, environment, expires }, key));
  else if (parts.keyRing !== undefined) return undefined;
  return `${PATH}?${query}`;
}

/**
 * The stream of OFREP notifications. `EventSource` sends no key, so a token in the URL stands for one; and it asks
 * again at once on any other status than 200, so that is what it always gets.
 */
export function addOfrepStream(app: FastifyInstance, parts: OfrepStreamParts): void {
  const config = { access: 'open' as const };
  app.get(PATH, { config, exposeHeadRoute: false }, (request, reply) => answer(parts, request, reply));
}

interface Wish {
  readonly environment: string;
  readonly served: Served;
  /** The id of the key. */
  readonly key: string | undefined;
  /** milliseconds since 1970; never without keys */
  readonly expires: number | undefined;
}

async function answer(parts: OfrepStreamParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const wish = wishOf(parts, request);
  const now = parts.clock();
  if (wish === undefined || parts.hub.isFull) return sendEvents(reply, turnedAway());
  const { environment, served, expires } = wish;
  const raw = openStream(reply, parts.hub, {
    channel: ofrepChannel(environment),
    greeting: Buffer.from(greeting(wish, request, now)),
    mayListen: stillThere(parts.keyRing, wish.key),
  });
  if (expires === undefined) return;
  const timer = setTimeout(() => raw.end(announcement(served, environment, expires)), expires - now);
  raw.on('close', () => clearTimeout(timer));
}

/** An event all the same: whoever cannot be told later is told to look now. */
function turnedAway(): string {
  return encodeFrame({ retry: COME_BACK }) + encodeFrame({ data: JSON.stringify({ type: 'refetchEvaluation' }) });
}

/** A bare `id` sets what the client will name on its return and fires nothing. What it has missed it is told at once. */
function greeting({ served, environment }: Wish, request: FastifyRequest, now: number): string {
  const tag = stateTag(served, environment, now);
  const { version } = request.query as { readonly version?: unknown };
  const last = request.headers['last-event-id'] ?? version;
  const missed = last !== undefined && last !== '' && last !== tag;
  return encodeComment('flagstaff') + (missed ? announcement(served, environment, now) : encodeFrame({ id: tag }));
}

/** Who may listen to which environment; `undefined`: nobody, or not now. */
function wishOf(parts: OfrepStreamParts, request: FastifyRequest): Wish | undefined {
  const { current: served } = parts.store;
  const { token, environment: asked } = request.query as { readonly token?: unknown; readonly environment?: unknown };
  const { principal } = request;
  if (served === undefined) return undefined;
  const grant = parts.keyRing === undefined ? undefined : readGrant(String(token ?? ''), parts.keyRing.keys);
  if (grant !== undefined && grant.expires <= parts.clock()) return undefined;
  if (grant === undefined && principal === null) return undefined;
  const wanted = typeof asked === 'string' ? asked : parts.environment;
  const { defaultEnvironment } = served.snapshot.settings;
  const environment = grant?.environment ?? principal?.environment ?? wanted ?? defaultEnvironment;
  const wish: Wish = { environment, served, key: grant?.key ?? principal?.id, expires: grant?.expires };
  return served.snapshot.definitions.has(environment) ? wish : undefined;
}
