import type { Tallies, Tally } from './tallies.js';

const HOUR = 3_600_000;

/** A week. */
const KEPT = 7 * 24;

/** How often one answer was given in one hour. */
export interface HourlyCount {
  readonly variant: string;
  readonly reason: string;
  readonly count: number;
}

/** Evaluations by hour, since this process started. Counting stays an addition: hours are told apart afterwards. */
export class Hours {
  readonly #tallies: Tallies;
  /** Start of the hour to what was counted in it. */
  readonly #hours = new Map<number, Map<Tally, number>>();
  readonly #counted = new Map<Tally, number>();

  constructor(tallies: Tallies) {
    this.#tallies = tallies;
  }

  /** To be called often, and before reading: what was counted since the last time goes to the hour of `now`. */
  roll(now: number): void {
    for (const tally of this.#tallies.all()) {
      const news = tally.count - (this.#counted.get(tally) ?? 0);
      if (news === 0) continue;
      this.#counted.set(tally, tally.count);
      const hour = this.#hourOf(now);
      hour.set(tally, (hour.get(tally) ?? 0) + news);
    }
  }

  /** Of one flag in one environment, from a time on, oldest first. Hours without an answer are left out. */
  of(flag: string, environment: string, since: number): [hour: number, counts: HourlyCount[]][] {
    return [...this.#hours]
      .filter(([hour]) => hour + HOUR > since)
      .map(([hour, counts]): [number, HourlyCount[]] => [hour, countsOf(counts, flag, environment)])
      .filter(([, counts]) => counts.length > 0)
      .sort(([a], [b]) => a - b);
  }

  #hourOf(now: number): Map<Tally, number> {
    const start = Math.floor(now / HOUR) * HOUR;
    const known = this.#hours.get(start);
    if (known !== undefined) return known;
    const hour = new Map<Tally, number>();
    this.#hours.set(start, hour);
    for (const oldest of this.#hours.keys()) if (oldest <= start - KEPT * HOUR) this.#hours.delete(oldest);
    return hour;
  }
}

function countsOf(counts: ReadonlyMap<Tally, number>, flag: string, environment: string): HourlyCount[] {
  return [...counts]
    .filter(([tally]) => tally.flag === flag && tally.environment === environment)
    .map(([{ variant, reason }, count]) => ({ variant, reason, count }));
}
