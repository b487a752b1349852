import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { Recorder } from '../../experiment/recorder.js';
import type { Store } from '../store.js';
import { ExposureLedger } from './ledger.js';
import { Observer } from './observer.js';
import { RedisStore } from './redis.js';
import { EmbeddedStore, type ExposureStore } from './store.js';

/** What keeps exposures, and what makes them of the server's own answers. */
export interface Exposures {
  readonly ledger: ExposureLedger;
  readonly observer: Observer;
  close(): Promise<void>;
}

interface Edges {
  readonly now: () => number;
  readonly random: () => number;
  readonly log: FastifyBaseLogger;
}

/** Where they are kept: in Redis, which several servers share, or in a directory of this one. */
export interface ExposurePlace {
  readonly redis?: string;
  readonly dataDir?: string;
}

/** @returns nothing when there is nowhere to keep them */
export async function openExposures(
  { redis, dataDir }: ExposurePlace,
  store: Store,
  { now, random, log }: Edges,
): Promise<Exposures | undefined> {
  const warn = (message: string) => log.warn(message);
  if (redis !== undefined) return exposuresIn(RedisStore.open({ url: redis, warn }), store, { now, random, log });
  if (dataDir === undefined) return undefined;
  const embedded = await EmbeddedStore.open({ directory: join(dataDir, 'exposures'), now, warn });
  return exposuresIn(embedded, store, { now, random, log });
}

function exposuresIn(kept: ExposureStore, store: Store, { now, random }: Edges): Exposures {
  const ledger = new ExposureLedger(kept, now);
  if (store.current !== undefined) ledger.remember(store.current);
  const unsubscribe = store.subscribe(({ after }) => ledger.remember(after));
  const sink = { send: async (batch: Parameters<ExposureLedger['add']>[0]) => void (await ledger.add(batch)) };
  const recorder = new Recorder({ sink, newId: randomUUID, random, after });
  return {
    ledger,
    observer: new Observer(recorder, now),
    close: async () => {
      unsubscribe();
      await recorder.close();
      await ledger.close();
    },
  };
}

function after(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds).unref();
  return () => clearTimeout(timer);
}
