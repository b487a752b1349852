import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { Recorder } from '../../experiment/recorder.js';
import type { Store } from '../store.js';
import { ExposureLedger } from './ledger.js';
import { Observer } from './observer.js';
import { EmbeddedStore } from './store.js';

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

/** @param directory where the server may keep things */
export async function openExposures(directory: string, store: Store, { now, random, log }: Edges): Promise<Exposures> {
  const warn = (message: string) => log.warn(message);
  const kept = await EmbeddedStore.open({ directory: join(directory, 'exposures'), now, warn });
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
