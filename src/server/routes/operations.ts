import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { Desk } from '../desk.js';

/** What operators and their machines ask. */
export function addOperationRoutes(app: FastifyInstance, desk: Desk, registry: Registry): void {
  const config = { access: 'open' as const };
  app.get('/healthz', { config }, () => ({ status: 'alive' }));
  app.get('/readyz', { config }, (_request, reply) => readiness(desk, reply));
  app.get('/status', { config }, (request) => status(desk, request));
  app.get('/metrics', { config }, async (_request, reply) => {
    reply.type(registry.contentType);
    return await registry.metrics();
  });
}

/** 200 while any snapshot is served, however old. */
function readiness({ parts }: Desk, reply: FastifyReply): object {
  if (parts.store.current !== undefined) return { status: 'ready' };
  reply.status(503);
  return { status: 'not_ready' };
}

/** In full for those who may see definitions. */
function status({ parts }: Desk, { principal }: FastifyRequest): object {
  const { current } = parts.store;
  const brief = { status: current === undefined ? 'not_ready' : 'serving' };
  if (principal === null || principal.role === 'client') return brief;
  return { ...brief, environments: current?.snapshot.settings.environments, ...parts.status?.() };
}
