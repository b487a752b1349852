import type { FastifyBaseLogger } from 'fastify';
import { Refusal } from '../diagnostics/refusal.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { Environment } from '../sources/git-settings.js';
import type { Writer } from '../write/writer.js';
import { auditTrailAt } from './audit.js';
import { gentleClosing } from './closing.js';
import { Compiler } from './compiler.js';
import { DataDirectory } from './data-directory.js';
import { type Exposures, openExposures } from './exposures/open.js';
import { gaugesOf } from './gauges.js';
import { Killing } from './kill/killing.js';
import { lookupIn } from './kill/mark.js';
import { agesInTree, agesOfCommits } from './lifecycle/ages.js';
import { listen } from './listen.js';
import type { Parts } from './parts.js';
import { watchTime } from './refresh/clockwork.js';
import { follow } from './refresh/follow.js';
import { gitSource } from './refresh/git-source.js';
import { logRefresh, onceServing } from './refresh/log.js';
import { tellPeers } from './refresh/peers.js';
import { Refresher } from './refresh/refresher.js';
import { snapshotCache } from './refresh/snapshot-cache.js';
import type { FlagSource } from './refresh/source.js';
import type { RefreshStatus } from './refresh/status.js';
import { statusOf } from './refresh/status-report.js';
import { worktreeSource } from './refresh/worktree-source.js';
import { addReloadRoutes } from './routes/reload.js';
import type { Served } from './served.js';
import { createServer } from './server.js';
import { Store } from './store.js';
import { Ancestors } from './stream/ancestors.js';
import { broadcast } from './stream/broadcast.js';
import { StreamHub } from './stream/hub.js';
import { addOfrepStream, announcement, ofrepChannel, ofrepStreamFor } from './stream/ofrep.js';
import { addStreamRoutes } from './stream/routes.js';
import type { WritingParts } from './writing/parts.js';
import { settler } from './writing/settle.js';
import { openWriter } from './writing/writer.js';

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
  /** milliseconds after which a remote that does not answer is given up */
  readonly fetchTimeout: number;
  /** A file that keeps the last good state for a start without the source. */
  readonly snapshotCache?: string;
  /** A directory for what is no flag; without one nothing is kept. */
  readonly dataDir?: string;
  /** The URL of a Redis that keeps exposures, where several servers are to share them. */
  readonly redis?: string;
  readonly allowRewind: boolean;
  readonly maxStreams: number;
  /** milliseconds between two signs of life on a stream */
  readonly keepalive: number;
  /** What git hosts and other replicas must know to say that there is something new. */
  readonly hookSecret?: string;
  /** Where other replicas listen. */
  readonly peers: readonly string[];
  /** How it writes; it only reads, if left out. */
  readonly writing?: { readonly mode: WritingParts['mode']; readonly signingKey?: string };
  /** What the server is given as it is. */
  readonly server: Pick<Parts, 'environment' | 'keyRing' | 'tokens' | 'corsOrigins' | 'limits' | 'trustProxy' | 'tls'>;
}

/** What a server takes from the world around it. */
export interface Edges {
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** 12 hexadecimal digits that no other start has */
  readonly history: string;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: FastifyBaseLogger;
  /** What git sees of the environment variables. */
  readonly environment: Environment;
}

export interface RunningServer {
  /** `http://HOST:PORT` */
  readonly url: string;
  /** What is served now. */
  readonly served: Served | undefined;
  /** Fetches from the remote, if there is one, and looks for a newer state. */
  reload(): Promise<RefreshStatus>;
  /** Ends the streams, lets requests finish, and stops following the source. */
  close(): Promise<void>;
}

/** bytes */
const MAX_BACKLOG = 1_048_576;

/** milliseconds that clients of ended streams wait before they come back */
const COME_BACK = 1000;

/** @throws Refusal when no state of the flags can be served, none can be written, or the port or the data directory cannot be had */
export async function startServer(options: ServeOptions, edges: Edges): Promise<RunningServer> {
  const data = await dataDirectoryOf(options, edges);
  try {
    return await startWith(data, options, edges);
  } catch (error) {
    await data?.release();
    throw error;
  }
}

async function dataDirectoryOf(
  { dataDir, port }: ServeOptions,
  { now, log }: Edges,
): Promise<DataDirectory | undefined> {
  if (dataDir === undefined) return undefined;
  const lost = (message: string) => log.error(`${message}: exposures and kills are not kept by this one any more`);
  const waiting = () =>
    log.info(`waiting for the data directory \`${dataDir}\`: another server has it, or died with it`);
  return DataDirectory.hold(dataDir, { port, now: now(), lost, waiting });
}

async function startWith(data: DataDirectory | undefined, options: ServeOptions, edges: Edges): Promise<RunningServer> {
  const writer = options.writing && (await openWriter({ ...options, ...options.writing }, edges));
  const store: Store = new Store((base) => killing.kills.overlay(base));
  const hub = new StreamHub({ maxStreams: options.maxStreams, maxBacklog: MAX_BACKLOG });
  const source = sourceOf(options, edges);
  const compiler = new Compiler({ tests: writer !== undefined });
  const refresher = refresherOf({ source, store, compiler }, options, edges);
  const killing = await Killing.open({
    ...edges,
    ...killingOf(options, edges),
    data,
    store,
    reload: () => reload(works),
  });
  const works: Works = { options, edges, store, hub, source, compiler, refresher, killing };
  const ancestors = listenToStore(works);
  await refresher.start();
  refuseUnknownEnvironment(options.server.environment, store);
  const writing = writer && writingWith(works, writer);
  const exposures = await openExposures({ redis: options.redis, data }, store, edges);
  const app = await createServer({ ...partsOf(works, ancestors, exposures), ...(writing && { writing }) });
  const closeGently = gentleClosing(app);
  const url = await listen(app, options).catch((error) => {
    source.close();
    throw error;
  });
  const stop = keepGoing(works);
  if (writer !== undefined) void readAhead(writer, store);
  return {
    url,
    get served() {
      return store.current;
    },
    reload: () => reload(works),
    close: async () => {
      await stop();
      hub.end(COME_BACK);
      await closeGently();
      await killing.close();
      writing?.writer.close();
      await exposures?.close();
      await data?.release();
    },
  };
}

function writingWith(works: Works, writer: Writer): WritingParts {
  const { mode = 'direct' } = works.options.writing ?? {};
  const writing = { mode, writer, settled: settler(works), compiler: works.compiler };
  works.killing.commitWith(writing);
  return { ...writing, killing: works.killing };
}

/** The first write finds read what it stands on. */
async function readAhead(writer: Writer, { base }: Store): Promise<void> {
  const commit = base?.origin === 'git' ? base.revision.version : 'HEAD';
  // Whoever writes is told what is wrong.
  await writer.filesAt(commit).catch(() => undefined);
}

function killingOf({ root, hookSecret: secret, peers: urls }: ServeOptions, { environment }: Edges) {
  return { isCommitted: lookupIn(root, environment), ...(secret !== undefined && { peers: { urls, secret } }) };
}

function refuseUnknownEnvironment(environment: string | undefined, { current }: Store): void {
  if (environment === undefined || current === undefined || current.snapshot.definitions.has(environment)) return;
  const environments = [...current.snapshot.definitions.keys()];
  throw new Refusal('not-found', `there is no environment \`${environment}\``, {
    help: didYouMean(environment, environments) ?? `the environments are ${environments.join(', ')}`,
  });
}

/** What a server is made of. */
interface Works {
  readonly options: ServeOptions;
  readonly edges: Edges;
  readonly store: Store;
  readonly hub: StreamHub;
  readonly source: FlagSource;
  readonly compiler: Compiler;
  readonly refresher: Refresher;
  readonly killing: Killing;
}

function sourceOf({ root, git, fetchTimeout }: ServeOptions, { now, history, environment }: Edges): FlagSource {
  if (git === undefined) return worktreeSource({ root, history, now });
  return gitSource({ root, ...git, timeout: fetchTimeout, environment });
}

type Following = Pick<Works, 'source' | 'store' | 'compiler'>;

function refresherOf(following: Following, options: ServeOptions, { now, log }: Edges): Refresher {
  const { allowRewind, snapshotCache: file } = options;
  const keeper = file === undefined ? {} : { keeper: snapshotCache(file) };
  const tell = onceServing(following.store, logRefresh(log));
  return new Refresher({ ...following, ...keeper, allowRewind, now, tell });
}

/** A new state is there before anybody is told of it. */
function listenToStore({ options, edges, store, hub, source }: Works): Ancestors {
  const { hookSecret: secret, peers: urls } = options;
  const failed = (error: Error) => edges.log.warn(error.message);
  const ancestors = new Ancestors(source);
  store.subscribe((publication) => {
    ancestors.remember(publication.after);
    broadcast(hub, publication, edges.now());
    const { version } = publication.after.revision;
    if (secret === undefined || publication.before === undefined) return;
    void tellPeers({ urls, secret }, { path: '/hooks/push', message: { version } }, failed);
  });
  return ancestors;
}

function partsOf(works: Works, ancestors: Ancestors, exposures: Exposures | undefined): Parts {
  const { options, edges, store, hub, refresher, killing } = works;
  const { hookSecret, server } = options;
  const streams = { ...server, store, hub, ancestors, clock: edges.now };
  const reloading = { store, reload: () => reload(works), ...(hookSecret !== undefined && { hookSecret }) };
  return {
    ...server,
    store,
    clock: edges.now,
    log: edges.log,
    ...(exposures && { exposures }),
    status: () => ({
      ...statusOf(store, refresher.status),
      kills: killing.status(),
      ...(exposures && { exposures: exposures.status() }),
    }),
    audit: auditTrailAt(options.root, edges.environment),
    ages:
      options.git === undefined
        ? agesInTree(options.root, edges.environment)
        : agesOfCommits(options.root, edges.environment),
    gauges: () => [...gaugesOf(hub, refresher.status), ...killing.gauges(), ...(exposures?.gauges() ?? [])],
    ofrepStream: (request) => ofrepStreamFor(streams, request),
    routes: [
      (app) => addStreamRoutes(app, streams),
      (app) => addOfrepStream(app, streams),
      (app) => addReloadRoutes(app, reloading),
      (app) => (hookSecret === undefined ? undefined : killing.addHook(app, hookSecret)),
    ],
  };
}

/** What happens by itself while the server runs. @returns what ends it */
function keepGoing({ options, edges, store, hub, source, refresher }: Works): () => Promise<void> {
  const failed = (error: Error) => edges.log.warn(`watching: ${error.message}`);
  const unfollow = follow(source, refresher, { poll: options.poll, failed });
  const timer = setInterval(() => hub.keepAlive(), options.keepalive);
  const unwatch = watchTime(store, edges.now, (environment) => {
    const { current } = store;
    if (current === undefined) return;
    hub.broadcast(ofrepChannel(environment), Buffer.from(announcement(current, environment, edges.now())));
  });
  return async () => {
    clearInterval(timer);
    unwatch();
    await unfollow();
    source.close();
  };
}

async function reload({ refresher }: Works): Promise<RefreshStatus> {
  await refresher.fetch();
  await refresher.refresh();
  return refresher.status;
}
