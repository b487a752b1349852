/** A batch that comes again after so many milliseconds is taken for another one. */
const REMEMBERED = 15 * 60_000;

/** How many are remembered at most. */
const CAPACITY = 500_000;

/** The idempotency keys of the batches that were accepted lately, in the order of their times. */
export class RecentIds {
  readonly #ids = new Map<string, number>();

  /** @param at milliseconds since 1970 */
  has(id: string, at: number): boolean {
    const time = this.#ids.get(id);
    return time !== undefined && time > at - REMEMBERED;
  }

  /** @param at milliseconds since 1970 */
  add(id: string, at: number): void {
    this.#ids.delete(id);
    this.#ids.set(id, at);
    for (const [oldest, time] of this.#ids) {
      if (time > at - REMEMBERED && this.#ids.size <= CAPACITY) break;
      this.#ids.delete(oldest);
    }
  }

  entries(): Iterable<readonly [string, number]> {
    return this.#ids.entries();
  }
}
