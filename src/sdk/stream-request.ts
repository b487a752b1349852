import { type Batch, BatchReader } from '../wire/batch-reader.js';
import type { WireSnapshot } from '../wire/decode.js';
import { createStreamParser } from '../wire/stream-parser.js';
import { Mishap } from './mishap.js';
import { type Answer, type Asking, ask } from './request.js';

/** Who gets what a stream brings. */
export interface StreamSink {
  /** All definitions; what was there before does not count any more. */
  snapshot(snapshot: WireSnapshot): Promise<void>;
  /** A change of the definitions, whole. */
  batch(batch: Batch): Promise<void>;
  /** The server lives, and nothing is under way. */
  sign(): void;
  /** The server asks for a pause of so many milliseconds before the next connection. */
  retry(milliseconds: number): void;
}

/**
 * `GET /stream`, until it ends or breaks off.
 * @param from the id of what the client has
 * @throws Mishap, WireFault when it could not be opened, falls silent, or is no stream of a Flagstaff server
 */
export function followStream(
  asking: Asking,
  url: string,
  from: string | undefined,
  sink: StreamSink,
  signal: AbortSignal,
): Promise<void> {
  const headers: Record<string, string> = from === undefined ? {} : { 'last-event-id': from };
  return ask(asking, { url, path: 'stream', accept: 'text/event-stream', headers }, signal, (answer) =>
    readEvents(answer, from, asking.maxSize, sink),
  );
}

/** One piece after the other: what a piece makes whole is taken before the next is read. */
async function readEvents(answer: Answer, from: string | undefined, largest: number, sink: StreamSink): Promise<void> {
  const reader = new BatchReader(from, largest);
  const waiting: (() => Promise<void>)[] = [];
  const sign = () => (reader.isMidway ? undefined : sink.sign());
  const feed = createStreamParser(
    {
      event: (message) => {
        const whole = reader.take(message);
        if (whole?.kind === 'snapshot') waiting.push(() => sink.snapshot(whole.snapshot));
        if (whole?.kind === 'batch') waiting.push(() => sink.batch(whole.batch));
      },
      comment: sign,
      retry: (milliseconds) => sink.retry(milliseconds),
    },
    largest,
  );

  for (let piece = await readUntilBroken(answer); piece !== undefined; piece = await readUntilBroken(answer)) {
    feed(piece);
    for (const take of waiting.splice(0)) await take();
  }
}

/** A connection that breaks is an end like any other; one that falls silent is told. */
async function readUntilBroken(answer: Answer): Promise<string | undefined> {
  try {
    return await answer.read();
  } catch (thrown) {
    if (thrown instanceof Mishap) throw thrown;
    return undefined;
  }
}
