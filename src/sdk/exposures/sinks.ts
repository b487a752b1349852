import type { Batch, Exposure, ExposureSink, TrackedEvent } from '../../experiment/exposure.js';
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

/** Hands batches to `POST /exposures`. What a server will never take is let go: the same again would not help. */
export function httpSink({ urls, key, fetch, time, requestTimeout }: HttpSinkOptions): ExposureSink {
  let turn = 0;
  return { send };

  async function send(batch: Batch): Promise<void> {
    const url = urls[turn % urls.length] ?? '';
    const patience = new AbortController();
    const cancel = time.after(requestTimeout, () => patience.abort());
    try {
      const { status } = await post(url, batch, patience.signal);
      if (status >= 500 || RETRIED.has(status)) throw new Error(`${url} answered ${status}`);
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
    const response = await fetch(`${url}/exposures`, { method: 'POST', headers, body, signal });
    await response.body?.cancel();
    return response;
  }
}

/** Keys may be added, and crowds disperse: 401, 403, 404 (an older server), 408, 429. */
const RETRIED: ReadonlySet<number> = new Set([401, 403, 404, 408, 429]);
