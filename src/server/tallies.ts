import type { Evaluation } from '../model/evaluation.js';

/** How often one answer was given. Counting is an addition; the names are looked up once per answer. */
export interface Tally {
  readonly environment: string;
  /** Empty for flags that are not there: what callers make up is no label. */
  readonly flag: string;
  readonly variant: string;
  readonly reason: string;
  count: number;
}

/** Counts evaluations by environment, flag, variant and reason. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  of(environment: string, { flag, variant, reason, error_code }: Evaluation): Tally {
    const shown = error_code === 'FLAG_NOT_FOUND' ? '' : flag;
    const name = JSON.stringify([environment, shown, variant, reason]);
    const known = this.#tallies.get(name);
    if (known !== undefined) return known;
    const tally = { environment, flag: shown, variant: variant ?? '', reason, count: 0 };
    this.#tallies.set(name, tally);
    return tally;
  }

  all(): Iterable<Tally> {
    return this.#tallies.values();
  }
}
