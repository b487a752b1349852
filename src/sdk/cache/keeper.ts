import { encodeSnapshot } from '../../wire/batch.js';
import { decodeSnapshot, type WireSnapshot } from '../../wire/decode.js';
import { Mishap } from '../mishap.js';
import type { DefinitionCache } from './cache.js';

/** What a snapshot was kept for. */
export interface Scope {
  readonly urls: readonly string[];
  readonly environment?: string | undefined;
  readonly key?: string | undefined;
}

/** Keeps what is live in a cache, one write at a time, the newest last; what cannot be kept is told, once. */
export class Keeper {
  readonly #cache: DefinitionCache;
  readonly #scope: Scope;
  readonly #now: () => number;
  readonly #tell: (mishap: Mishap) => void;
  #next: WireSnapshot | undefined;
  #writing: Promise<void> | undefined;
  #failed = false;

  /** @param now milliseconds since 1970 */
  constructor(cache: DefinitionCache, scope: Scope, now: () => number, tell: (mishap: Mishap) => void) {
    this.#cache = cache;
    this.#scope = scope;
    this.#now = now;
    this.#tell = tell;
  }

  /** What was kept, if it can be used; never rejects. */
  async recall(): Promise<WireSnapshot | undefined> {
    try {
      const kept = await this.#cache.load();
      if (kept === undefined) return undefined;
      if (kept.scope !== (await nameOf(this.#scope))) throw new Error('it is of another server, environment or key');
      return decodeSnapshot(kept.snapshot);
    } catch (thrown) {
      this.#tell(new Mishap('cache', `the cache is not used: ${reasonOf(thrown)}`));
      return undefined;
    }
  }

  keep(snapshot: WireSnapshot): void {
    this.#next = snapshot;
    this.#writing ??= this.#write();
  }

  /** Resolves when nothing is left to be written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    for (let snapshot = this.#take(); snapshot !== undefined; snapshot = this.#take()) {
      await this.#save(snapshot).catch((thrown: unknown) => this.#fail(thrown));
    }
    this.#writing = undefined;
  }

  #take(): WireSnapshot | undefined {
    const snapshot = this.#next;
    this.#next = undefined;
    return snapshot;
  }

  async #save({ definitions, version, id }: WireSnapshot): Promise<void> {
    const scope = await nameOf(this.#scope);
    await this.#cache.save({ scope, at: this.#now(), snapshot: encodeSnapshot(definitions, version, id) });
    this.#failed = false;
  }

  #fail(thrown: unknown): void {
    if (!this.#failed) this.#tell(new Mishap('cache', `the cache is not kept: ${reasonOf(thrown)}`));
    this.#failed = true;
  }
}

/** Where the environment is not named, it is the key that decides which it is. */
async function nameOf({ urls, environment, key }: Scope): Promise<string> {
  const text = JSON.stringify([urls, environment ?? null, environment === undefined ? (key ?? null) : null]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'for no reason given';
}
