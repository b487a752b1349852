import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** milliseconds that requests have to finish when the server closes */
const PATIENCE = 10_000;

/** milliseconds */
const TIDY_EVERY = 50;

/**
 * Prepares a server to be closed gently: requests finish, but nobody is waited for who asks nothing. Connections that
 * were opened in case of need, and those whose request ends while the server closes, would be kept otherwise.
 */
export function gentleClosing(app: FastifyInstance): () => Promise<void> {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const impatience = setTimeout(() => app.server.closeAllConnections(), PATIENCE);
    const tidying = setInterval(() => tidy(app, sockets), TIDY_EVERY);
    await app.close();
    clearTimeout(impatience);
    clearInterval(tidying);
  };
}

function tidy(app: FastifyInstance, sockets: ReadonlySet<Socket>): void {
  app.server.closeIdleConnections();
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
}
