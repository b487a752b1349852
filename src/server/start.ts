import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { Refusal } from '../diagnostics/refusal.js';
import type { Environment } from '../sources/git-process.js';
import { isLoopbackHost } from './access/loopback.js';
import type { Parts } from './parts.js';
import { follow } from './refresh/follow.js';
import { gitSource } from './refresh/git-source.js';
import { logRefresh } from './refresh/log.js';
import { Refresher } from './refresh/refresher.js';
import { snapshotCache } from './refresh/snapshot-cache.js';
import type { FlagSource } from './refresh/source.js';
import { statusOf } from './refresh/status-report.js';
import { worktreeSource } from './refresh/worktree-source.js';
import { createServer } from './server.js';
import { Store } from './store.js';
import { StreamHub } from './stream/hub.js';

/** What is served, and where. */
export interface ServeOptions {
  /** The directory of the flags, absolute. */
  readonly root: string;
  readonly host: string;
  /** 0: any that is free */
  readonly port: number;
  /** The ref that is served, and the remote it is fetched from; the working tree if left out. */
  readonly git?: { readonly ref: string; readonly remote?: string };
  /** milliseconds between two fetches */
  readonly poll: number;
  /** A file that keeps the last good state for a start without the source. */
  readonly snapshotCache?: string;
  readonly allowRewind: boolean;
  readonly maxStreams: number;
  /** What the server is given as it is. */
  readonly server: Pick<Parts, 'environment' | 'keyRing' | 'corsOrigins' | 'limits' | 'trustProxy' | 'tls'>;
}

/** What a server takes from the world around it. */
export interface Edges {
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** 12 hexadecimal digits that no other start has */
  readonly history: string;
  readonly log: FastifyBaseLogger;
  /** What git sees of the environment variables. */
  readonly environment: Environment;
}

export interface RunningServer {
  /** `http://HOST:PORT` */
  readonly url: string;
  /** Fetches from the remote, if there is one, and looks for a newer state. */
  reload(): Promise<void>;
  /** Ends the streams, lets requests finish, and stops following the source. */
  close(): Promise<void>;
}

/** milliseconds that clients of ended streams wait before they come back */
const COME_BACK = 1000;

/** milliseconds that requests have to finish when the server closes */
const PATIENCE = 10_000;

/** milliseconds that a remote has to answer */
const FETCH_TIMEOUT = 15_000;

const MAX_BACKLOG = 1_048_576;

/** @throws Refusal when no state of the flags can be served, or the port cannot be had */
export async function startServer(options: ServeOptions, edges: Edges): Promise<RunningServer> {
  const { log } = edges;
  const store = new Store();
  const hub = new StreamHub({ maxStreams: options.maxStreams, maxBacklog: MAX_BACKLOG });
  const source = sourceOf(options, edges);
  const refresher = refresherOf(source, store, options, edges);
  await refresher.start();
  const status = () => statusOf(store, refresher.status);
  const app = await createServer({ ...options.server, store, clock: edges.now, log, status });
  const failed = (error: Error) => log.warn(`watching: ${error.message}`);
  const unfollow = follow(source, refresher, { poll: options.poll, failed });
  const stop = async () => {
    await unfollow();
    source.close();
  };
  const url = await listen(app, options).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    url,
    reload: async () => {
      await refresher.fetch();
      await refresher.refresh();
    },
    close: async () => {
      await stop();
      hub.end(COME_BACK);
      await closeGently(app);
    },
  };
}

function sourceOf({ root, git }: ServeOptions, { now, history, environment }: Edges): FlagSource {
  if (git === undefined) return worktreeSource({ root, history, now });
  return gitSource({ root, ...git, timeout: FETCH_TIMEOUT, environment });
}

function refresherOf(source: FlagSource, store: Store, options: ServeOptions, { now, log }: Edges): Refresher {
  const { allowRewind, snapshotCache: file } = options;
  const keeper = file === undefined ? {} : { keeper: snapshotCache(file) };
  return new Refresher({ source, store, ...keeper, allowRewind, now, tell: logRefresh(log) });
}

async function listen(app: FastifyInstance, options: ServeOptions): Promise<string> {
  const { host, port, server } = options;
  if (server.keyRing === undefined && !isLoopbackHost(host)) {
    throw new Refusal('invalid-argument', `\`--host ${host}\` would let anybody in: there are no keys`, {
      help: 'make keys with `flagstaff keys add` and name their file with `--keys FILE`',
    });
  }
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Refusal('unavailable', `cannot listen on ${host}:${port} (${code})`, {
      help: 'another program may have the port: choose one with `--port`, or 0 for any',
      cause,
    });
  }
  const address = app.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${server.tls === undefined ? 'http' : 'https'}://${name}:${address.port}`;
}

async function closeGently(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), PATIENCE);
  await app.close();
  clearTimeout(timer);
}
