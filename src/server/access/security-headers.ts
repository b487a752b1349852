import type { FastifyInstance } from 'fastify';
import type { Parts } from '../parts.js';

/** What a browser must not do with an answer, whatever it is; a page of ours that may do more says so itself. */
const HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
};

/** Only where there is TLS. */
const HSTS = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

/** They are the same for every answer, so they are put together once: a request is too short to do it each time. */
export function addSecurityHeaders(app: FastifyInstance, { tls }: Pick<Parts, 'tls'>): void {
  const headers = { ...HEADERS, ...(tls && HSTS) };
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
