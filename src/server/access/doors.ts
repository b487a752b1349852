import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Parts } from '../parts.js';
import { Problem } from '../problem.js';
import { foreignHeader } from './loopback.js';
import { authenticate, keyTextOf, LOCAL, type Principal } from './principal.js';
import { authorize } from './request.js';

/**
 * Who may come in. Who asks is made out first of all; whether the route is for them is decided after the rate limit
 * and before the body is read.
 */
export function addDoors(app: FastifyInstance, parts: Parts, maxUrl: number): void {
  const admitted = new Set(parts.corsOrigins);
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request) => {
    if (request.raw.url !== undefined && request.raw.url.length > maxUrl) {
      throw new Problem('uri_too_long', `a URL has at most ${maxUrl} characters`);
    }
    request.principal = identify(request, parts, admitted) ?? null;
  });
  app.addHook('preParsing', async (request) => authorize(request));
}

function identify(request: FastifyRequest, parts: Parts, admitted: ReadonlySet<string>): Principal | undefined {
  if (parts.keyRing === undefined) return admitLocal(request, admitted);
  const text = keyTextOf(request.headers);
  return text === undefined ? undefined : authenticate(text, parts.keyRing.keys);
}

/** Origins that the operator admits by name may ask as well; what `Host` says must be this machine all the same. */
function admitLocal({ headers }: FastifyRequest, admitted: ReadonlySet<string>): Principal {
  const { host, origin } = headers;
  const foreign = foreignHeader(host, origin !== undefined && admitted.has(origin) ? undefined : origin);
  if (foreign === undefined) return LOCAL;
  throw new Problem(
    'foreign_origin',
    `without keys only this machine may ask, and the \`${foreign}\` header names another`,
  );
}
