import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Parts } from '../parts.js';
import { Problem } from '../problem.js';
import { isToken } from './jwt.js';
import { foreignHeader } from './loopback.js';
import { authenticate, keyTextOf, LOCAL, type Principal } from './principal.js';
import { authorize } from './request.js';

/** Makes out who asks, first of all. */
export function addDoors(app: FastifyInstance, parts: Parts, maxUrl: number): void {
  const admitted = new Set(parts.corsOrigins);
  app.decorateRequest('principal', null);
  app.decorateRequest('refused', null);
  const enter = (request: FastifyRequest, who: Identified) => {
    if (who instanceof Problem) request.refused = who;
    else request.principal = who ?? null;
  };
  // Not `async`: most requests can be let in at once, and waiting costs them more than all that is done here.
  app.addHook('onRequest', (request, _reply, done) => {
    refuseLongUrl(request, maxUrl);
    const who = identify(request, parts, admitted);
    if (who instanceof Promise) {
      who.then((found) => enter(request, found)).then(() => done(), done);
    } else {
      enter(request, who);
      done();
    }
  });
}

/** Whether a route is for whoever asks: decided after the rate limit and before the body is read. */
export function authorizeAll(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    authorize(request);
    done();
  });
}

function refuseLongUrl({ raw }: FastifyRequest, maxUrl: number): void {
  if (raw.url === undefined || raw.url.length <= maxUrl) return;
  throw new Problem('uri_too_long', `a URL has at most ${maxUrl} characters`);
}

const UNKNOWN_KEY = new Problem('unauthorized', 'this key is not known here', {
  help: 'it may be revoked, cut off, or of another server; `flagstaff keys list` shows which there are',
});

type Identified = Principal | Problem | undefined;

function identify(
  request: FastifyRequest,
  { keyRing, tokens, clock }: Parts,
  admitted: ReadonlySet<string>,
): Identified | Promise<Identified> {
  if (keyRing === undefined) return admitLocal(request, admitted);
  const text = keyTextOf(request.headers);
  if (text === undefined) return undefined;
  if (tokens !== undefined && isToken(text)) return tokens(text, clock()).catch(problemOrThrow);
  return authenticate(text, keyRing.keys) ?? UNKNOWN_KEY;
}

/** Why a token does not count is told where somebody must be known; what is open stays so. */
function problemOrThrow(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
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
