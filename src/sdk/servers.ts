/** Servers with the same flags, asked in turn; one that wants to be left alone is passed over while others do not. */
export class Servers {
  readonly #urls: readonly string[];
  /** By server: the moment from which it may be asked again. */
  readonly #free: number[];
  #turn = 0;

  /** @param urls without a slash at the end */
  constructor(urls: readonly string[]) {
    this.#urls = urls;
    this.#free = urls.map(() => Number.NEGATIVE_INFINITY);
  }

  get count(): number {
    return this.#urls.length;
  }

  /** Whose turn it is. */
  get url(): string {
    return this.#urls[this.#turn] ?? '';
  }

  /**
   * It is the next one's turn.
   * @param alone milliseconds for which the one whose turn it was wants to be left alone
   * @param now milliseconds since some start
   * @returns milliseconds for which the next one does
   */
  moveOn(alone: number, now: number): number {
    this.#free[this.#turn] = now + alone;
    const others = this.#urls.map((_, index) => (this.#turn + 1 + index) % this.count);
    const waits = others.map((turn) => ({ turn, wait: Math.max((this.#free[turn] ?? 0) - now, 0) }));
    const next = waits.reduce((best, each) => (each.wait < best.wait ? each : best));
    this.#turn = next.turn;
    return next.wait;
  }
}
