import { type SampleData, type SampledUsers, UserSample } from './user-sample.js';
import type { ExperimentWindow } from './window.js';

const HOUR = 3_600_000;

/** What is counted together: one flag in one environment, as long as its experiment is the same. */
export interface TallyName {
  readonly flag: string;
  readonly environment: string;
  readonly window: ExperimentWindow;
}

/** One evaluation, as it is counted. */
export interface Meeting {
  readonly user: string;
  readonly variant: string;
  /** `SPLIT`: the experiment decided. */
  readonly reason: string;
  /** milliseconds since 1970 */
  readonly at: number;
}

/** What a tally says, wherever it is kept. */
export interface TallyCounts {
  readonly name: TallyName;
  /** Start of the hour (milliseconds since 1970) to variant to evaluations. */
  readonly hours: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** Evaluations in which something other than the experiment decided, by reason: they stay out of every share. */
  readonly others: ReadonlyMap<string, number>;
  readonly users: SampledUsers;
}

/** Evaluations and users of an experiment. Memory is bounded by hours and variants, not by users. */
export class Tally {
  readonly #name: TallyName;
  readonly #hours = new Map<number, Map<string, number>>();
  readonly #users = new UserSample();
  readonly #others = new Map<string, number>();

  constructor(name: TallyName) {
    this.#name = name;
  }

  add({ user, variant, reason, at }: Meeting): void {
    if (reason !== 'SPLIT') {
      addTo(this.#others, reason, 1);
      return;
    }
    addTo(this.#countsAt(Math.floor(at / HOUR) * HOUR), variant, 1);
    this.#users.add(user, variant);
  }

  /** All that another tally has counted, as if it had been counted here. */
  absorb({ hours, users, others }: TallyData): void {
    for (const [hour, counts] of hours) {
      const sums = this.#countsAt(hour);
      for (const [variant, count] of counts) addTo(sums, variant, count);
    }
    for (const [reason, count] of others) addTo(this.#others, reason, count);
    this.#users.absorb(users);
  }

  /** Takes less memory until somebody is counted. */
  rest(): void {
    this.#users.rest();
  }

  /** When somebody was last counted, to the hour; milliseconds since 1970. */
  get last(): number {
    return Math.max(this.#name.window.since, ...this.#hours.keys());
  }

  read(): TallyCounts {
    return { name: this.#name, hours: this.#hours, others: this.#others, users: this.#users.read() };
  }

  toJSON(): TallyData {
    return {
      ...this.#name,
      hours: [...this.#hours].map(([hour, counts]) => [hour, [...counts]]),
      users: this.#users.toJSON(),
      others: [...this.#others],
    };
  }

  #countsAt(hour: number): Map<string, number> {
    const known = this.#hours.get(hour);
    if (known !== undefined) return known;
    const counts = new Map<string, number>();
    this.#hours.set(hour, counts);
    return counts;
  }
}

function addTo(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

/** A tally at rest. */
export interface TallyData extends TallyName {
  readonly hours: readonly (readonly [hour: number, counts: readonly (readonly [variant: string, count: number])[]])[];
  readonly users: SampleData;
  readonly others: readonly (readonly [reason: string, count: number])[];
}

/** All tallies, by what they count. */
export class Tallies {
  /** By flag, environment and window. */
  readonly #tallies = new Map<string, Map<string, Map<string, Tally>>>();

  add(name: TallyName, meeting: Meeting): void {
    this.#tallyOf(name).add(meeting);
  }

  absorb(data: TallyData): void {
    const { flag, environment, window } = data;
    this.#tallyOf({ flag, environment, window }).absorb(data);
  }

  /** @param window the id of the only one that is wanted: to read one means to look at its whole sample */
  read(flag: string, environment: string, window?: string): TallyCounts[] {
    const windows = this.#tallies.get(flag)?.get(environment) ?? new Map<string, Tally>();
    const wanted = window === undefined ? windows.values() : [windows.get(window)];
    return [...wanted].flatMap((tally) => tally?.read() ?? []);
  }

  toJSON(): TallyData[] {
    return this.#all().map((tally) => tally.toJSON());
  }

  /** One after the other, each of which rests from then on. */
  *laidDown(): Generator<TallyData> {
    for (const tally of this.#all()) {
      yield tally.toJSON();
      tally.rest();
    }
  }

  /** Each takes less memory until somebody is counted in it. */
  rest(): void {
    for (const tally of this.#all()) tally.rest();
  }

  /** Forgets those in which nobody was counted since then (milliseconds since 1970). @returns what they were */
  forget(before: number): TallyData[] {
    const over = this.#all().flatMap((tally) => (tally.last < before ? [tally.toJSON()] : []));
    for (const { flag, environment, window } of over) this.#tallies.get(flag)?.get(environment)?.delete(window.id);
    return over;
  }

  #all(): Tally[] {
    const environments = [...this.#tallies.values()].flatMap((all) => [...all.values()]);
    return environments.flatMap((windows) => [...windows.values()]);
  }

  #tallyOf(name: TallyName): Tally {
    const windows = within(within(this.#tallies, name.flag), name.environment);
    const known = windows.get(name.window.id);
    if (known !== undefined) return known;
    const tally = new Tally(name);
    windows.set(name.window.id, tally);
    return tally;
  }
}

function within<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const fresh = new Map<string, V>();
  maps.set(key, fresh);
  return fresh;
}
