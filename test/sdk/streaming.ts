import type { Parts } from '../../src/server/parts.js';
import { Ancestors } from '../../src/server/stream/ancestors.js';
import { broadcast } from '../../src/server/stream/broadcast.js';
import { StreamHub } from '../../src/server/stream/hub.js';
import { addStreamRoutes } from '../../src/server/stream/routes.js';
import type { Literal } from '../project/files.js';
import { NOON, type Serving, serve } from '../server/serving.js';

export interface Streaming extends Serving {
  readonly hub: StreamHub;
}

/** A server of flags that a test writes down, streams included; what it has served it knows again, and nothing else. */
export async function serveStreams(literal: Literal, parts: Partial<Parts> = {}): Promise<Streaming> {
  const hub = new StreamHub({ maxStreams: 2000, maxBacklog: 1_048_576 });
  const ancestors = new Ancestors({ descends: async () => true, load: async () => undefined });
  const serving: Serving = await serve(literal, {
    routes: [
      (app) =>
        addStreamRoutes(app, {
          get store() {
            return serving.store;
          },
          hub,
          clock: () => NOON,
          ancestors,
          ...(parts.keyRing !== undefined && { keyRing: parts.keyRing }),
        }),
    ],
    ...parts,
  });
  const { current } = serving.store;
  if (current !== undefined) ancestors.remember(current);
  serving.store.subscribe((publication) => {
    ancestors.remember(publication.after);
    broadcast(hub, publication, NOON);
  });
  const close = async () => {
    hub.end(1000);
    const closed = serving.close();
    // Clients open connections in case of need, which nobody would wait for.
    serving.app.server.closeAllConnections();
    await closed;
  };
  return { ...serving, hub, close };
}
