import { Beginning } from './beginning.js';
import { changedKeys } from './changes.js';
import type { ClientError, ClientState, ClientStatus } from './flag-client.js';
import { Listeners } from './listeners.js';
import type { Mishap } from './mishap.js';
import { Moments } from './moments.js';
import type { Standing } from './standing.js';
import type { Time } from './time.js';

export interface LifeOptions {
  readonly time: Time;
  readonly initTimeout: number;
  readonly staleAfter: number;
  /** Is there a server to hear of? Without one nothing gets stale. */
  readonly hasServer: boolean;
}

/** Who has met one of these knows how it stands with the servers. */
const SERVERS_SAY: ReadonlySet<string> = new Set([
  'unreachable',
  'refused',
  'unavailable',
  'malformed',
  'newer-format',
]);

/** What is true of a client now: what counts, whether the server was heard of, what went wrong. Tells whoever listens. */
export class Life {
  readonly listeners = new Listeners();
  readonly #options: LifeOptions;
  readonly #moments: Moments;
  readonly #beginning: Beginning;
  #standing: Standing | undefined;
  /** On the clock that does not jump. */
  #heardAt: number;
  #heard = false;
  #isStale = false;
  #error: ClientError | undefined;
  #hasFailed = false;
  #hasEnded = false;
  #told: ClientState = 'NOT_READY';
  #cancelStale: () => void = () => undefined;
  #cancelInit: () => void = () => undefined;

  constructor(options: LifeOptions) {
    this.#options = options;
    this.#heardAt = options.time.elapsed();
    this.#beginning = new Beginning(options.time);
    this.#moments = new Moments(options.time, (keys) => this.#changed(keys));
  }

  get standing(): Standing | undefined {
    return this.#standing;
  }

  get isStale(): boolean {
    return this.#isStale;
  }

  get status(): ClientStatus {
    const standing = this.#standing;
    return {
      state: this.#state(),
      source: standing?.source ?? 'defaults',
      ...(standing !== undefined && { version: standing.version, environment: standing.definitions.environment }),
      ...(this.#heard && { ageMs: this.#age() }),
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  /** From now on there are listeners, and time counts. */
  begin(): void {
    if (this.#hasEnded) return;
    const { hasServer, initTimeout, time } = this.#options;
    this.#cancelInit = time.after(initTimeout, () => this.#giveUpWaiting());
    if (hasServer) this.#watchSilence();
    else this.#beginning.end();
    this.#tellState();
  }

  /** Replaces what counts, whole. */
  adopt(standing: Standing): void {
    const before = this.#standing;
    const keys = before === undefined ? [] : changedKeys(before.definitions, standing.definitions);
    this.#standing = standing;
    this.#moments.watch(standing.definitions);
    this.#changed(keys);
  }

  /** The server says that what counts is what it has. */
  confirm(): void {
    const standing = this.#standing;
    if (standing !== undefined && standing.source !== 'live') this.#standing = { ...standing, source: 'live' };
    this.#heard = true;
    this.#heardAt = this.#options.time.elapsed();
    this.#error = undefined;
    this.#beginning.end();
    this.#refresh();
    this.#tellState();
  }

  /** The same thing again and again is told once. */
  mishap({ told }: Mishap): void {
    const isNews = this.#error?.code !== told.code || this.#error.message !== told.message;
    this.#error = told;
    if (told.code !== 'cache') this.#hasFailed = true;
    if (this.#standing !== undefined && SERVERS_SAY.has(told.code)) this.#beginning.end();
    this.#tellState();
    if (isNews) this.listeners.emit('error', told);
  }

  /** Resolves when the start is over, or after so many milliseconds, for which it keeps the process alive. */
  ready(timeout: number): Promise<void> {
    return this.#beginning.wait(timeout);
  }

  end(): void {
    this.#hasEnded = true;
    this.#moments.stop();
    this.#cancelStale();
    this.#cancelInit();
    this.#beginning.end();
  }

  #state(): ClientState {
    if (this.#standing === undefined) return this.#hasFailed ? 'ERROR' : 'NOT_READY';
    return this.#isStale ? 'STALE' : 'READY';
  }

  #tellState(): void {
    const state = this.#state();
    if (state === this.#told) return;
    this.#told = state;
    if (state === 'READY') this.listeners.emit('ready', { version: this.#standing?.version ?? '' });
    if (state === 'STALE') this.listeners.emit('stale', { ageMs: this.#age() });
  }

  #changed(keys: readonly string[]): void {
    if (keys.length > 0) this.listeners.emit('changed', { keys, version: this.#standing?.version ?? '' });
  }

  #giveUpWaiting(): void {
    if (this.#beginning.isOver) return;
    this.#hasFailed = true;
    this.#tellState();
  }

  /** One timer, however often the server is heard of; none while it is silent for too long. */
  #watchSilence(): void {
    const { staleAfter, time } = this.#options;
    this.#cancelStale = time.after(staleAfter - this.#age(), () => {
      if (this.#age() < staleAfter) return this.#watchSilence();
      this.#isStale = true;
      this.#tellState();
    });
  }

  #refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    this.#watchSilence();
  }

  #age(): number {
    return this.#options.time.elapsed() - this.#heardAt;
  }
}
