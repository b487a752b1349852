import type { FastifyReply } from 'fastify';
import type { StreamHub } from './hub.js';

/** No proxy may hold events back, put them together, or keep them. */
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-store, no-transform',
  'x-accel-buffering': 'no',
};

export interface Opening {
  readonly channel: string;
  /** Sent at once: a client's `fetch` resolves no sooner than the first byte. */
  readonly greeting: Uint8Array;
  /** Asked before each event. */
  readonly mayListen: () => boolean;
}

/**
 * Answers with a stream of events that stays open; from here on it belongs to the hub.
 * @returns the response, to be ended by whoever knows an end
 */
export function openStream(reply: FastifyReply, hub: StreamHub, { channel, greeting, mayListen }: Opening) {
  const raw = startEvents(reply);
  const closed = hub.open(channel, raw, greeting, mayListen);
  raw.on('close', closed);
  return raw;
}

/** Answers with a few events and no more. */
export function sendEvents(reply: FastifyReply, text: string): void {
  startEvents(reply).end(text);
}

function startEvents(reply: FastifyReply) {
  reply.hijack();
  const { raw } = reply;
  // A client that goes while it is written to is no error of ours; `close` follows.
  raw.on('error', () => undefined);
  raw.writeHead(200, { ...plain(reply.getHeaders()), ...HEADERS });
  return raw;
}

function plain(headers: ReturnType<FastifyReply['getHeaders']>): Record<string, string | number | string[]> {
  const entries = Object.entries(headers).filter(
    (entry): entry is [string, string | number | string[]] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
