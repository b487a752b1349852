import { boundariesOf } from '../engine/boundaries.js';
import type { Definitions } from '../model/definitions.js';
import { changedByTime } from './changes.js';
import type { Time } from './time.js';

/** The clock is looked at this often, so that one that was set is noticed. */
const LOOK = 60_000;

/** Tells which flags time alone has changed. */
export class Moments {
  readonly #time: Time;
  readonly #passed: (keys: readonly string[]) => void;
  #cancel: () => void = () => undefined;
  #since: number;
  #watched: Definitions | undefined;
  #hasEnded = false;

  constructor(time: Time, passed: (keys: readonly string[]) => void) {
    this.#time = time;
    this.#passed = passed;
    this.#since = time.now();
  }

  /** From now on these are the definitions that count. */
  watch(definitions: Definitions): void {
    if (this.#hasEnded) return;
    const before = this.#watched;
    this.#watched = definitions;
    this.#look(before ?? definitions, definitions);
  }

  stop(): void {
    this.#hasEnded = true;
    this.#cancel();
  }

  #wait(definitions: Definitions): void {
    this.#cancel();
    const boundaries = boundariesOf(definitions);
    if (boundaries.length === 0) return;
    const next = boundaries.find((time) => time > this.#since) ?? Number.POSITIVE_INFINITY;
    const delay = Math.min(Math.max(next - this.#time.now(), 1), LOOK);
    this.#cancel = this.#time.after(delay, () => this.#look(definitions, definitions));
  }

  /** A clock that goes back takes changes back. @param before what counted until now */
  #look(before: Definitions, definitions: Definitions): void {
    const now = this.#time.now();
    const keys = changedByTime(before, this.#since, now);
    this.#since = now;
    this.#wait(definitions);
    if (keys.length > 0) this.#passed(keys);
  }
}
