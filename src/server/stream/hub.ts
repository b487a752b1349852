import { encodeComment, encodeFrame } from '../../wire/frame.js';

/** An open response that events are written to: a `ServerResponse`, seen from here. */
export interface Sink {
  write(chunk: Uint8Array): boolean;
  end(chunk?: Uint8Array): void;
  destroy(): void;
  /** Bytes that were written and not yet taken by the client. */
  readonly writableLength: number;
}

export interface HubOptions {
  /** How many streams may be open at once, all channels together. */
  readonly maxStreams: number;
  /** Bytes of backlog at which a consumer that does not read is cut off; it resumes when it is back. */
  readonly maxBacklog: number;
}

const KEEPALIVE = Buffer.from(encodeComment('keepalive'));

/** What is known of an open stream. */
interface Consumer {
  /** Looked up before each event: a key may go while its stream is open. */
  readonly mayListen: () => boolean;
  /** bytes */
  readonly greeting: number;
  /** Bytes that were written since its greeting. */
  since: number;
  /** Bytes that it had taken when it was last looked at. */
  taken: number;
}

/**
 * Fans events out to open streams. A channel is who gets the same bytes (an environment's definitions, say);
 * what is broadcast is encoded once, however many listen.
 */
export class StreamHub {
  readonly #channels = new Map<string, Map<Sink, Consumer>>();
  #size = 0;
  #dropped = 0;

  constructor(readonly options: HubOptions) {}

  /** Streams open now. */
  get size(): number {
    return this.#size;
  }

  /** Consumers cut off so far because they did not read. */
  get dropped(): number {
    return this.#dropped;
  }

  get isFull(): boolean {
    return this.#size >= this.options.maxStreams;
  }

  /**
   * @param greeting what this consumer alone gets first; however long, it does not count as backlog
   * @param mayListen asked before each event; the stream ends when it says no
   * @returns a function to call when the connection is gone
   */
  open(channel: string, sink: Sink, greeting: Uint8Array, mayListen: () => boolean = () => true): () => void {
    const sinks = this.#channels.get(channel) ?? new Map<Sink, Consumer>();
    this.#channels.set(channel, sinks.set(sink, { mayListen, greeting: greeting.length, since: 0, taken: 0 }));
    this.#size += 1;
    sink.write(greeting);
    return () => this.#close(channel, sink);
  }

  /** What waits of a greeting is no backlog: at most what came after it is. */
  broadcast(channel: string, bytes: Uint8Array): void {
    for (const [sink, consumer] of this.#channels.get(channel) ?? []) {
      if (!consumer.mayListen()) {
        this.#close(channel, sink);
        sink.end();
      } else if (Math.min(sink.writableLength, consumer.since) > this.options.maxBacklog) {
        this.#drop(channel, sink);
      } else {
        consumer.since += bytes.length;
        sink.write(bytes);
      }
    }
  }

  /**
   * Keeps proxies from closing what is idle, and tells clients that the server lives. A consumer that has much to
   * read, its greeting perhaps, and has taken nothing since the last time is cut off.
   */
  keepAlive(): void {
    for (const [channel, sinks] of this.#channels) {
      for (const [sink, consumer] of sinks) {
        const taken = consumer.greeting + consumer.since - sink.writableLength;
        if (sink.writableLength > this.options.maxBacklog && taken <= consumer.taken) this.#drop(channel, sink);
        consumer.taken = taken;
      }
      this.broadcast(channel, KEEPALIVE);
    }
  }

  /** Channels that somebody listens to. */
  channels(): string[] {
    return [...this.#channels.keys()];
  }

  /** Ends every stream; `retry` in milliseconds tells clients when to come back. */
  end(retry: number): void {
    const farewell = Buffer.from(encodeFrame({ retry }));
    for (const channel of this.channels()) this.endChannel(channel, farewell);
  }

  /** Ends the streams of one channel. */
  endChannel(channel: string, farewell: Uint8Array): void {
    const sinks = this.#channels.get(channel) ?? new Map<Sink, Consumer>();
    this.#channels.delete(channel);
    this.#size -= sinks.size;
    for (const sink of sinks.keys()) sink.end(farewell);
  }

  #drop(channel: string, sink: Sink): void {
    this.#dropped += 1;
    this.#close(channel, sink);
    sink.destroy();
  }

  #close(channel: string, sink: Sink): void {
    const sinks = this.#channels.get(channel);
    if (sinks === undefined || !sinks.delete(sink)) return;
    this.#size -= 1;
    if (sinks.size === 0) this.#channels.delete(channel);
  }
}
