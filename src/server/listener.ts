import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Limits, Parts } from './parts.js';

/** How long anything may take, in milliseconds. Open streams are written to more often than `idle`. */
const TIMES = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 };

/** A connection on which nothing moves for so long is closed; milliseconds. */
const IDLE = 60_000;

/** The server below the framework: its limits hold before there is a request. */
export function listenerFor({ tls }: Parts, limits: Limits): (handler: RequestListener) => Server {
  const options = { ...TIMES, maxHeaderSize: limits.headers, connectionsCheckingInterval: 1_000 };
  return (handler) => {
    const server =
      tls === undefined ? createServer(options, handler) : createTlsServer({ ...options, ...tls }, handler);
    server.maxConnections = limits.connections;
    return server.setTimeout(IDLE);
  };
}
