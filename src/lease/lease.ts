import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** milliseconds */
export interface LeaseTimes {
  /** What was not renewed for so long is nobody's any more. */
  readonly lease: number;
  /** How long to wait for what somebody holds. */
  readonly wait: number;
}

/** What stands in the file: who holds it, and what that one says of itself. */
export type LeaseNote<T> = T & { readonly holder: 'flagstaff'; readonly id: string };

export interface LeaseOptions<T> {
  /** It is held by whoever is named in this file. */
  readonly file: string;
  readonly times: LeaseTimes;
  /** What to say in it, when this was left there by somebody who died. */
  readonly say: (left: T | undefined) => T;
  /** Nobody else makes such a file: what is unreadable is of somebody who died making it (false). */
  readonly isOurKind?: boolean;
  /** Told when it is seen that somebody else has taken it. */
  readonly lost?: () => void;
}

/** `left`: what stood there of the last holder, who died. `by`: who holds it, if it is one of us. */
export type Taken<T> =
  | { readonly kind: 'taken'; readonly left?: LeaseNote<T> | undefined }
  | { readonly kind: 'held'; readonly by?: LeaseNote<T> | undefined };

interface Found<T> {
  /** Left out: it is not one of ours, or not whole. */
  readonly note?: LeaseNote<T>;
  /** When it was written; milliseconds, by the clock of the file system. */
  readonly time: number;
}

const LOOK_AGAIN = 50;

/**
 * A file that names the one process that may do something, for as long as that one renews it. Also over machines that
 * share the file system, and without anybody's clock. A process that stands still for longer than the lease loses it
 * without knowing: before anything counts, ask `isOurs`. Errors of the file system are thrown as they are.
 */
export class Lease<T extends object> {
  /** No other has it. */
  readonly id = randomUUID();
  readonly #options: LeaseOptions<T>;
  readonly #own: string;
  #note: LeaseNote<T>;
  #putting: Promise<void> = Promise.resolve();
  #renewing: NodeJS.Timeout | undefined;

  constructor(options: LeaseOptions<T>) {
    this.#options = options;
    this.#own = this.#ownOf(this.id);
    this.#note = this.#noteOf(options.say(undefined));
  }

  /** Renews it from then on. To be released also when it was not taken. */
  async take(): Promise<Taken<T>> {
    const { times, say } = this.#options;
    let found: Found<T> | undefined;
    for (let waited = 0; waited <= times.wait; waited += LOOK_AGAIN) {
      await this.#write(this.#note);
      if (await this.#claim()) return this.#taken(undefined);
      found = await this.#look();
      if (found !== undefined && (await this.#isAbandoned(found))) {
        const { note: left } = found;
        if (await this.#takeOver(this.#noteOf(say(left)), left?.id)) return this.#taken(left);
      }
      await sleep(LOOK_AGAIN);
    }
    return { kind: 'held', by: found?.note };
  }

  /** Says something else, for whoever finds it when this process dies. */
  note(said: T): Promise<void> {
    this.#note = this.#noteOf(said);
    return this.#put();
  }

  /** Nobody has taken it away. */
  async isOurs(): Promise<boolean> {
    return (await this.#look())?.note?.id === this.id;
  }

  /** What cannot be removed goes with the lease. */
  async release(): Promise<void> {
    clearInterval(this.#renewing);
    await this.#putting;
    const isOurs = await this.isOurs().catch(() => false);
    const file = isOurs ? [this.#options.file] : [];
    await Promise.allSettled([...file, this.#own].map((name) => rm(name, { force: true })));
  }

  #taken(left: LeaseNote<T> | undefined): Taken<T> {
    const renew = () => void this.#put().catch(() => undefined);
    this.#renewing = setInterval(renew, this.#options.times.lease / 4).unref();
    return { kind: 'taken', left };
  }

  /** By a hard link it is there whole, whenever this process dies; its other name goes, lest both change as one. */
  async #claim(): Promise<boolean> {
    try {
      await link(this.#own, this.#options.file);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'EEXIST' && this.#claimByCopy();
    }
    await rm(this.#own, { force: true });
    return true;
  }

  /** Where there are no hard links. What was not copied whole is not taken for ours. */
  #claimByCopy(): Promise<boolean> {
    return copyFile(this.#own, this.#options.file, constants.COPYFILE_EXCL).then(
      () => true,
      () => false,
    );
  }

  /** Both times are the file system's, so nobody's clock matters. */
  async #isAbandoned({ note, time }: Found<T>): Promise<boolean> {
    if (note === undefined && this.#options.isOurKind !== true) return false;
    const { mtimeMs: now } = await stat(this.#own);
    return now - time > this.#options.times.lease;
  }

  /**
   * Several may try at once: the last one has it, and the others see that a moment later. Without its own file the one
   * before, should it not be dead at all, cannot put itself back.
   */
  async #takeOver(note: LeaseNote<T>, before: string | undefined): Promise<boolean> {
    await this.#write(note);
    await rename(this.#own, this.#options.file);
    await sleep(LOOK_AGAIN);
    if (before !== undefined) await rm(this.#ownOf(before), { force: true });
    if (!(await this.isOurs())) return false;
    this.#note = note;
    return true;
  }

  /** A new file with a new time, while it is ours; one after the other. */
  #put(): Promise<void> {
    const put = async () => {
      await this.#write(this.#note);
      if (await this.isOurs()) await rename(this.#own, this.#options.file);
      else this.#lose();
    };
    const putting = this.#putting.then(put);
    this.#putting = putting.catch(() => undefined);
    return putting;
  }

  #lose(): void {
    clearInterval(this.#renewing);
    this.#options.lost?.();
  }

  async #look(): Promise<Found<T> | undefined> {
    const file = await open(this.#options.file).catch(unlessMissing);
    if (file === undefined) return undefined;
    try {
      const [text, { mtimeMs: time }] = [await file.readFile('utf8'), await file.stat()];
      const isWhole = text.startsWith('{"holder":"flagstaff"') && text.endsWith('}');
      return isWhole ? { note: JSON.parse(text) as LeaseNote<T>, time } : { time };
    } finally {
      await file.close();
    }
  }

  #noteOf(said: T): LeaseNote<T> {
    return { holder: 'flagstaff', id: this.id, ...said };
  }

  #ownOf(id: string): string {
    return join(dirname(this.#options.file), `flagstaff-${id}.lock`);
  }

  #write(note: LeaseNote<T>): Promise<void> {
    return writeFile(this.#own, JSON.stringify(note));
  }
}

/** What cannot be read just now is not lost yet. */
function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
