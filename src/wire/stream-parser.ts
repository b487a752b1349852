import { createParser } from 'eventsource-parser';
import type { StreamMessage } from './batch-reader.js';
import { malformed } from './wire-fault.js';

/** What a stream of server-sent events is made of. */
export interface StreamListener {
  event(message: StreamMessage): void;
  /** A sign of life. */
  comment(): void;
  /** The server asks for this many milliseconds before the next connection. */
  retry(milliseconds: number): void;
}

/**
 * @param largest how many characters of one event are kept
 * @returns takes the next piece of the stream. Throws WireFault when it is no stream of ours, and what the listener throws.
 */
export function createStreamParser(listener: StreamListener, largest: number): (piece: string) => void {
  let problem: string | undefined;
  const parser = createParser({
    maxBufferSize: largest,
    onEvent: (message) => listener.event(message),
    onComment: () => listener.comment(),
    onRetry: (milliseconds) => listener.retry(milliseconds),
    onError: ({ type }) => {
      problem = type === 'max-buffer-size-exceeded' ? 'an event without an end' : 'something else than events';
    },
  });
  return (piece) => {
    parser.feed(piece);
    if (problem !== undefined) throw malformed(problem);
  };
}
