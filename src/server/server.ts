import rateLimit from '@fastify/rate-limit';
import { type FastifyInstance, type FastifyServerOptions, fastify, LogController } from 'fastify';
import { addCors } from './access/cors.js';
import { addDoors, authorizeAll } from './access/doors.js';
import { addSecurityHeaders } from './access/security-headers.js';
import { answerErrors, answerMalformed, sendError } from './errors.js';
import { Hours } from './hours.js';
import { readJsonBodies } from './json-body.js';
import { Standings } from './lifecycle/standings.js';
import { listenerFor } from './listener.js';
import { metricsOf, timeRequests } from './metrics.js';
import { LIMITS, type Limits, type Parts } from './parts.js';
import { Problem } from './problem.js';
import { addRoutes } from './routes/index.js';
import { addFlagMetrics } from './routes/metrics.js';
import { Tallies } from './tallies.js';
import { Views } from './view.js';

/** The server, put together and not yet listening: `app.listen`, or `app.inject` in a test. */
export async function createServer(parts: Parts): Promise<FastifyInstance> {
  const limits = { ...LIMITS, ...parts.limits };
  const app = fastify(serverOptions(parts, limits));
  readJsonBodies(app, limits.depth);
  answerErrors(app);
  addSecurityHeaders(app, parts);
  addDoors(app, parts, limits.url);
  addCors(app, parts);
  await limitRates(app, limits.requestsPerMinute);
  authorizeAll(app);
  const tallies = new Tallies();
  const registry = metricsOf(parts, tallies);
  timeRequests(app, registry);
  const desk = { parts, views: new Views(tallies), standings: new Standings(parts, tallies) };
  addRoutes(app, desk, registry);
  addFlagMetrics(app, desk, new Hours(tallies));
  for (const addMore of parts.routes ?? []) addMore(app);
  return app;
}

function serverOptions(parts: Parts, limits: Limits): FastifyServerOptions {
  const { log, trustProxy = false } = parts;
  return {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // One log for all: a child for each request would cost more than it tells.
    childLoggerFactory: (logger) => logger,
    bodyLimit: limits.body,
    // One hop: what is left of it in the header anybody may have written.
    trustProxy: trustProxy && ((_address, hop) => hop === 0),
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    clientErrorHandler: answerMalformed,
    frameworkErrors: sendError,
    serverFactory: listenerFor(parts, limits),
  };
}

/** One key from one address counts as one client, and so does an address without a key. */
async function limitRates(app: FastifyInstance, requestsPerMinute: number): Promise<void> {
  if (requestsPerMinute === 0) return;
  await app.register(rateLimit, {
    global: false,
    max: requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: ({ principal, ip }) => `${principal?.id ?? ''} ${ip}`,
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem('rate_limited', `more than ${requestsPerMinute} requests in a minute`, { retryAfter: ttl / 1000 }),
  });
  app.addHook('onRequest', app.rateLimit());
}
