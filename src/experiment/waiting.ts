import type { Batch, Exposure, TrackedEvent } from './exposure.js';

/** A batch that has no id yet. */
type Draft = Omit<Batch, 'id'>;

/** What waits to be handed over, put into batches as it comes: whoever hands it over later copies nothing. */
export class Waiting {
  readonly #batchSize: number;
  readonly #full: Draft[] = [];
  #exposures: Exposure[] = [];
  #events: TrackedEvent[] = [];

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
  }

  get count(): number {
    return this.#full.length * this.#batchSize + this.#exposures.length + this.#events.length;
  }

  exposure(exposure: Exposure): void {
    this.#exposures.push(exposure);
    this.#cut();
  }

  event(event: TrackedEvent): void {
    this.#events.push(event);
    this.#cut();
  }

  /** The oldest batch, whole as long as there is a whole one. */
  take(): Draft | undefined {
    return this.#full.shift() ?? (this.count === 0 ? undefined : this.#begin());
  }

  #cut(): void {
    if (this.#exposures.length + this.#events.length >= this.#batchSize) this.#full.push(this.#begin());
  }

  /** @returns what was begun before */
  #begin(): Draft {
    const draft = { exposures: this.#exposures, events: this.#events };
    this.#exposures = [];
    this.#events = [];
    return draft;
  }
}
