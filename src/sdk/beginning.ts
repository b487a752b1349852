import type { Time } from './time.js';

/** The time before a client knows how it stands, and who waits for its end. */
export class Beginning {
  readonly #time: Time;
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  constructor(time: Time) {
    this.#time = time;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
    for (const go of [...this.#waiting]) go();
  }

  /** Resolves when it is over, or after so many milliseconds, for which it keeps the process alive. */
  wait(timeout: number): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#time.after(timeout, go, true);
      const waiting = this.#waiting.add(go);

      function go(): void {
        cancel();
        waiting.delete(go);
        resolve();
      }
    });
  }
}
