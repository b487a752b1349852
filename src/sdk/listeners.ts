import type { ClientEventName, ClientEvents } from './flag-client.js';

type Listener<E extends ClientEventName> = (details: ClientEvents[E]) => unknown;
type Lists = { readonly [E in ClientEventName]: Set<Listener<E>> };

/** Who listens to a client. What a listener throws, or rejects with, stays with the listener. */
export class Listeners {
  readonly #lists: Lists = { ready: new Set(), changed: new Set(), stale: new Set(), error: new Set() };

  /** @returns a function that ends the subscription */
  on<E extends ClientEventName>(event: E, listener: Listener<E>): () => void {
    const list: Set<Listener<E>> = this.#lists[event];
    list.add(listener);
    return () => {
      list.delete(listener);
    };
  }

  emit<E extends ClientEventName>(event: E, details: ClientEvents[E]): void {
    const list: Set<Listener<E>> = this.#lists[event];
    for (const listener of [...list]) call(listener, details);
  }
}

function call<T>(listener: (details: T) => unknown, details: T): void {
  try {
    Promise.resolve(listener(details)).catch(() => undefined);
  } catch {
    // What an application does with the news is its own affair.
  }
}
