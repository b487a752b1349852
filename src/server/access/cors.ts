import type { FastifyCorsOptions } from '@fastify/cors';
import type { Parts } from '../parts.js';
import { isLoopbackHost } from './loopback.js';

/** Which pages may read answers. Never with credentials: keys travel in headers that a page sets itself. */
export function corsOptions({ corsOrigins = [], keyRing }: Parts): FastifyCorsOptions {
  const admitted = new Set(corsOrigins);
  const isAdmitted = (origin: string) =>
    admitted.has(origin) || (keyRing === undefined ? isLocal(origin) : admitted.has('*'));
  return {
    origin: (origin, answer) => answer(null, origin !== undefined && isAdmitted(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['If-None-Match', 'If-Match', 'Content-Type', 'Authorization', 'X-API-Key', 'Last-Event-ID'],
    exposedHeaders: ['ETag', 'Retry-After', 'Location', 'Flagstaff-Commit', 'Flagstaff-Event-Id'],
    credentials: false,
    maxAge: 600,
    strictPreflight: false,
  };
}

/** A page of this machine: where no key is needed, it may ask a server on this machine. */
function isLocal(origin: string): boolean {
  return URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);
}
