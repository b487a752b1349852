import type { Output, Terminal } from './terminal.js';

/** milliseconds before anything is shown, and between two lines */
const PATIENCE = 1000;
const APART = 250;

/** A line that counts, for a person who waits for more than a second. What comes after it takes its place. */
export class Progress {
  readonly #output: Output | undefined;
  readonly #now: () => number;
  readonly #started: number;
  #shown = 0;
  #writing: Promise<void> = Promise.resolve();

  /** @param beside does stdout say all the while what is done? Then it must be elsewhere for this to be seen. */
  constructor({ stdout, stderr, verbosity, now }: Terminal, { beside }: { readonly beside: boolean }) {
    const hidden = verbosity === 'quiet' || (beside && stdout.isTTY);
    this.#output = stderr.isTTY && !hidden ? stderr : undefined;
    this.#now = now;
    this.#started = now();
  }

  /** milliseconds */
  get elapsed(): number {
    return this.#now() - this.#started;
  }

  show(words: string): void {
    if (this.#output === undefined) return;
    const now = this.#now();
    if (now - this.#started < PATIENCE || now - this.#shown < APART) return;
    this.#shown = now;
    this.#writing = this.#output.write(`\r${words}\u001b[K`);
  }

  /** Before anything else is written. */
  async clear(): Promise<void> {
    await this.#writing;
    if (this.#output === undefined || this.#shown === 0) return;
    this.#shown = 0;
    await this.#output.write('\r\u001b[K');
  }
}
