import { type Batch, BatchRefused, type Exposure, type ExposureSink, SinkBusy, type TrackedEvent } from './exposure.js';
import { Seen } from './seen.js';
import { Waiting } from './waiting.js';

/** Times are in milliseconds. */
export interface RecorderOptions {
  readonly sink: ExposureSink;
  /** How long things wait to be handed over, and how long a user's variant is told once only (10 s). */
  readonly window?: number;
  /** How many make a batch that is handed over at once (100). */
  readonly batchSize?: number;
  /** How many are kept while the sink is away; what comes then is dropped and counted (10,000). */
  readonly capacity?: number;
  /** The window of the first pause after a failure (1 s), and the widest (30 s). */
  readonly backoff?: { readonly min: number; readonly max: number };
  /** How long `close` waits for what is left (5 s). */
  readonly patience?: number;
  /** Told of each batch that the sink will never take. */
  readonly refused?: (error: BatchRefused) => void;
  /** Calls back after so many milliseconds. @returns what takes it back */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
  /** An id that no other batch has. */
  readonly newId: () => string;
  /** In [0, 1). */
  readonly random: () => number;
}

const DEFAULTS = {
  window: 10_000,
  batchSize: 100,
  capacity: 10_000,
  backoff: { min: 1000, max: 30_000 },
  patience: 5000,
  refused: () => undefined,
};

/** A sink may ask for a pause, not for silence. */
const LONGEST_PAUSE = 10 * 60_000;

/**
 * Gathers what happened and hands it over in batches, off the caller's time: recording is a look-up and a push.
 * Nothing here throws or rejects. What the sink does not take is tried again until there is no room for more.
 */
export class Recorder {
  readonly #options: Required<RecorderOptions>;
  readonly #seen: Seen;
  readonly #waiting: Waiting;
  /** What the sink is being given; after a failure it is given the same again. */
  #batch: Batch | undefined;
  #delivery: Promise<void> | undefined;
  #failures = 0;
  #dropped = 0;
  #closing: Promise<void> | undefined;
  /** What is left is counted as dropped. */
  #hasEnded = false;
  #cancelDelivery: (() => void) | undefined;
  /** A delivery is about to begin. */
  #isUrgent = false;
  #cancelWindow: (() => void) | undefined;

  constructor(options: RecorderOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#seen = new Seen(this.#options.capacity);
    this.#waiting = new Waiting(this.#options.batchSize);
  }

  /** How many were not kept: for want of room, since it is closed, or because the sink will never take them. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many wait to be handed over. */
  get pending(): number {
    return this.#waiting.count + sizeOf(this.#batch);
  }

  /** Has this user not met this variant in this window? Asked before an exposure is made, which costs more. */
  isNew(flag: string, variant: string, user: string): boolean {
    if (this.#closing === undefined) this.#cancelWindow ??= this.#openWindow();
    return this.#seen.isNew(flag, variant, user);
  }

  exposure(exposure: Exposure): void {
    if (!this.#hasRoom()) return;
    this.#waiting.exposure(exposure);
    this.#deliverSoon();
  }

  /** Counts something that cannot be handed over. */
  drop(): void {
    this.#dropped += 1;
  }

  event(event: TrackedEvent): void {
    if (!this.#hasRoom()) return;
    this.#waiting.event(event);
    this.#deliverSoon();
  }

  /** Hands over what there is; resolves when the sink has taken it all, or failed once. Never two batches at a time. */
  flush(): Promise<void> {
    this.#cancelDelivery?.();
    this.#cancelDelivery = undefined;
    this.#isUrgent = false;
    this.#delivery ??= this.#deliver().finally(() => {
      this.#delivery = undefined;
      if (this.#waiting.count > 0 && this.#cancelDelivery === undefined) this.#deliverIn(this.#options.window);
    });
    return this.#delivery;
  }

  /** Hands over what is left as far as the sink takes it in time, and takes no more. What remains counts as dropped. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#cancelWindow?.();
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.after(this.#options.patience, resolve);
    });
    await Promise.race([this.#flushAll(), late]);
    this.#hasEnded = true;
    this.#cancelDelivery?.();
    this.#dropped += this.pending;
    await Promise.race([this.#closeSink(), late]);
    cancel();
  }

  /** What came when a delivery was just about to end goes with another one. */
  async #flushAll(): Promise<void> {
    do await this.flush();
    while (this.#waiting.count > 0 && this.#failures === 0 && !this.#hasEnded);
  }

  async #closeSink(): Promise<void> {
    try {
      await this.#options.sink.close?.();
    } catch {
      // What it took is in safe hands; what it did not take is counted.
    }
  }

  #openWindow(): () => void {
    return this.#options.after(this.#options.window, () => {
      this.#cancelWindow = undefined;
      this.#seen.clear();
    });
  }

  /** Counts what there is no room for. */
  #hasRoom(): boolean {
    const hasRoom = this.#closing === undefined && this.pending < this.#options.capacity;
    if (!hasRoom) this.drop();
    return hasRoom;
  }

  #deliverSoon(): void {
    if (this.#failures > 0 || this.#delivery !== undefined) return;
    if (this.#waiting.count >= this.#options.batchSize) this.#deliverAtOnce();
    else if (this.#cancelDelivery === undefined) this.#deliverIn(this.#options.window);
  }

  /** A burst of exposures sets one timer, not one for each. */
  #deliverAtOnce(): void {
    if (this.#isUrgent) return;
    this.#isUrgent = true;
    this.#deliverIn(0);
  }

  #deliverIn(milliseconds: number): void {
    if (this.#closing !== undefined) return;
    this.#cancelDelivery?.();
    this.#cancelDelivery = this.#options.after(milliseconds, () => void this.flush());
  }

  async #deliver(): Promise<void> {
    try {
      while (!this.#hasEnded) {
        this.#batch ??= this.#nextBatch();
        if (this.#batch === undefined) return;
        await this.#hand(this.#batch);
        this.#batch = undefined;
        this.#failures = 0;
      }
    } catch (thrown) {
      this.#failures += 1;
      this.#deliverIn(waitOf(thrown) + this.#pause());
    }
  }

  async #hand(batch: Batch): Promise<void> {
    try {
      await this.#options.sink.send(batch);
    } catch (thrown) {
      if (!(thrown instanceof BatchRefused)) throw thrown;
      this.#dropped += sizeOf(batch);
      this.#options.refused(thrown);
    }
  }

  /** Full jitter: many clients that lost one server do not come back at once. */
  #pause(): number {
    const { min, max } = this.#options.backoff;
    return this.#options.random() * Math.min(max, min * 2 ** (this.#failures - 1));
  }

  #nextBatch(): Batch | undefined {
    const draft = this.#waiting.take();
    return draft && { id: this.#options.newId(), ...draft };
  }
}

function waitOf(thrown: unknown): number {
  return thrown instanceof SinkBusy && thrown.wait > 0 ? Math.min(thrown.wait, LONGEST_PAUSE) : 0;
}

function sizeOf(batch: Batch | undefined): number {
  return batch === undefined ? 0 : batch.exposures.length + batch.events.length;
}
