import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import { Lease, type LeaseTimes } from '../lease/lease.js';

/** What whoever is kept out is told of the one who holds it. */
interface Holder {
  readonly host: string;
  readonly port: number;
  /** RFC 3339 */
  readonly since: string;
}

export interface HoldOptions {
  /** What this server listens on. */
  readonly port: number;
  /** milliseconds since 1970 */
  readonly now: number;
  /** Told when another server takes it away; nothing is kept here from then on. */
  readonly lost: (message: string) => void;
  /** Told once, when it takes a while to get it. */
  readonly waiting?: () => void;
  readonly times?: LeaseTimes;
}

/** Three seconds after a killed server the next one goes on; a server that ends in an orderly way has ten to do so. */
const TIMES: LeaseTimes = { lease: 3000, wait: 10_000 };

/** milliseconds */
const A_WHILE = 1000;

const SCRATCH = /^flagstaff-.*\.scratch$/;

/**
 * A directory that one server alone writes in. It may stand still for longer than its lease and then go on, when
 * another has it. So that nothing is lost then: what is appended counts when `confirm` has resolved after that, because
 * whoever takes the directory over reads it all only then; and what is put in the place of a file comes by a rename out
 * of `scratch`, which whoever takes over does away with before.
 */
export class DataDirectory {
  readonly path: string;
  readonly scratch: string;
  readonly #lease: Lease<Holder>;
  readonly #lost: (message: string) => void;
  #problem: string | undefined;

  /** @throws Refusal when another server holds it, or nothing can be written there */
  static async hold(path: string, options: HoldOptions): Promise<DataDirectory> {
    await mkdir(path, { recursive: true, mode: 0o700 }).catch(() => undefined);
    const directory = new DataDirectory(path, options);
    const told = setTimeout(() => options.waiting?.(), A_WHILE);
    try {
      await directory.#take();
      return directory;
    } catch (error) {
      await directory.release();
      throw refusalOf(path, error);
    } finally {
      clearTimeout(told);
    }
  }

  private constructor(path: string, { port, now, lost, times = TIMES }: HoldOptions) {
    this.path = path;
    this.#lost = lost;
    const holder = { host: hostname(), port, since: new Date(now).toISOString() };
    this.#lease = new Lease({
      file: join(path, 'server.lock'),
      times,
      say: () => holder,
      isOurKind: true,
      lost: () => this.#lose(),
    });
    this.scratch = join(path, `flagstaff-${this.#lease.id}.scratch`);
  }

  /** Why nothing can be kept any more. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** @throws Error when another server has it: what was written before this was asked may not have been read by that one */
  async confirm(): Promise<void> {
    if (this.#problem === undefined && (await this.#lease.isOurs())) return;
    throw new Error(this.#lose());
  }

  async release(): Promise<void> {
    await rm(this.scratch, { recursive: true, force: true }).catch(() => undefined);
    await this.#lease.release();
  }

  /** @returns what has happened, which is told once */
  #lose(): string {
    if (this.#problem !== undefined) return this.#problem;
    this.#problem = `another server has taken over the data directory \`${this.path}\``;
    this.#lost(this.#problem);
    return this.#problem;
  }

  async #take(): Promise<void> {
    const taken = await this.#lease.take();
    if (taken.kind === 'held') throw heldRefusal(this.path, taken.by);
    await this.#shutOut();
    await mkdir(this.scratch, { mode: 0o700 });
    // Whoever takes it over from here on finds the scratch.
    await this.confirm();
  }

  /** By a rename: in one moment there is no name left by which a server of before could put anything into place. */
  async #shutOut(): Promise<void> {
    const names = (await readdir(this.path)).filter((name) => SCRATCH.test(name));
    for (const name of names) {
      const gone = join(this.path, `${name}.gone`);
      await rename(join(this.path, name), gone).catch(unlessMissing);
      await rm(gone, { recursive: true, force: true });
    }
  }
}

/** Several may do away with it. */
function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function heldRefusal(path: string, by: Holder | undefined): Refusal {
  const who = by === undefined ? '' : ` on ${by.host}, port ${by.port}, since ${by.since}`;
  return new Refusal('contended', `the data directory \`${path}\` is in use by another server${who}`, {
    help: 'stop that one first, or give this one a `--data-dir` of its own; several servers share exposures in a Redis (`FLAGSTAFF_REDIS`)',
  });
}

function refusalOf(path: string, error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error && 'code' in error)) return error;
  return new Refusal('unwritable', `cannot write in the data directory \`${path}\` (${error.code})`, {
    help: 'give one that this server may write in',
    cause: error,
  });
}
