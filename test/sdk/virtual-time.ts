import type { Time } from '../../src/sdk/time.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes when a test says so. */
export class VirtualTime implements Time {
  readonly #timers = new Set<Timer>();
  #elapsed = 0;
  /** Milliseconds since 1970 at the start; a test that sets it sets the clock. */
  base: number;

  constructor(base = Date.parse('2026-12-01T12:00:00Z')) {
    this.base = base;
  }

  now = () => this.base + this.#elapsed;
  elapsed = () => this.#elapsed;

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(milliseconds, 0), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lets so many milliseconds pass, one timer after the other. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await settled();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.callback();
      await settled();
    }
    this.#elapsed = end;
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end);
    return due.sort((a, b) => a.at - b.at)[0];
  }
}

/** Whatever does not wait for time has happened. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 12; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
