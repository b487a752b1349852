import {
  type Batch,
  BatchRefused,
  type Exposure,
  type ExposureSink,
  type TrackedEvent,
} from '../../experiment/exposure.js';
import type { Time } from '../time.js';

/** A sink that keeps everything in memory, for tests. */
export interface MemorySink extends ExposureSink {
  readonly exposures: readonly Exposure[];
  readonly events: readonly TrackedEvent[];
}

export function memorySink(): MemorySink {
  const exposures: Exposure[] = [];
  const events: TrackedEvent[] = [];
  return {
    exposures,
    events,
    send: async (batch) => {
      exposures.push(...batch.exposures);
      events.push(...batch.events);
    },
  };
}

export interface HttpSinkOptions {
  /** Base URLs of servers; the next one is asked when one fails. */
  readonly urls: readonly string[];
  readonly key?: string | undefined;
  readonly fetch: typeof fetch;
  readonly time: Time;
  /** milliseconds */
  readonly requestTimeout: number;
}

/** Hands batches to `POST /exposures`. Redirects are not followed: they make a GET of a POST. */
export function httpSink({ urls, key, fetch, time, requestTimeout }: HttpSinkOptions): ExposureSink {
  let turn = 0;
  return { send };

  async function send(batch: Batch): Promise<void> {
    const url = urls[turn % urls.length] ?? '';
    const patience = new AbortController();
    const cancel = time.after(requestTimeout, () => patience.abort());
    try {
      const { status } = await post(url, batch, patience.signal);
      if (NEVER.has(status)) throw new BatchRefused(`${url} answered ${status}`);
      if (status < 200 || status > 299) throw new Error(`${url} answered ${status}`);
    } catch (error) {
      turn += 1;
      throw error;
    } finally {
      cancel();
    }
  }

  async function post(url: string, { id, exposures, events }: Batch, signal: AbortSignal): Promise<Response> {
    const credentials = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const headers = { 'content-type': 'application/json', 'idempotency-key': id, ...credentials };
    const body = JSON.stringify({ exposures, events });
    const response = await fetch(`${url}/exposures`, { method: 'POST', headers, body, redirect: 'manual', signal });
    await response.body?.cancel();
    return response;
  }
}

/** The batch itself is wrong, or too big. All else may pass: keys are added, servers updated, crowds disperse. */
const NEVER: ReadonlySet<number> = new Set([400, 413, 415, 422]);
