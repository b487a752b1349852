import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../diagnostics/refusal.js';
import { Tallies, type TallyCounts, type TallyData } from '../../experiment/tally.js';
import { Journal } from '../../journal/journal.js';
import { inTurns } from '../compiler.js';
import type { DataDirectory } from '../data-directory.js';
import { type Checkpoint, checkpointText, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { type JournalLine, readLine, writeLine } from './journal-line.js';
import { RecentIds } from './recent-ids.js';
import { type Counts, type ExposureStore, forgotten, KEPT } from './store.js';

export interface EmbeddedOptions {
  /** A directory of its own. */
  readonly directory: string;
  /** What that stands in; anybody may write there, if left out. */
  readonly held?: Pick<DataDirectory, 'scratch' | 'confirm' | 'problem'>;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** bytes of journal after which the counts are written down and the journal begins anew (16 MiB) */
  readonly maxJournal?: number;
  /** Told of what could not be read at the start, or written later, and of what is forgotten. */
  readonly warn: (message: string) => void;
}

const MAX_JOURNAL = 16 * 1024 * 1024;

/** Batches that wait for the disk. Whoever sends more is told to come again: what waits is in memory. */
const MAX_UNDER_WAY = 1000;

/**
 * Counts in memory, behind an append-only journal: what was acknowledged is in it. Now and then the counts are written
 * down whole and the journal is cut, so that a start takes little time and the disk holds little.
 */
export class EmbeddedStore implements ExposureStore {
  readonly #options: EmbeddedOptions;
  readonly #journal: Journal;
  readonly #events: Journal;
  /** What is forgotten; for whoever wants it. */
  readonly #ended: Journal;
  readonly #tallies = new Tallies();
  readonly #ids = new RecentIds();
  readonly #underWay = new Map<string, Promise<boolean>>();
  #sinceCheckpoint = 0;
  #checkpointing: Promise<void> | undefined;
  /** While the counts are written down they stay as they are: what comes waits. */
  #late: TallyData[] | undefined;
  #writingDown: Promise<unknown> | undefined;
  /** Why nothing could be kept the last time. */
  #problem: string | undefined;

  private constructor(options: EmbeddedOptions, [journal, events, ended]: readonly [Journal, Journal, Journal]) {
    this.#options = options;
    this.#journal = journal;
    this.#events = events;
    this.#ended = ended;
  }

  /**
   * Reads what is there, however the last process ended.
   *
   * @throws Refusal when it cannot be read now: beginning anew would lose it
   */
  static async open(options: EmbeddedOptions): Promise<EmbeddedStore> {
    try {
      return await EmbeddedStore.#open(options);
    } catch (error) {
      throw refusalOf(options.directory, error);
    }
  }

  static async #open(options: EmbeddedOptions): Promise<EmbeddedStore> {
    const { directory, held, warn } = options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const checkpoint = await readCheckpoint(directory, warn);
    const open = (name: string, more: object = {}) =>
      Journal.open({ directory: join(directory, name), ...(held && { confirm: () => held.confirm() }), ...more });
    const store = new EmbeddedStore(options, [
      await open('journal', { after: checkpoint.through, maxSize: Infinity }),
      await open('events'),
      await open('ended'),
    ]);
    await store.#recover(checkpoint);
    return store;
  }

  add(counts: Counts): Promise<boolean> {
    const { id } = counts;
    if (this.#ids.has(id, this.#options.now())) return Promise.resolve(false);
    const known = this.#underWay.get(id);
    if (known !== undefined) return known.then(() => false);
    if (this.#underWay.size >= MAX_UNDER_WAY) return Promise.reject(new Error('the disk does not keep up'));
    const adding = this.#write(counts).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, adding);
    return adding;
  }

  async read(flag: string, environment: string, window?: string): Promise<readonly TallyCounts[]> {
    await this.#writingDown;
    return this.#tallies.read(flag, environment, window);
  }

  status(): object {
    const problem = this.#options.held?.problem ?? this.#problem;
    return { kind: 'embedded', ...(problem !== undefined && { error: problem }) };
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
    await this.#checkpointing;
    await Promise.all([this.#journal.close(), this.#events.close(), this.#ended.close()]);
  }

  async #write({ id, tallies, events }: Counts): Promise<boolean> {
    const line = { id, at: this.#options.now(), tallies };
    const text = writeLine(line);
    await this.#keep(text, events);
    this.#count(line);
    this.#sinceCheckpoint += text.length;
    if (this.#sinceCheckpoint > (this.#options.maxJournal ?? MAX_JOURNAL)) this.#beginCheckpoint();
    return true;
  }

  async #keep(text: string, events: Counts['events']): Promise<void> {
    try {
      if (events.length > 0) await this.#events.append(events.map((event) => JSON.stringify(event)));
      await this.#journal.append([text]);
      this.#problem = undefined;
    } catch (error) {
      this.#failed(error as Error);
      throw error;
    }
  }

  /** Told once, until something is kept again. A directory that was lost tells of that itself. */
  #failed({ message }: Error): void {
    if (this.#problem === undefined && this.#options.held?.problem === undefined)
      this.#options.warn(`exposures cannot be kept: ${message}`);
    this.#problem = message;
  }

  #count({ id, at, tallies }: JournalLine): void {
    this.#ids.add(id, at);
    if (this.#late === undefined) for (const data of tallies) this.#tallies.absorb(data);
    else this.#late.push(...tallies);
  }

  async #recover({ ids, tallies, through }: Checkpoint): Promise<void> {
    for (const data of tallies) this.#tallies.absorb(data);
    for (const [id, at] of ids) this.#ids.add(id, at);
    for await (const text of this.#journal.lines(through)) {
      this.#sinceCheckpoint += text.length;
      const line = readLine(text);
      if (line === undefined) this.#options.warn('a line of the exposure journal is damaged and was left out');
      else if (!this.#ids.has(line.id, line.at)) this.#count(line);
    }
    this.#tallies.rest();
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
    const { directory, held, now } = this.#options;
    await held?.confirm();
    const through = await this.#journal.rotate();
    const over = this.#tallies.forget(now() - KEPT);
    const pieces = await this.#writeDown(through);
    if (over.length > 0) await this.#putAside(over);
    await writeCheckpoint(directory, pieces, held?.scratch);
    await this.#journal.drop(through);
  }

  /** Others are answered meanwhile; whoever wants to know a count waits. */
  #writeDown(through: number): Promise<string[]> {
    const ids = [...this.#ids.entries()];
    this.#late = [];
    const text = checkpointText({ through, ids, tallies: this.#tallies.laidDown() });
    const writing = inTurns(text).finally(() => this.#catchUp());
    this.#writingDown = writing;
    return writing;
  }

  #catchUp(): void {
    const late = this.#late ?? [];
    this.#late = undefined;
    for (const data of late) this.#tallies.absorb(data);
  }

  /** What cannot be put aside is not forgotten. */
  async #putAside(over: readonly TallyData[]): Promise<void> {
    try {
      await this.#ended.append(over.map((data) => JSON.stringify(data)));
    } catch (error) {
      for (const data of over) this.#tallies.absorb(data);
      throw error;
    }
    for (const { flag, environment } of over) this.#options.warn(forgotten(flag, environment));
  }
}

function refusalOf(directory: string, error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error && 'code' in error)) return error;
  return new Refusal('unreadable', `cannot open the exposures in \`${directory}\` (${error.code})`, {
    help: 'nothing was changed; see to it that this server can read and write there',
    cause: error,
  });
}
