import { Beginning } from '../beginning.js';
import { changedKeys } from '../changes.js';
import type { ClientError, ClientState, ClientStatus } from '../flag-client.js';
import { Listeners } from '../listeners.js';
import { Moments } from '../moments.js';
import type { Standing } from '../standing.js';
import type { Time } from '../time.js';

/** What is true of a client without a server: what counts, and what went wrong. Tells whoever listens. */
export class LocalLife {
  readonly listeners = new Listeners();
  readonly #moments: Moments;
  readonly #beginning: Beginning;
  #standing: Standing | undefined;
  #error: ClientError | undefined;

  constructor(time: Time) {
    this.#beginning = new Beginning(time);
    this.#moments = new Moments(time, (keys) => this.#changed(keys));
  }

  get standing(): Standing | undefined {
    return this.#standing;
  }

  get state(): ClientState {
    if (this.#standing !== undefined) return 'READY';
    return this.#error === undefined ? 'NOT_READY' : 'ERROR';
  }

  get status(): ClientStatus {
    const { standing } = this;
    return {
      state: this.state,
      source: standing?.source ?? 'defaults',
      ...(standing !== undefined && { version: standing.version, environment: standing.definitions.environment }),
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  /** Replaces what counts, whole. */
  adopt(standing: Standing): void {
    const before = this.#standing;
    const keys = before === undefined ? [] : changedKeys(before.definitions, standing.definitions);
    this.#standing = standing;
    this.#error = undefined;
    this.#moments.watch(standing.definitions);
    this.#beginning.end();
    if (before === undefined) this.listeners.emit('ready', { version: standing.version });
    this.#changed(keys);
  }

  /** What was there before still counts. */
  fail(error: ClientError): void {
    this.#error = error;
    this.#beginning.end();
    this.listeners.emit('error', error);
  }

  /** Resolves when there is something to evaluate with, when that has failed, or after so many milliseconds. */
  ready(timeout: number): Promise<void> {
    return this.#beginning.wait(timeout);
  }

  end(): void {
    this.#moments.stop();
    this.#beginning.end();
  }

  #changed(keys: readonly string[]): void {
    if (keys.length > 0) this.listeners.emit('changed', { keys, version: this.#standing?.version ?? '' });
  }
}
