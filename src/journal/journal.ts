import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from './sync-directory.js';

export interface JournalOptions {
  /** Of this journal alone; made if it is not there. */
  readonly directory: string;
  /** The file that is begun has a greater number than this (0). */
  readonly after?: number;
  /** A file that has grown beyond this is closed and the next begun (16 MiB). */
  readonly maxSize?: number;
  /** Whether what is appended is on the disk, and not just with the operating system, when `append` resolves (true). */
  readonly sync?: boolean;
  /** Asked when lines are written, before they count. What it rejects with is why they do not. */
  readonly confirm?: () => Promise<void>;
}

/** One file of a journal: `000001.ndjson`. */
const NAME = /^(\d{6,})\.ndjson$/;

const MAX_SIZE = 16 * 1024 * 1024;

interface Waiting {
  /** Left out: begin the next file. */
  readonly text?: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lines, one after the other, in files that are only ever appended to. What `append` has resolved for survives a
 * killed process (and a power cut, with `sync`); of what it has not, a whole line or nothing is there afterwards.
 * Appends that come while one is being written go out together, so that many share one wait for the disk. Two journals
 * in one directory never share a file; but what one drops is gone for the other.
 */
export class Journal {
  readonly #directory: string;
  readonly #maxSize: number;
  readonly #sync: boolean;
  readonly #confirm: () => Promise<void>;
  #number: number;
  #file: FileHandle | undefined;
  #size = 0;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(options: JournalOptions, number: number) {
    const { directory, maxSize = MAX_SIZE, sync = true, confirm = async () => undefined } = options;
    this.#directory = directory;
    this.#maxSize = maxSize;
    this.#sync = sync;
    this.#confirm = confirm;
    this.#number = number;
  }

  /** Always begins a new file: what a killed process left half written stays the end of its own. */
  static async open(options: JournalOptions): Promise<Journal> {
    await mkdir(options.directory, { recursive: true });
    const numbers = await numbersIn(options.directory);
    return new Journal(options, Math.max(numbers.at(-1) ?? 0, options.after ?? 0) + 1);
  }

  /** The number of the file that is being written. */
  get current(): number {
    return this.#number;
  }

  /** Appends lines, without line breaks in them. Rejects when they could not be written: then none of them counts. */
  append(lines: readonly string[]): Promise<void> {
    return this.#queue(lines.map((line) => `${line}\n`).join(''));
  }

  /** The whole lines of all files after one, oldest first. */
  async *lines(after = 0): AsyncGenerator<string> {
    for (const number of await numbersIn(this.#directory)) {
      if (number <= after || number === this.#number) continue;
      yield* wholeLines(this.#path(number));
    }
  }

  /** Begins the next file behind all that was appended until now. @returns the number of the last one that is whole */
  async rotate(): Promise<number> {
    await this.#queue();
    return this.#number - 1;
  }

  /** Removes files up to this one. */
  async drop(through: number): Promise<void> {
    const numbers = (await numbersIn(this.#directory)).filter((number) => number <= through);
    for (const number of numbers) await rm(this.#path(number), { force: true });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  #queue(text?: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...(text !== undefined && { text }), resolve, reject });
      this.#start();
    });
  }

  #start(): void {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length > 0) this.#start();
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const end = this.#waiting.findIndex(({ text }) => text === undefined);
      const batch = this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
      try {
        await (end === 0 ? this.#next() : this.#put(batch.map(({ text }) => text).join('')));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  async #put(text: string): Promise<void> {
    if (this.#size >= this.#maxSize) await this.#next();
    this.#file ??= await this.#begin();
    const bytes = Buffer.from(text);
    try {
      await this.#file.appendFile(bytes);
      if (this.#sync) await this.#file.datasync();
      await this.#confirm();
      this.#size += bytes.length;
    } catch (error) {
      await this.#undo();
      throw error;
    }
  }

  /** A file is there for good when its directory is on the disk too. What another journal has begun stays alone. */
  async #begin(): Promise<FileHandle> {
    try {
      const file = await open(this.#path(this.#number), 'ax');
      if (this.#sync) await syncDirectory(this.#directory);
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      this.#number += 1;
      return this.#begin();
    }
  }

  /** What was written of lines that were refused must not be read later. */
  async #undo(): Promise<void> {
    await truncate(this.#path(this.#number), this.#size).catch(() => this.#next());
  }

  async #next(): Promise<void> {
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
    this.#size = 0;
    this.#number += 1;
  }

  #path(number: number): string {
    return join(this.#directory, `${String(number).padStart(6, '0')}.ndjson`);
  }
}

async function numbersIn(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** In parts: a journal that could not be cut for long is bigger than a text can be. */
async function* wholeLines(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const part of createReadStream(file, 'utf8')) {
    const lines = `${rest}${part}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}
