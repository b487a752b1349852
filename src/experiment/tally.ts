import type { Exposure } from './exposure.js';
import { type SampleData, UserSample } from './user-sample.js';
import type { ExperimentWindow } from './window.js';

const HOUR = 3_600_000;

/** What is counted together: one flag in one environment, as long as its experiment is the same. */
export interface TallyName {
  readonly flag: string;
  readonly environment: string;
  readonly window: ExperimentWindow;
}

/** Evaluations and users of an experiment. Memory is bounded by hours and variants, not by users. */
export class Tally {
  readonly name: TallyName;
  /** Start of the hour (milliseconds since 1970) to variant to evaluations. */
  readonly hours: Map<number, Map<string, number>>;
  readonly users: UserSample;
  /** Evaluations in which something other than the experiment decided, by reason: they stay out of every share. */
  readonly others: Map<string, number>;

  constructor(name: TallyName, data?: TallyData) {
    this.name = name;
    this.hours = new Map((data?.hours ?? []).map(([hour, counts]) => [hour, new Map(counts)]));
    this.users = data === undefined ? new UserSample() : UserSample.from(data.users);
    this.others = new Map(data?.others ?? []);
  }

  add({ variant_key, user_id, reason, timestamp }: Exposure): void {
    if (reason !== 'SPLIT') {
      this.others.set(reason, (this.others.get(reason) ?? 0) + 1);
      return;
    }
    const hour = Math.floor(Date.parse(timestamp) / HOUR) * HOUR;
    const counts = this.hours.get(hour) ?? new Map<string, number>();
    this.hours.set(hour, counts);
    counts.set(variant_key, (counts.get(variant_key) ?? 0) + 1);
    this.users.add(user_id, variant_key);
  }

  toJSON(): TallyData {
    return {
      ...this.name,
      hours: [...this.hours].map(([hour, counts]) => [hour, [...counts]]),
      users: this.users.toJSON(),
      others: [...this.others],
    };
  }
}

/** A tally at rest. */
export interface TallyData extends TallyName {
  readonly hours: readonly (readonly [hour: number, counts: readonly (readonly [variant: string, count: number])[]])[];
  readonly users: SampleData;
  readonly others: readonly (readonly [reason: string, count: number])[];
}

/** All tallies, by what they count. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  add(exposure: Exposure, window: ExperimentWindow): void {
    const { flag_key: flag, environment } = exposure;
    this.#tallyOf({ flag, environment, window }).add(exposure);
  }

  restore(data: TallyData): void {
    const { flag, environment, window } = data;
    const name = { flag, environment, window };
    this.#tallies.set(keyOf(name), new Tally(name, data));
  }

  of(flag: string, environment: string): Tally[] {
    return [...this.#tallies.values()].filter(({ name }) => name.flag === flag && name.environment === environment);
  }

  all(): Iterable<Tally> {
    return this.#tallies.values();
  }

  #tallyOf(name: TallyName): Tally {
    const key = keyOf(name);
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const tally = new Tally(name);
    this.#tallies.set(key, tally);
    return tally;
  }
}

/** Keys of flags and environments hold no space. */
function keyOf({ flag, environment, window }: TallyName): string {
  return `${flag} ${environment} ${window.id}`;
}
