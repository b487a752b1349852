import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Parts } from '../parts.js';
import { isLoopbackHost } from './loopback.js';

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers':
    'If-None-Match, If-Match, Content-Type, Authorization, X-API-Key, X-Request-Id, Last-Event-ID, Idempotency-Key',
  'access-control-max-age': '600',
};

/** What scripts of a page may read of an answer beside what every page may. */
const EXPOSED = [
  ...['ETag', 'Retry-After', 'Location', 'Allow', 'WWW-Authenticate'],
  ...['Flagstaff-Commit', 'Flagstaff-Event-Id', 'Flagstaff-Left-Alone'],
  ...['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
].join(', ');

/**
 * Which pages may read answers (https://fetch.spec.whatwg.org/#http-cors-protocol). Never with credentials: keys travel
 * in headers that a page sets itself. Most requests come from no page at all, and pay for no more than a look.
 */
export function addCors(app: FastifyInstance, parts: Pick<Parts, 'corsOrigins' | 'keyRing'>): void {
  const isAdmitted = admission(parts);
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    // A cache must tell pages apart, also where this answer went to none.
    reply.header('vary', 'Origin');
    if (origin === undefined || !isAdmitted(origin)) return done();
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED);
    if (isPreflight(request)) return void reply.status(204).headers(PREFLIGHT).send();
    done();
  });
}

/** No route of ours answers this method. */
function isPreflight({ method }: FastifyRequest): boolean {
  return method === 'OPTIONS';
}

function admission({ corsOrigins = [], keyRing }: Pick<Parts, 'corsOrigins' | 'keyRing'>) {
  const admitted = new Set(corsOrigins);
  return (origin: string) => admitted.has(origin) || (keyRing === undefined ? isLocal(origin) : admitted.has('*'));
}

/** A page of this machine: where no key is needed, it may ask a server on this machine. */
function isLocal(origin: string): boolean {
  return URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);
}
