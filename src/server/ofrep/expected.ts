import type { Served } from '../served.js';
import type { Store } from '../store.js';
import { configTag, namesServed } from './etag.js';

/** milliseconds that a question waits for the version that it was asked because of */
const PATIENCE = 1000;

/** How many versions that were served are remembered as past. */
const REMEMBERED = 64;

/**
 * Waits for versions that others have told of and this server does not serve yet, as when an event of one replica
 * leads a client to another. A version of the past is not waited for, nor is any for long.
 */
export class Expected {
  readonly #past = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly patience: number = PATIENCE,
  ) {
    if (store.current !== undefined) this.#remember(store.current);
    store.subscribe(({ after }) => this.#remember(after));
  }

  /** Is it worth waiting for this version? */
  isNews(tag: string): boolean {
    const { current } = this.store;
    return (
      current !== undefined && !namesServed(tag, current) && !this.#past.has(tag.slice(0, configTag(current).length))
    );
  }

  /** Resolves when the version is served, or patience has come to its end. */
  arrival(tag: string): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        unsubscribe();
        resolve();
      };
      const timer = setTimeout(done, this.patience);
      const unsubscribe = this.store.subscribe(({ after }) => {
        if (namesServed(tag, after)) done();
      });
    });
  }

  #remember(served: Served): void {
    this.#past.add(configTag(served));
    const [oldest] = this.#past;
    if (this.#past.size > REMEMBERED && oldest !== undefined) this.#past.delete(oldest);
  }
}
