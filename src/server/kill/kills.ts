import type { Served } from '../served.js';
import { flagIn, isOn, isPast, type Kill, nameOf, overlaid } from './kill.js';

/** Where kills outlive the process. */
export interface KillKeeper {
  keep(kills: readonly Kill[]): Promise<void>;
}

export interface KillsParts {
  /** Those of before. */
  readonly kept?: readonly Kill[];
  readonly keeper?: KillKeeper;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** What is served must be looked at again. */
  readonly changed: () => void;
  /** They could not be kept: they are in force all the same. */
  readonly failed: (error: Error) => void;
}

/** The longest that a timer can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** The kills in force. One is in force from the moment it is added, before anything is written anywhere. */
export class Kills {
  readonly #parts: KillsParts;
  readonly #kills = new Map<string, Kill>();
  /** When the last one of each was made: an older message about it is no news. */
  readonly #last = new Map<string, number>();
  /** When those were made that have been seen to turn a flag off. */
  readonly #effective = new Map<string, number>();
  #total = 0;
  #keeping: Promise<boolean> = Promise.resolve(true);
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: KillsParts) {
    this.#parts = parts;
    for (const kill of parts.kept ?? []) {
      this.#last.set(nameOf(kill), kill.at);
      if (!isPast(kill, parts.now())) this.#kills.set(nameOf(kill), kill);
    }
    this.#wait();
  }

  get all(): readonly Kill[] {
    return [...this.#kills.values()];
  }

  find(which: Pick<Kill, 'flag' | 'environment'>): Kill | undefined {
    return this.#kills.get(nameOf(which));
  }

  /** How many there have been since the start. */
  get total(): number {
    return this.#total;
  }

  overlay(served: Served): Served {
    for (const kill of this.all) if (isOn(served, kill)) this.#effective.set(nameOf(kill), kill.at);
    return overlaid(served, this.all);
  }

  /** A kill that is asked for here is newer than all that was said of it, though a clock stands still or was set back. */
  asNews(kill: Kill): Kill {
    return { ...kill, at: Math.max(kill.at, (this.#last.get(nameOf(kill)) ?? 0) + 1) };
  }

  /** @returns whether it is kept, so that it survives a restart; `undefined` if it is no news */
  async add(kill: Kill): Promise<boolean | undefined> {
    const name = nameOf(kill);
    if (kill.expires <= this.#parts.now() || kill.at <= (this.#last.get(name) ?? 0)) return undefined;
    const { sent } = this.find(kill) ?? {};
    this.#last.set(name, kill.at);
    this.#kills.set(name, marked(kill, sent === 'unknown' ? sent : undefined));
    this.#total += 1;
    return this.#settle();
  }

  /** Notes what is known of its commit. Of a later one of the same flag that is known too as far as it is in doubt. */
  async mark({ at, ...which }: Kill, known: string | undefined): Promise<void> {
    const kill = this.find(which);
    const sent = kill?.at === at || known === 'unknown' ? known : undefined;
    if (kill === undefined || kill.sent === sent) return;
    this.#kills.set(nameOf(kill), marked(kill, sent));
    this.#wait();
    await this.#keepAll();
  }

  /**
   * Ends those that are not needed any more, since it is so in the repository by now. That a flag is off which was off
   * when it was killed says nothing: what is served may be older than what others serve.
   *
   * @returns which
   */
  async review(base: Served): Promise<readonly Kill[]> {
    const isDone = (kill: Kill) => this.#effective.get(nameOf(kill)) === kill.at && isOff(base, kill);
    return this.drop(this.all.filter(isDone));
  }

  async drop(kills: readonly Kill[]): Promise<readonly Kill[]> {
    for (const kill of kills) this.#last.set(nameOf(kill), Math.max(kill.at, this.#last.get(nameOf(kill)) ?? 0));
    const dropped = kills.filter((kill) => this.#kills.get(nameOf(kill))?.at === kill.at);
    for (const kill of dropped) this.#kills.delete(nameOf(kill));
    if (dropped.length > 0) await this.#settle();
    return dropped;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #settle(): Promise<boolean> {
    this.#wait();
    this.#parts.changed();
    return this.#keepAll();
  }

  #keepAll(): Promise<boolean> {
    this.#keeping = this.#keeping.then(() => this.#keep());
    return this.#keeping;
  }

  async #keep(): Promise<boolean> {
    const { keeper, failed } = this.#parts;
    if (keeper === undefined) return false;
    try {
      await keeper.keep(this.all);
      return true;
    } catch (error) {
      failed(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  /** Until the first of them is over. */
  #wait(): void {
    clearTimeout(this.#timer);
    const first = Math.min(
      ...this.all.map((kill) => (kill.sent === undefined ? kill.expires : Number.POSITIVE_INFINITY)),
    );
    if (first === Number.POSITIVE_INFINITY) return;
    const delay = Math.min(Math.max(first - this.#parts.now(), 1), LONGEST);
    this.#timer = setTimeout(() => void this.#expire(), delay);
    this.#timer.unref();
  }

  async #expire(): Promise<void> {
    const over = this.all.filter((kill) => isPast(kill, this.#parts.now()));
    if (over.length === 0) this.#wait();
    else await this.drop(over);
  }
}

function marked({ sent: _, ...kill }: Kill, sent: string | undefined): Kill {
  return sent === undefined ? kill : { ...kill, sent };
}

/** The flag is there, and off by the repository itself. */
export function isOff(base: Served, kill: Kill): boolean {
  return flagIn(base, kill)?.enabled === false;
}
