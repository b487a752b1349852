import { applyBatch, type Batch } from '../wire/batch-reader.js';
import type { WireSnapshot } from '../wire/decode.js';
import { type Pace, pauseAfter } from './backoff.js';
import { Mishap } from './mishap.js';
import type { Asking } from './request.js';
import { Servers } from './servers.js';
import { requestSnapshot } from './snapshot-request.js';
import { followStream, type StreamSink } from './stream-request.js';
import { sleep } from './time.js';

/** Who is told what a server sends. */
export interface FreshnessListener {
  /** Makes these definitions the ones that count. A rejection refuses them. */
  adopt(snapshot: WireSnapshot): Promise<void>;
  /** The server confirms that what counts is what it has. */
  confirm(): void;
  /** Something went wrong; it is tried again. */
  mishap(mishap: Mishap): void;
}

export interface FreshnessOptions {
  readonly asking: Asking;
  /** Without a slash at the end; asked in turn. */
  readonly urls: readonly string[];
  readonly pace: Pace;
  /** Milliseconds without a stream after which snapshots are asked for. */
  readonly pollAfter: number;
  /** Milliseconds between two such questions. */
  readonly pollInterval: number;
  /** Milliseconds for which a stream must hold before failures are forgotten. */
  readonly health: number;
  readonly random: () => number;
}

/** A stream that has held for as long as a sign of life takes is one, even if nothing has changed. */
const SIGN_OF_LIFE = 15_000;

/**
 * Keeps definitions as new as the server's: a snapshot, then the stream from there; when that ends, again, after a
 * pause; and snapshots now and then, while there is no stream. One thing at a time, until it is told to stop.
 */
export class Freshness {
  readonly #options: FreshnessOptions;
  readonly #listener: FreshnessListener;
  readonly #stopping = new AbortController();
  /** What the server sent last. */
  #have: WireSnapshot | undefined;
  /** What is there counts, but is not to be gone on from. */
  #needsSnapshot = true;
  readonly #servers: Servers;
  #failures = 0;
  #refusals = 0;
  #retry = 0;
  /** Since when the stream brings something. */
  #openedAt: number | undefined;
  #connectAt: number;
  #pollAt: number;

  constructor(options: FreshnessOptions, listener: FreshnessListener) {
    this.#options = options;
    this.#listener = listener;
    this.#servers = new Servers(options.urls);
    this.#connectAt = this.#elapsed();
    this.#pollAt = this.#connectAt + options.pollAfter;
  }

  /** Resolves when it was stopped; never rejects. @param have what an earlier run has kept */
  async run(have?: WireSnapshot): Promise<void> {
    this.#have = have;
    while (!this.#stopping.signal.aborted) {
      const polls = !this.#needsSnapshot && this.#pollAt < this.#connectAt;
      const due = polls ? this.#pollAt : this.#connectAt;
      await sleep(this.#options.asking.time, due - this.#elapsed(), this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      await (polls ? this.#poll() : this.#connect());
    }
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #connect(): Promise<void> {
    this.#retry = 0;
    this.#openedAt = undefined;
    try {
      if (this.#needsSnapshot) await this.#refresh();
      await followStream(this.#options.asking, this.#servers.url, this.#have?.id, this.#sink(), this.#stopping.signal);
    } catch (thrown) {
      this.#fail(Mishap.from(thrown));
    }
    this.#pause();
  }

  async #poll(): Promise<void> {
    this.#pollAt = this.#elapsed() + this.#options.pollInterval;
    try {
      await this.#refresh();
    } catch (thrown) {
      const mishap = Mishap.from(thrown);
      this.#pollAt += this.#servers.moveOn(mishap.retryAfter ?? 0, this.#elapsed());
      this.#tell(mishap);
    }
  }

  async #refresh(): Promise<void> {
    const { asking } = this.#options;
    const fresh = await requestSnapshot(asking, this.#servers.url, this.#have?.id, this.#stopping.signal);
    if (fresh !== undefined) await this.#adopt(fresh);
    this.#needsSnapshot = false;
    this.#listener.confirm();
  }

  async #adopt(snapshot: WireSnapshot): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    await this.#listener.adopt(snapshot);
    this.#have = snapshot;
  }

  #sink(): StreamSink {
    return {
      snapshot: (snapshot) => this.#take(snapshot),
      batch: (batch) => this.#take(this.#after(batch)),
      sign: () => this.#sign(),
      retry: (milliseconds) => {
        this.#retry = milliseconds;
      },
    };
  }

  async #take(snapshot: WireSnapshot): Promise<void> {
    await this.#adopt(snapshot);
    this.#putOffPolling();
    this.#sign();
  }

  #sign(): void {
    this.#openedAt ??= this.#elapsed();
    if (this.#held() >= SIGN_OF_LIFE) this.#putOffPolling();
    this.#listener.confirm();
  }

  /** For how long the stream has held. */
  #held(): number {
    return this.#openedAt === undefined ? 0 : this.#elapsed() - this.#openedAt;
  }

  #after(batch: Batch): WireSnapshot {
    const before = this.#have?.definitions ?? { environment: '', flags: [], segments: [] };
    return { definitions: applyBatch(before, batch), version: batch.version, id: batch.id };
  }

  /** A stream does what it is for. */
  #putOffPolling(): void {
    this.#pollAt = this.#elapsed() + this.#options.pollAfter;
  }

  #fail(mishap: Mishap): void {
    if (mishap.code === 'malformed' || mishap.code === 'newer-format') this.#distrust();
    this.#refusals = mishap.code === 'refused' ? this.#refusals + 1 : 0;
    this.#retry = Math.max(this.#retry, mishap.retryAfter ?? 0);
    this.#tell(mishap);
  }

  /** What came does not go together with what is there: the next answer must be whole. */
  #distrust(): void {
    this.#have = undefined;
    this.#needsSnapshot = true;
  }

  #pause(): void {
    const { health, pace, random } = this.#options;
    this.#failures = this.#held() >= health ? 1 : this.#failures + 1;
    const refused = this.#refusals >= this.#servers.count;
    const setback = {
      failures: this.#failures,
      refused,
      retryAfter: this.#servers.moveOn(this.#retry, this.#elapsed()),
    };
    this.#connectAt = this.#elapsed() + pauseAfter(setback, pace, random);
  }

  #tell(mishap: Mishap): void {
    if (!this.#stopping.signal.aborted) this.#listener.mishap(mishap);
  }

  #elapsed(): number {
    return this.#options.asking.time.elapsed();
  }
}
