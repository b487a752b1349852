import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Batch, Exposure } from '../../experiment/exposure.js';
import { Tallies, type Tally, type TallyData } from '../../experiment/tally.js';
import type { ExperimentWindow } from '../../experiment/window.js';
import { Journal } from '../../journal/journal.js';
import { readChecked, writeChecked } from '../checked-file.js';
import { RecentIds } from './recent-ids.js';

/** As what an experiment stood when it assigned this. */
export type WindowOf = (exposure: Exposure) => ExperimentWindow;

/** Where exposures are kept and counted. */
export interface ExposureStore {
  /** Resolves when the batch is safe: `false` when one of its id was accepted before. */
  add(batch: Batch, windowOf: WindowOf): Promise<boolean>;
  tallies(flag: string, environment: string): Promise<readonly Tally[]>;
  /** What `/status` says of it. */
  status(): object;
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** A directory of its own. */
  readonly directory: string;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** bytes of journal after which the counts are written down and the journal begins anew (16 MiB) */
  readonly maxJournal?: number;
  /** Told of what could not be read at the start. */
  readonly warn: (message: string) => void;
}

const FORMAT = 1;
const MAX_JOURNAL = 16 * 1024 * 1024;

/** A line of the journal. */
interface Line {
  readonly id: string;
  readonly at: number;
  /** Each exposure with the number of its window. */
  readonly exposures: readonly (readonly [Exposure, number])[];
  readonly windows: readonly ExperimentWindow[];
}

interface Checkpoint {
  readonly format: typeof FORMAT;
  /** The last file of the journal that it contains. */
  readonly through: number;
  readonly ids: readonly (readonly [string, number])[];
  readonly tallies: readonly TallyData[];
}

/**
 * Counts in memory, behind an append-only journal: what was acknowledged is in it. Now and then the counts are written
 * down whole and the journal is cut, so that a start takes little time and the disk holds little.
 */
export class EmbeddedStore implements ExposureStore {
  readonly #options: EmbeddedOptions;
  readonly #journal: Journal;
  readonly #events: Journal;
  readonly #tallies = new Tallies();
  readonly #ids = new RecentIds();
  readonly #underWay = new Map<string, Promise<boolean>>();
  #sinceCheckpoint = 0;
  #checkpointing: Promise<void> | undefined;

  private constructor(options: EmbeddedOptions, journal: Journal, events: Journal) {
    this.#options = options;
    this.#journal = journal;
    this.#events = events;
  }

  /** Reads what is there, however the last process ended. */
  static async open(options: EmbeddedOptions): Promise<EmbeddedStore> {
    await mkdir(options.directory, { recursive: true });
    const [journal, events] = await Promise.all([
      Journal.open({ directory: join(options.directory, 'journal'), maxSize: Number.POSITIVE_INFINITY }),
      Journal.open({ directory: join(options.directory, 'events') }),
    ]);
    const store = new EmbeddedStore(options, journal, events);
    await store.#recover();
    return store;
  }

  add(batch: Batch, windowOf: WindowOf): Promise<boolean> {
    if (this.#ids.has(batch.id)) return Promise.resolve(false);
    const known = this.#underWay.get(batch.id);
    if (known !== undefined) return known.then(() => false);
    const adding = this.#write(batch, windowOf).finally(() => this.#underWay.delete(batch.id));
    this.#underWay.set(batch.id, adding);
    return adding;
  }

  async tallies(flag: string, environment: string): Promise<readonly Tally[]> {
    return this.#tallies.of(flag, environment);
  }

  status(): object {
    return { kind: 'embedded' };
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
    await this.#checkpointing;
    await Promise.all([this.#journal.close(), this.#events.close()]);
  }

  async #write({ id, exposures, events }: Batch, windowOf: WindowOf): Promise<boolean> {
    const line = lineOf(id, this.#options.now(), exposures, windowOf);
    const text = JSON.stringify(line);
    if (events.length > 0) await this.#events.append(events.map((event) => JSON.stringify(event)));
    await this.#journal.append([text]);
    this.#count(line);
    this.#sinceCheckpoint += text.length;
    if (this.#sinceCheckpoint > (this.#options.maxJournal ?? MAX_JOURNAL)) this.#beginCheckpoint();
    return true;
  }

  #count({ id, at, exposures, windows }: Line): void {
    this.#ids.add(id, at);
    for (const [exposure, number] of exposures) {
      const window = windows[number];
      if (window !== undefined) this.#tallies.add(exposure, window);
    }
  }

  async #recover(): Promise<void> {
    const checkpoint = await this.#readCheckpoint();
    for (const data of checkpoint?.tallies ?? []) this.#tallies.restore(data);
    for (const [id, at] of checkpoint?.ids ?? []) this.#ids.add(id, at);
    for await (const text of this.#journal.lines(checkpoint?.through)) {
      const line = parseLine(text);
      if (line === undefined) this.#options.warn('a line of the exposure journal is damaged and was left out');
      else if (!this.#ids.has(line.id)) this.#count(line);
    }
  }

  async #readCheckpoint(): Promise<Checkpoint | undefined> {
    const kept = await readChecked(this.#checkpointFile);
    if (kept.kind === 'damaged') {
      this.#options.warn('the exposure counts on disk are damaged; counting begins with the journal');
    }
    return kept.kind === 'whole' ? (JSON.parse(kept.body) as Checkpoint) : undefined;
  }

  /** What comes meanwhile goes into the next file; where it is in the counts as well, its id keeps it from counting twice. */
  #beginCheckpoint(): void {
    this.#sinceCheckpoint = 0;
    this.#checkpointing ??= this.#writeCheckpoint()
      .catch((error: Error) => this.#options.warn(`the exposure counts could not be written down: ${error.message}`))
      .finally(() => {
        this.#checkpointing = undefined;
      });
  }

  async #writeCheckpoint(): Promise<void> {
    const through = await this.#journal.rotate();
    const checkpoint: Checkpoint = {
      format: FORMAT,
      through,
      ids: [...this.#ids.entries()],
      tallies: [...this.#tallies.all()].map((tally) => tally.toJSON()),
    };
    await writeChecked(this.#checkpointFile, JSON.stringify(checkpoint), 'the exposure counts');
    await this.#journal.drop(through);
  }

  get #checkpointFile(): string {
    return join(this.#options.directory, 'counts.json');
  }
}

function lineOf(id: string, at: number, exposures: Batch['exposures'], windowOf: WindowOf): Line {
  const windows: ExperimentWindow[] = [];
  const numbers = new Map<string, number>();
  const numbered = exposures.map((exposure) => {
    const window = windowOf(exposure);
    const number = numbers.get(window.id) ?? windows.push(window) - 1;
    numbers.set(window.id, number);
    return [exposure, number] as const;
  });
  return { id, at, exposures: numbered, windows };
}

function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
