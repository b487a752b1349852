import { parseRetryAfter } from './backoff.js';
import { Mishap, wordOf } from './mishap.js';
import type { Time } from './time.js';
import { unlessAborted, Watchdog } from './watchdog.js';

/** How servers are asked. */
export interface Asking {
  readonly fetch: typeof fetch;
  readonly time: Time;
  readonly key?: string | undefined;
  readonly environment?: string | undefined;
  /** Milliseconds until an answer must begin. */
  readonly requestTimeout: number;
  /** Milliseconds that may pass without a byte. */
  readonly readTimeout: number;
  /** Characters that one snapshot, event or batch may have. */
  readonly maxSize: number;
}

export interface Question {
  readonly url: string;
  readonly path: 'snapshot' | 'stream';
  /** The media type that the answer must have. */
  readonly accept: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is being read. */
export interface Answer {
  readonly status: number;
  /** The next piece of text; `undefined` at its end. Throws a mishap when there is none for too long. */
  read(): Promise<string | undefined>;
}

/**
 * Asks a server and hands its answer to `use`; whatever happens, nothing stays open.
 * @throws Mishap
 */
export async function ask<T>(
  asking: Asking,
  question: Question,
  signal: AbortSignal,
  use: (answer: Answer) => Promise<T>,
): Promise<T> {
  const watchdog = new Watchdog(asking.time, signal);
  try {
    watchdog.wait(asking.requestTimeout);
    const response = await unlessAborted(send(asking, question, watchdog.signal), watchdog.signal);
    requireSuccess(response, question, asking.time.now());
    return await use(answerOf(response, watchdog, asking.readTimeout));
  } catch (thrown) {
    throw watchdog.bitten ?? thrown;
  } finally {
    watchdog.stop();
  }
}

async function send(asking: Asking, { url, path, accept, headers }: Question, signal: AbortSignal): Promise<Response> {
  const { key, environment } = asking;
  const query = environment === undefined ? '' : `?environment=${encodeURIComponent(environment)}`;
  const credentials = key === undefined ? {} : { authorization: `Bearer ${key}` };
  try {
    const all = { accept, ...credentials, ...headers };
    return await asking.fetch(`${url}/${path}${query}`, { headers: all, redirect: 'manual', signal });
  } catch (thrown) {
    throw new Mishap('unreachable', `cannot reach ${url} (${wordOf(thrown)})`);
  }
}

function requireSuccess(response: Response, { url, path, accept }: Question, now: number): void {
  const { status, headers, type: kind } = response;
  if (status === 304) return;
  if (kind === 'opaqueredirect' || REDIRECTS.has(status)) {
    const code = status === 0 ? '' : ` (${status})`;
    throw new Mishap(
      'unavailable',
      `${url}/${path} sends elsewhere${code}, which is not followed: set \`url\` to that`,
    );
  }
  if (status !== 200) throw new Mishap(codeOf(status), `${url}/${path} answered ${status}`, retryAfterOf(headers, now));
  const type = headers.get('content-type') ?? 'nothing';
  if (!type.toLowerCase().startsWith(accept)) {
    throw new Mishap('malformed', `${url}/${path} sent ${type.slice(0, 80)} where ${accept} was expected`);
  }
}

/** Definitions come from where they were asked for, or not at all; browsers tell no status, only that it is one. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function codeOf(status: number): 'refused' | 'unavailable' {
  return status === 401 || status === 403 || status === 404 ? 'refused' : 'unavailable';
}

function retryAfterOf(headers: Headers, now: number): number | undefined {
  return parseRetryAfter(headers.get('retry-after'), now);
}

function answerOf(response: Response, watchdog: Watchdog, readTimeout: number): Answer {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  return {
    status: response.status,
    read: async () => {
      if (reader === undefined) return undefined;
      watchdog.wait(readTimeout);
      const { done, value } = await unlessAborted(reader.read(), watchdog.signal);
      return done ? undefined : decoder.decode(value, { stream: true });
    },
  };
}
