import type { Batch, Exposure, TrackedEvent } from './exposure.js';

/** A batch that has no id yet. */
type Draft = Omit<Batch, 'id'>;

/** Bytes of a batch as JSON, by an estimate that is never too low: servers take 1 MiB in one request. */
const LARGEST = 1_000_000;

/** What waits to be handed over, put into batches as it comes: whoever hands it over later copies nothing. */
export class Waiting {
  readonly #batchSize: number;
  readonly #full: Draft[] = [];
  #exposures: Exposure[] = [];
  #events: TrackedEvent[] = [];
  #bytes = 0;
  #count = 0;

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
  }

  get count(): number {
    return this.#count;
  }

  exposure(exposure: Exposure): void {
    this.#makeRoom(bytesOfExposure(exposure));
    this.#exposures.push(exposure);
    this.#cut();
  }

  event(event: TrackedEvent): void {
    this.#makeRoom(3 * JSON.stringify(event).length);
    this.#events.push(event);
    this.#cut();
  }

  /** The oldest batch, whole as long as there is a whole one. */
  take(): Draft | undefined {
    const draft = this.#full.shift() ?? (this.#count === 0 ? undefined : this.#begin());
    if (draft !== undefined) this.#count -= draft.exposures.length + draft.events.length;
    return draft;
  }

  /** What does not go into the batch with the others begins the next. */
  #makeRoom(bytes: number): void {
    if (this.#bytes + bytes > LARGEST && this.#bytes > 0) this.#full.push(this.#begin());
    this.#bytes += bytes;
    this.#count += 1;
  }

  #cut(): void {
    if (this.#exposures.length + this.#events.length >= this.#batchSize) this.#full.push(this.#begin());
  }

  /** @returns what was begun before */
  #begin(): Draft {
    const draft = { exposures: this.#exposures, events: this.#events };
    this.#exposures = [];
    this.#events = [];
    this.#bytes = 0;
    return draft;
  }
}

/** Names, quotes, a time and a reason: less than 200. All but the user's id are ASCII; a unit of that takes 3 at most. */
function bytesOfExposure({ flag_key, variant_key, user_id, environment, version }: Exposure): number {
  return 200 + flag_key.length + variant_key.length + environment.length + version.length + 3 * user_id.length;
}
