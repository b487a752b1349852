import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { Recorder } from '../../experiment/recorder.js';
import type { DataDirectory } from '../data-directory.js';
import type { Gauge } from '../gauge.js';
import type { Store } from '../store.js';
import { EmbeddedStore } from './embedded.js';
import { ExposureLedger } from './ledger.js';
import { Observer } from './observer.js';
import { RedisStore } from './redis.js';
import type { ExposureStore } from './store.js';
import { RatioWatch } from './watch.js';

/** What keeps exposures, and what makes them of the server's own answers. */
export interface Exposures {
  readonly ledger: ExposureLedger;
  readonly observer: Observer;
  /** For `/status`. */
  status(): object;
  /** For `/metrics`. */
  gauges(): Gauge[];
  /** Looks at the splits now, and not only once a minute. */
  look(): Promise<void>;
  close(): Promise<void>;
}

interface Edges {
  readonly now: () => number;
  readonly random: () => number;
  readonly log: FastifyBaseLogger;
}

/** Where they are kept: in Redis, which several servers share, or in a directory of this one. */
export interface ExposurePlace {
  readonly redis?: string | undefined;
  readonly data?: DataDirectory | undefined;
}

/** @returns nothing when there is nowhere to keep them */
export async function openExposures(
  { redis, data }: ExposurePlace,
  store: Store,
  { now, random, log }: Edges,
): Promise<Exposures | undefined> {
  const warn = (message: string) => log.warn(message);
  if (redis !== undefined) return exposuresIn(RedisStore.open({ url: redis, warn }), store, { now, random, log });
  if (data === undefined) return undefined;
  const embedded = await EmbeddedStore.open({ directory: join(data.path, 'exposures'), held: data, now, warn });
  return exposuresIn(embedded, store, { now, random, log });
}

/** How often the splits are looked at; milliseconds. */
const OFTEN = 60_000;

function exposuresIn(kept: ExposureStore, store: Store, { now, random, log }: Edges): Exposures {
  const ledger = new ExposureLedger(kept, now);
  if (store.current !== undefined) ledger.remember(store.current);
  const unsubscribe = store.subscribe(({ after }) => ledger.remember(after));
  const sink = { send: async (batch: Parameters<ExposureLedger['add']>[0]) => void (await ledger.add(batch)) };
  const recorder = new Recorder({ sink, newId: randomUUID, random, after });
  const watch = new RatioWatch(ledger, (message) => log.warn(message));
  const timer = setInterval(() => void watch.look(), OFTEN).unref();
  return {
    ledger,
    observer: new Observer(recorder, now),
    status: () => ({ ...ledger.status(), pending: recorder.pending, dropped: recorder.dropped, skewed: watch.skewed }),
    gauges: () => gaugesOf(watch.skewed.length, recorder.dropped),
    look: () => watch.look(),
    close: async () => {
      clearInterval(timer);
      unsubscribe();
      await recorder.close();
      await ledger.close();
    },
  };
}

function gaugesOf(skewed: number, dropped: number): Gauge[] {
  return [
    {
      name: 'flagstaff_experiments_skewed',
      help: 'Experiments whose split does not hold; `/status` names them.',
      type: 'gauge',
      value: skewed,
    },
    {
      name: 'flagstaff_exposures_dropped_total',
      help: 'Exposures of the own answers of this server that were let go for want of room.',
      type: 'counter',
      value: dropped,
    },
  ];
}

function after(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds).unref();
  return () => clearTimeout(timer);
}
