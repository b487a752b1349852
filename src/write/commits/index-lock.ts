import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileRefusal, lockedRefusal } from './complaints.js';

/** A working tree follows from one commit to another. */
export interface Journey {
  readonly from: string;
  readonly to: string;
}

/** The lock that every git takes before it changes what is staged. While it is held, nobody else commits. */
export interface IndexLock {
  /** A name for a copy of the index; it goes with the lock. */
  readonly copy: string;
  /** What a process that died with the lock in its hand was about. */
  readonly unfinished: Journey | undefined;
  /** Says what is about to happen, for whoever finds the lock when this process dies. */
  note(journey: Journey): Promise<void>;
  /** Puts the copy in the place of the index, unless the lock was lost meanwhile; says whether it did. */
  replaceIndex(): Promise<boolean>;
  release(): Promise<void>;
}

export interface LockTimes {
  /** A lock of ours that was not renewed for so long is nobody's any more; milliseconds */
  readonly lease: number;
  /** How long to wait for one that somebody holds; milliseconds */
  readonly wait: number;
}

const LOOK_AGAIN = 50;

/** What is in a lock of ours; git's own has the beginnings of an index. */
interface Note {
  readonly holder: 'flagstaff';
  readonly id: string;
  readonly journey?: Journey;
}

/** @throws Refusal when it stays locked, or nothing can be written there */
export async function lockIndex(gitDirectory: string, times: LockTimes): Promise<IndexLock> {
  const claim = new Claim(gitDirectory, times);
  try {
    return await claim.take();
  } catch (error) {
    await claim.leave();
    throw fileRefusal(gitDirectory, error);
  }
}

class Claim {
  readonly #lock: string;
  readonly #index: string;
  readonly #own: string;
  readonly #copy: string;
  readonly #times: LockTimes;
  readonly #directory: string;
  readonly #note: Note = { holder: 'flagstaff', id: randomUUID() };
  #putting: Promise<void> = Promise.resolve();
  #renewing: NodeJS.Timeout | undefined;

  constructor(directory: string, times: LockTimes) {
    this.#directory = directory;
    this.#times = times;
    this.#index = join(directory, 'index');
    this.#lock = join(directory, 'index.lock');
    this.#own = join(directory, `flagstaff-${this.#note.id}.lock`);
    this.#copy = join(directory, `flagstaff-${this.#note.id}.index`);
  }

  async take(): Promise<IndexLock> {
    for (let waited = 0; waited <= this.#times.wait; waited += LOOK_AGAIN) {
      await this.#write(this.#note);
      if (await this.#claim()) return this.#taken(undefined);
      const abandoned = await this.#abandoned();
      if (abandoned !== undefined && (await this.#takeOver(abandoned))) return this.#taken(abandoned.journey);
      await sleep(LOOK_AGAIN);
    }
    throw lockedRefusal(this.#lock);
  }

  /** What cannot be removed goes with the lease: what was written stands either way. */
  async leave(): Promise<void> {
    clearInterval(this.#renewing);
    await this.#putting;
    const lock = (await this.#isOurs()) ? [this.#lock] : [];
    const files = [...lock, this.#own, this.#copy, `${this.#copy}.lock`];
    await Promise.allSettled(files.map((file) => rm(file, { force: true })));
  }

  #taken(unfinished: Journey | undefined): IndexLock {
    let note: Note = { ...this.#note, ...(unfinished !== undefined && { journey: unfinished }) };
    this.#renewing = setInterval(() => void this.#put(note).catch(() => undefined), this.#times.lease / 4).unref();
    return {
      copy: this.#copy,
      unfinished,
      note: (journey) => {
        note = { ...note, journey };
        return this.#put(note);
      },
      replaceIndex: async () => {
        const isOurs = await this.#isOurs();
        if (isOurs) await rename(this.#copy, this.#index);
        return isOurs;
      },
      release: () => this.leave(),
    };
  }

  /** Not by a hard link, which some file systems do not have. What was not written whole is not taken for ours. */
  #claim(): Promise<boolean> {
    return copyFile(this.#own, this.#lock, constants.COPYFILE_EXCL).then(
      () => true,
      () => false,
    );
  }

  /** Both times are the file system's, so nobody's clock matters. */
  async #abandoned(): Promise<Note | undefined> {
    const found = await this.#look();
    if (found === undefined) return undefined;
    const { mtimeMs: now } = await stat(this.#own);
    return now - found.time > this.#times.lease ? found.note : undefined;
  }

  /** Several may try at once: the last one has it, and the others see that a moment later. */
  async #takeOver({ id, journey }: Note): Promise<boolean> {
    await this.#write({ ...this.#note, ...(journey !== undefined && { journey }) });
    await rename(this.#own, this.#lock);
    await sleep(LOOK_AGAIN);
    const copy = join(this.#directory, `flagstaff-${id}.index`);
    for (const file of [copy, `${copy}.lock`]) await rm(file, { force: true });
    return this.#isOurs();
  }

  /** A new file with a new time, while the lock is ours; one after the other. */
  #put(note: Note): Promise<void> {
    const put = async () => {
      await this.#write(note);
      if (await this.#isOurs()) await rename(this.#own, this.#lock);
    };
    const putting = this.#putting.then(put);
    this.#putting = putting.catch(() => undefined);
    return putting;
  }

  async #isOurs(): Promise<boolean> {
    return (await this.#look())?.note.id === this.#note.id;
  }

  /** `undefined`: there is no lock, or it is not one of Flagstaff's. */
  async #look(): Promise<{ readonly note: Note; readonly time: number } | undefined> {
    const file = await open(this.#lock).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const [text, { mtimeMs }] = [await file.readFile('utf8'), await file.stat()];
      return text.startsWith('{"holder":"flagstaff"') && text.endsWith('}')
        ? { note: JSON.parse(text) as Note, time: mtimeMs }
        : undefined;
    } finally {
      await file.close();
    }
  }

  #write(note: Note): Promise<void> {
    return writeFile(this.#own, JSON.stringify(note));
  }
}
