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

/**
 * Fans events out to open streams. A channel is who gets the same bytes (an environment's definitions, say);
 * what is broadcast is encoded once, however many listen.
 */
export class StreamHub {
  readonly #channels = new Map<string, Set<Sink>>();
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
   * @param greeting what this consumer alone gets first
   * @returns a function to call when the connection is gone
   */
  open(channel: string, sink: Sink, greeting: string): () => void {
    const sinks = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, sinks.add(sink));
    this.#size += 1;
    sink.write(Buffer.from(greeting));
    return () => this.#close(channel, sink);
  }

  broadcast(channel: string, text: string): void {
    const sinks = this.#channels.get(channel);
    if (sinks !== undefined) this.#send(sinks, Buffer.from(text));
  }

  /** Keeps proxies from closing what is idle, and tells clients that the server lives. */
  keepAlive(): void {
    for (const sinks of this.#channels.values()) this.#send(sinks, KEEPALIVE);
  }

  /** Channels that somebody listens to. */
  channels(): string[] {
    return [...this.#channels.keys()];
  }

  /** Ends every stream; `retry` in milliseconds tells clients when to come back. */
  end(retry: number): void {
    const farewell = Buffer.from(encodeFrame({ retry }));
    for (const sinks of this.#channels.values()) for (const sink of sinks) sink.end(farewell);
    this.#channels.clear();
    this.#size = 0;
  }

  #send(sinks: ReadonlySet<Sink>, bytes: Buffer): void {
    for (const sink of sinks) {
      if (sink.writableLength > this.options.maxBacklog) this.#drop(sink);
      else sink.write(bytes);
    }
  }

  #drop(sink: Sink): void {
    this.#dropped += 1;
    sink.destroy();
  }

  #close(channel: string, sink: Sink): void {
    const sinks = this.#channels.get(channel);
    if (sinks === undefined || !sinks.delete(sink)) return;
    this.#size -= 1;
    if (sinks.size === 0) this.#channels.delete(channel);
  }
}
