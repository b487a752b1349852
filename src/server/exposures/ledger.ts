import { parseInstant } from '../../engine/instant.js';
import type { Batch, Exposure } from '../../experiment/exposure.js';
import { type Period, ratioOf, reportTally } from '../../experiment/report.js';
import type { WindowData } from '../../experiment/report-data.js';
import type { SampleRatio } from '../../experiment/sample-ratio.js';
import { Tallies, type TallyCounts } from '../../experiment/tally.js';
import type { Served } from '../served.js';
import { Experiments } from './experiments.js';
import type { ExposureStore } from './store.js';

/** A clock that is further behind than this (milliseconds) is wrong. */
const FARTHEST = 90 * 24 * 3_600_000;

/** What became of a batch. */
export interface Taken {
  /** One of its id was accepted before; nothing was counted. */
  readonly duplicate: boolean;
  /** Exposures of what is no experiment here. */
  readonly ignored: number;
}

/** Who met which variant of which experiment. */
export class ExposureLedger {
  readonly #store: ExposureStore;
  readonly #now: () => number;
  readonly #experiments = new Experiments();

  constructor(store: ExposureStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Exposures to what is served now will come. */
  remember(served: Served): void {
    this.#experiments.remember(served);
  }

  /** Nothing was served yet, so that nobody can tell what is an experiment. */
  get isBlank(): boolean {
    return this.#experiments.isEmpty;
  }

  /** Resolves when the batch is safe. */
  async add({ id, exposures, events }: Batch): Promise<Taken> {
    const tallies = new Tallies();
    const now = this.#now();
    const ignored = exposures.filter((exposure) => !this.#count(exposure, now, tallies)).length;
    const duplicate = !(await this.#store.add({ id, tallies: tallies.toJSON(), events }));
    return { duplicate, ignored };
  }

  /** The windows of an experiment: the one that it is in now, then the newest first. */
  async report(flag: string, environment: string, period: Period): Promise<WindowData[]> {
    const counts = await this.#store.read(flag, environment);
    const current = this.#experiments.windowNow(flag, environment, this.#now());
    const rank = ({ name: { window } }: TallyCounts) => (window.id === current ? Infinity : window.since);
    return [...counts].sort((a, b) => rank(b) - rank(a)).map((one) => reportTally(one, { ...period, current }));
  }

  /** Does the split of the window hold that an experiment is in? Nothing where nobody was counted in it. */
  async currentRatio(flag: string, environment: string): Promise<SampleRatio | undefined> {
    const current = this.#experiments.windowNow(flag, environment, this.#now());
    if (current === undefined) return undefined;
    const [counts] = await this.#store.read(flag, environment, current);
    return counts && ratioOf(counts);
  }

  /** Is it one in what is served now? */
  isExperiment(flag: string, environment: string): boolean {
    return this.#experiments.windowNow(flag, environment, this.#now()) !== undefined;
  }

  /** Those of the revision that was remembered last. */
  experiments(): readonly { readonly flag: string; readonly environment: string }[] {
    return this.#experiments.current;
  }

  status(): object {
    return this.#store.status();
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** @returns whether it is one of an experiment */
  #count(exposure: Exposure, now: number, tallies: Tallies): boolean {
    const { flag_key: flag, environment, user_id: user, variant_key: variant, timestamp, version } = exposure;
    const at = Math.min(Math.max(parseInstant(timestamp) ?? now, now - FARTHEST), now);
    const found = this.#experiments.find(exposure, at);
    if (found === undefined) return false;
    const { id, split } = found.window;
    tallies.add(
      { flag, environment, window: { id, version, since: now, split } },
      { user, variant, reason: found.reason, at },
    );
    return true;
  }
}
