import { Mishap } from './mishap.js';
import type { Time } from './time.js';

/** Ends a request that nothing comes from any more. */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #time: Time;
  #cancel: () => void = () => undefined;
  #bitten: Mishap | undefined;
  readonly #release: () => void;

  /** @param outer ends the request for other reasons */
  constructor(time: Time, outer: AbortSignal) {
    this.#time = time;
    const abort = () => this.#controller.abort();
    outer.addEventListener('abort', abort, { once: true });
    if (outer.aborted) abort();
    this.#release = () => outer.removeEventListener('abort', abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it ended the request, if it did. */
  get bitten(): Mishap | undefined {
    return this.#bitten;
  }

  /** From now on it waits so many milliseconds. */
  wait(milliseconds: number): void {
    this.#cancel();
    this.#cancel = this.#time.after(milliseconds, () => {
      this.#bitten = new Mishap('unreachable', `the server said nothing for ${milliseconds / 1000} s`);
      this.#controller.abort();
    });
  }

  /** Ends the request, if it has not ended, and lets go of everything. */
  stop(): void {
    this.#cancel();
    this.#release();
    this.#controller.abort();
  }
}

/** The promise, or a rejection as soon as the signal is aborted: what waits on a dead socket is not waited for. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Mishap('unreachable', 'the request was given up'));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
