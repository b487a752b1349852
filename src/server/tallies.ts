import { ARCHIVED } from '../lifecycle/evaluation-counts.js';
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

  /** @param archived is there a flag of this key that is archived? */
  of(environment: string, { flag, variant, error_code, ...evaluation }: Evaluation, archived = false): Tally {
    const shown = error_code === 'FLAG_NOT_FOUND' && !archived ? '' : flag;
    const reason = archived ? ARCHIVED : evaluation.reason;
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

  /** How often somebody asked for a flag while it was archived, by key. */
  askedInVain(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { flag, reason, count } of this.#tallies.values()) {
      if (reason === ARCHIVED) counts.set(flag, (counts.get(flag) ?? 0) + count);
    }
    return counts;
  }
}
