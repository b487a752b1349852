import {
  type Batch,
  BatchRefused,
  type Exposure,
  type ExposureSink,
  SinkBusy,
  type TrackedEvent,
} from '../../experiment/exposure.js';
import { parseRetryAfter } from '../backoff.js';
import { wordOf } from '../mishap.js';
import { Servers } from '../servers.js';
import { systemTime, type Time } from '../time.js';

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
  /** How long a server has to answer, in milliseconds (10 s). */
  readonly requestTimeout?: number;
  readonly fetch?: typeof fetch;
  readonly time?: Time;
}

const PATIENCE = 10_000;

/** Hands batches to `POST /exposures`. Redirects are not followed: they make a GET of a POST. */
export function httpSink(options: HttpSinkOptions): ExposureSink {
  const { urls, key, fetch: request = globalThis.fetch, time = systemTime, requestTimeout = PATIENCE } = options;
  const servers = new Servers(urls.map((url) => url.replace(/\/+$/, '')));
  return { send };

  async function send(batch: Batch): Promise<void> {
    const { url } = servers;
    const patience = new AbortController();
    const cancel = time.after(requestTimeout, () => patience.abort());
    try {
      await post(url, batch, patience.signal);
    } catch (error) {
      const alone = error instanceof SinkBusy ? error.wait : 0;
      const wait = servers.moveOn(alone, time.elapsed());
      throw error instanceof BatchRefused ? error : new SinkBusy(messageOf(error, url), wait);
    } finally {
      cancel();
    }
  }

  async function post(url: string, { id, exposures, events }: Batch, signal: AbortSignal): Promise<void> {
    const credentials = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const headers = { 'content-type': 'application/json', 'idempotency-key': id, ...credentials };
    const body = JSON.stringify({ exposures, events });
    const response = await request(`${url}/exposures`, { method: 'POST', headers, body, redirect: 'manual', signal });
    await response.body?.cancel();
    if (!response.ok) throw errorOf(response, url, time.now());
  }
}

/** What the server says is wrong with a batch will be wrong with it the next time: it must not keep others waiting. */
function errorOf({ status, headers }: Response, url: string, now: number): Error {
  const message = `${url}/exposures answered ${status}`;
  const isRefused = status >= 400 && status < 500 && !LATER.has(status);
  return isRefused
    ? new BatchRefused(message)
    : new SinkBusy(message, parseRetryAfter(headers.get('retry-after'), now) ?? 0);
}

/** Request timeout; too many requests. */
const LATER: ReadonlySet<number> = new Set([408, 429]);

function messageOf(error: unknown, url: string): string {
  return error instanceof SinkBusy ? error.message : `cannot reach ${url} (${wordOf(error)})`;
}
