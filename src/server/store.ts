import type { Publication, Served } from './served.js';

/** Holds the one reference to what is served. A request reads `current` once and keeps it to its end. */
export class Store {
  #base: Served | undefined;
  #current: Served | undefined;
  readonly #listeners = new Set<(publication: Publication) => void>();

  /** @param overlay what is served in place of a state, by what has been done to flags beside the repository; pure */
  constructor(private readonly overlay: (base: Served) => Served = (base) => base) {}

  /** What was published last, without what lies over it. */
  get base(): Served | undefined {
    return this.#base;
  }

  get current(): Served | undefined {
    return this.#current;
  }

  /** From the assignment on every request sees `after`, whole; only then are the listeners told. */
  publish(after: Served): void {
    this.#base = after;
    this.#show(this.overlay(after));
  }

  /** To be called when what lies over the last state has changed. */
  renew(): void {
    if (this.#base !== undefined) this.#show(this.overlay(this.#base));
  }

  #show(after: Served): void {
    const before = this.#current;
    if (before === after) return;
    this.#current = after;
    const publication = before === undefined ? { after } : { before, after };
    for (const listener of this.#listeners) listener(publication);
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: (publication: Publication) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
