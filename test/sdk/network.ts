import type { Definitions } from '../../src/model/definitions.js';
import type { Flag } from '../../src/model/flag.js';
import { batchBetween, encodeBatch, encodeSnapshot } from '../../src/wire/batch.js';
import { formatEventId } from '../../src/wire/event-id.js';
import { encodeComment, encodeFrame } from '../../src/wire/frame.js';
import { fillFlag } from '../conformance/load.js';

export interface Asked {
  readonly url: URL;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Answering = (asked: Asked) => Response | Promise<Response>;

const HISTORY = '0123456789ab';
const AT = '2026-12-01T12:00:00Z';

/** A flag server at the other end of `fetch`, without sockets: for what takes hours. */
export class Network {
  readonly asked: Asked[] = [];
  height = 1;
  definitions: Definitions = definitionsOf({});
  snapshot: Answering = ({ headers }) => this.#sendSnapshot(headers['if-none-match']);
  stream: Answering = () => this.openStream();
  readonly #open = new Set<ReadableStreamDefaultController<Uint8Array>>();

  get id(): string {
    return formatEventId({ height: this.height, n: 0, history: HISTORY });
  }

  get streams(): number {
    return this.#open.size;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const path = url.pathname.split('/').at(-1) ?? '';
    const headers = Object.fromEntries(new Headers(init?.headers).entries());
    const asked = { url, path, headers };
    this.asked.push(asked);
    const signal = init?.signal ?? undefined;
    const answer = await unlessAborted(
      Promise.resolve(path === 'stream' ? this.stream(asked) : this.snapshot(asked)),
      signal,
    );
    const mine = [...this.#open].at(-1);
    if (path === 'stream' && mine !== undefined) signal?.addEventListener('abort', () => this.#close(mine));
    return answer;
  };

  /** How often it was asked for one or the other. */
  count(path: 'snapshot' | 'stream'): number {
    return this.asked.filter((each) => each.path === path).length;
  }

  openStream(greeting: string = encodeComment('flagstaff')): Response {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (opened) => {
        controller = opened;
        this.#open.add(opened);
        opened.enqueue(bytes(greeting));
      },
      cancel: () => {
        if (controller !== undefined) this.#open.delete(controller);
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  }

  /** Sends text on every open stream. */
  say(text: string): void {
    for (const stream of this.#open) stream.enqueue(bytes(text));
  }

  /** Serves other flags, and sends the batch that leads there. */
  publish(definitions: Definitions): void {
    this.height += 1;
    const revision = { version: this.id, author: 'Ada', message: 'a change', at: AT };
    const text = encodeBatch(batchBetween(this.definitions, definitions, revision), {
      height: this.height,
      history: HISTORY,
    });
    this.definitions = definitions;
    this.say(text);
  }

  /** Breaks every open stream. */
  cut(): void {
    for (const stream of this.#open) stream.error(new TypeError('terminated'));
    this.#open.clear();
  }

  snapshotText(): string {
    return encodeSnapshot(this.definitions, this.id, this.id);
  }

  snapshotEvent(): string {
    return encodeFrame({ id: this.id, event: 'snapshot', data: this.snapshotText() });
  }

  #sendSnapshot(known: string | undefined): Response {
    if (known === `"${this.id}"`) return new Response(null, { status: 304 });
    return new Response(this.snapshotText(), { headers: { 'content-type': 'application/json; charset=utf-8' } });
  }

  /** An aborted request takes its stream along. */
  #close(stream: ReadableStreamDefaultController<Uint8Array>): void {
    if (this.#open.delete(stream)) stream.error(new DOMException('aborted', 'AbortError'));
  }
}

export function definitionsOf(flags: Readonly<Record<string, Partial<Flag>>>): Definitions {
  const filled = Object.entries(flags).map(([key, part]) =>
    fillFlag({ type: 'boolean', default: 'off', ...part, key }),
  );
  return { environment: 'production', flags: filled, segments: [] };
}

/** Nobody answers. */
export const unreachable: Answering = () => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
};

/** An answer that does not come. */
export const silent: Answering = () => new Promise(() => undefined);

export function status(code: number, headers: Record<string, string> = {}): Answering {
  return () => new Response('no', { status: code, headers });
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    promise.then(resolve, reject);
  });
}
