import { Refusal } from '../../diagnostics/refusal.js';
import type { Compilation } from '../../project/compile.js';
import { kindOf } from '../../project/kind.js';
import { Compiler } from '../compiler.js';
import type { Origin, Served } from '../served.js';
import type { Store } from '../store.js';
import { flagVersionsAfter } from './flag-versions.js';
import { serially } from './serially.js';
import type { Candidate, FlagSource } from './source.js';
import type { RefreshStatus, Refused } from './status.js';
import { lastTouches } from './touches.js';
import { warmEvaluators, warmFlags } from './warming.js';

/** What the log is told. */
export type RefreshEvent =
  | { readonly kind: 'published'; readonly served: Served }
  | { readonly kind: 'refused'; readonly refused: Refused }
  | { readonly kind: 'unreadable'; readonly error: Refusal }
  | { readonly kind: 'fetch-failed'; readonly error: Refusal };

/** A good state that outlives the process. */
export interface Keeper {
  keep(candidate: Candidate): Promise<void>;
  recall(): Promise<Candidate | undefined>;
}

export interface RefresherParts {
  readonly source: FlagSource;
  readonly store: Store;
  readonly keeper?: Keeper;
  /** Whoever else compiles states of the same repository shares it. */
  readonly compiler?: Compiler;
  readonly allowRewind: boolean;
  /** milliseconds since 1970 */
  readonly now: () => number;
  readonly tell: (event: RefreshEvent) => void;
}

/** What may be served. */
type Servable = Required<Pick<Compilation, 'project' | 'snapshot'>>;

/** Follows a source: what passes the gate is published, what does not changes nothing and is remembered as refused. */
export class Refresher {
  readonly #parts: RefresherParts;
  readonly #compiler: Compiler;
  #status: RefreshStatus = { accepted: 0, rejected: 0 };
  /** One at a time; what is asked for meanwhile leads to one more. */
  readonly refresh = serially(() => this.#refresh());
  /** Fetches from the remote, if there is one. A failure shows in the status. */
  readonly fetch = serially(() => this.#fetch());

  constructor(parts: RefresherParts) {
    this.#parts = parts;
    this.#compiler = parts.compiler ?? new Compiler({ tests: false });
  }

  get status(): RefreshStatus {
    return this.#status;
  }

  /**
   * Publishes the newest state that passes the gate, else the one that was kept.
   * @throws Refusal when there is neither
   */
  async start(): Promise<void> {
    try {
      await this.#startFromSource();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const kept = await this.#parts.keeper?.recall();
      const servable = kept === undefined ? undefined : await this.#servableOf(kept);
      if (kept === undefined || servable === undefined) throw error;
      this.#unreadable(error);
      this.#publish(kept, servable, 'cache');
    }
  }

  async #startFromSource(): Promise<void> {
    const { source } = this.#parts;
    await this.fetch();
    const head = await source.newest();
    if (await this.#take(head)) return;
    for await (const candidate of source.older(head)) {
      const servable = await this.#servableOf(candidate);
      if (servable === undefined) continue;
      await this.#serve(candidate, servable);
      return;
    }
    throw nothingPasses(this.#status.refused);
  }

  async #refresh(): Promise<void> {
    try {
      const head = await this.#parts.source.newest();
      this.#update({ unreadable: undefined });
      if (this.#isNews(head)) await this.#take(head);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#unreadable(error);
    }
  }

  #isNews({ revision: { version } }: Candidate): boolean {
    const { current } = this.#parts.store;
    if (current?.revision.version === version) {
      if (current.origin !== 'cache') this.#update({ refused: undefined });
      return current.origin === 'cache';
    }
    return this.#status.refused?.version !== version;
  }

  /** Publishes the candidate, or notes why not. */
  async #take(candidate: Candidate): Promise<boolean> {
    const { source, store, allowRewind, now } = this.#parts;
    const { version } = candidate.revision;
    const compilation = await this.#compiler.compile(candidate.files);
    const servable = servableIn(compilation);
    const served = store.current?.revision.version;
    const continues = served === undefined || allowRewind || (await source.descends(served, version));
    if (servable === undefined || !continues) {
      const diagnostics = compilation.diagnostics.filter(({ file }) => kindOf(file) !== 'test');
      this.#refuse({ version, reason: servable === undefined ? 'gate' : 'rewind', diagnostics, at: now() });
      return false;
    }
    this.#update({ refused: undefined });
    await this.#serve(candidate, servable);
    return true;
  }

  async #serve(candidate: Candidate, servable: Servable): Promise<void> {
    const traced = await this.#traced(candidate);
    const { source, store } = this.#parts;
    const { snapshot } = servable;
    const asked = await warmEvaluators(store.base?.snapshot, snapshot);
    this.#publish(traced, servable, source.origin);
    await this.#keep(traced);
    void warmFlags(snapshot, asked, () => store.base?.snapshot === snapshot);
  }

  /** With the commits that touched its files last; without them where they cannot be had. */
  async #traced(candidate: Candidate): Promise<Candidate> {
    try {
      const touches = await this.#parts.source.touches?.(candidate.revision.version);
      return touches === undefined ? candidate : { ...candidate, touches };
    } catch (error) {
      if (error instanceof Refusal) return candidate;
      throw error;
    }
  }

  async #servableOf(candidate: Candidate): Promise<Servable | undefined> {
    return servableIn(await this.#compiler.compile(candidate.files));
  }

  #publish(candidate: Candidate, { project, snapshot }: Servable, origin: Origin): void {
    const { store, now, tell } = this.#parts;
    const { revision, position, touches } = candidate;
    const flagVersions =
      touches === undefined ? flagVersionsAfter(store.base, snapshot, revision.version) : lastTouches(project, touches);
    const served: Served = { snapshot, project, origin, revision, position, loadedAt: now(), flagVersions };
    this.#update({ accepted: this.#status.accepted + 1 });
    store.publish(served);
    tell({ kind: 'published', served });
  }

  #refuse(refused: Refused): void {
    this.#update({ refused, rejected: this.#status.rejected + 1 });
    this.#parts.tell({ kind: 'refused', refused });
  }

  #unreadable(error: Refusal): void {
    const isNews = this.#status.unreadable !== error.message;
    this.#update({ unreadable: error.message });
    if (isNews) this.#parts.tell({ kind: 'unreadable', error });
  }

  /** What cannot be kept is served all the same. */
  async #keep(candidate: Candidate): Promise<void> {
    try {
      await this.#parts.keeper?.keep(candidate);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#parts.tell({ kind: 'unreadable', error });
    }
  }

  async #fetch(): Promise<void> {
    const { source, now, tell } = this.#parts;
    if (source.fetch === undefined) return;
    const lastAttempt = now();
    try {
      await source.fetch();
      this.#update({ fetch: { lastAttempt, lastSuccess: now() } });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { lastSuccess } = this.#status.fetch ?? {};
      this.#update({ fetch: { lastAttempt, ...(lastSuccess !== undefined && { lastSuccess }), error: error.message } });
      tell({ kind: 'fetch-failed', error });
    }
  }

  /** `undefined` takes an entry away. */
  #update(changes: { readonly [K in keyof RefreshStatus]?: RefreshStatus[K] | undefined }): void {
    const entries = Object.entries({ ...this.#status, ...changes }).filter(([, value]) => value !== undefined);
    this.#status = Object.fromEntries(entries) as unknown as RefreshStatus;
  }
}

function servableIn({ project, snapshot }: Compilation): Servable | undefined {
  return project === undefined || snapshot === undefined ? undefined : { project, snapshot };
}

function nothingPasses(refused: Refused | undefined): Refusal {
  const [first, ...rest] = refused?.diagnostics ?? [];
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more)`;
  const where = first === undefined ? '' : `: ${first.file}:${first.range.start.line}: ${first.message}${more}`;
  return new Refusal('unavailable', `the flags do not pass the gate${where}`, { help: '`flagstaff lint` tells all' });
}
