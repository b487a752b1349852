import type { Publication, Served } from './served.js';

/** Holds the one reference to what is served. A request reads `current` once and keeps it to its end. */
export class Store {
  #current: Served | undefined;
  readonly #listeners = new Set<(publication: Publication) => void>();

  get current(): Served | undefined {
    return this.#current;
  }

  /** From the assignment on every request sees `after`, whole; only then are the listeners told. */
  publish(after: Served): void {
    const before = this.#current;
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
