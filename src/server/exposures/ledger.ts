import type { Batch, Exposure } from '../../experiment/exposure.js';
import { type Period, reportTally, type WindowReport } from '../../experiment/report.js';
import { type ExperimentWindow, windowIn } from '../../experiment/window.js';
import type { Flag } from '../../model/flag.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Served } from '../served.js';
import type { ExposureStore } from './store.js';

/** Of exposures to a revision that this server does not know: nobody can say what the split was. */
const UNKNOWN = 'unknown';

/** Revisions whose experiments are remembered, for clients that lag behind. */
const REMEMBERED = 200;

/** Who met which variant of which experiment. */
export class ExposureLedger {
  readonly #store: ExposureStore;
  readonly #now: () => number;
  /** Revision to environment and key to flag, of those that have an experiment; oldest first. */
  readonly #revisions = new Map<string, ReadonlyMap<string, Flag>>();

  constructor(store: ExposureStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Exposures to what is served now will come. */
  remember({ revision, snapshot }: Served): void {
    this.#revisions.delete(revision.version);
    this.#revisions.set(revision.version, experimentsIn(snapshot));
    const [oldest] = this.#revisions.keys();
    if (oldest !== undefined && this.#revisions.size > REMEMBERED) this.#revisions.delete(oldest);
  }

  /** Resolves when the batch is safe: `false` when it was accepted before. */
  add(batch: Batch): Promise<boolean> {
    return this.#store.add(batch, (exposure) => this.#windowOf(exposure));
  }

  /** The windows of an experiment, the newest first. */
  async report(flag: string, environment: string, period: Period): Promise<WindowReport[]> {
    const tallies = await this.#store.tallies(flag, environment);
    return [...tallies]
      .sort((a, b) => b.name.window.since - a.name.window.since)
      .map((tally) => reportTally(tally, period));
  }

  /** The experiments of the revision that was remembered last. */
  experiments(): { readonly flag: string; readonly environment: string }[] {
    const newest = [...this.#revisions.values()].at(-1) ?? new Map<string, Flag>();
    return [...newest].map(([name, { key }]) => ({ flag: key, environment: name.slice(0, name.indexOf(' ')) }));
  }

  status(): object {
    return this.#store.status();
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #windowOf({ version, environment, flag_key, timestamp }: Exposure): ExperimentWindow {
    const flag = this.#revisions.get(version)?.get(nameOf(environment, flag_key));
    const window = flag && windowIn(flag, Date.parse(timestamp));
    return { ...(window ?? { id: UNKNOWN, split: [] }), version, since: this.#now() };
  }
}

function experimentsIn({ definitions }: Snapshot): Map<string, Flag> {
  const all = [...definitions].flatMap(([environment, { flags }]) =>
    flags
      .filter(({ experiment }) => experiment !== undefined)
      .map((flag) => [nameOf(environment, flag.key), flag] as const),
  );
  return new Map(all);
}

function nameOf(environment: string, flag: string): string {
  return `${environment} ${flag}`;
}
