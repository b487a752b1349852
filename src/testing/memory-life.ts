import type { ClientError, ClientState, ClientStatus } from '../sdk/flag-client.js';
import { LocalLife } from '../sdk/local/life.js';
import type { Standing } from '../sdk/standing.js';

const UNREACHABLE: ClientError = { code: 'unreachable', message: 'no server can be reached, says the test' };

/** A life that can be made to look like that of a client whose server does not answer. */
export class MemoryLife extends LocalLife {
  #pretended: ClientState = 'READY';

  override get state(): ClientState {
    return this.#pretended;
  }

  override get standing(): Standing | undefined {
    return this.#pretended === 'READY' || this.#pretended === 'STALE' ? super.standing : undefined;
  }

  override get status(): ClientStatus {
    return { ...super.status, ...(this.#pretended === 'READY' ? {} : { error: UNREACHABLE }) };
  }

  /** @throws nothing; tells whoever listens what a client in that state would */
  pretend(state: ClientState): void {
    const before = this.#pretended;
    this.#pretended = state;
    if (state === before) return;
    if (state === 'READY') this.listeners.emit('ready', { version: super.standing?.version ?? '' });
    if (state === 'STALE') this.listeners.emit('stale', { ageMs: 0 });
    if (state === 'ERROR') this.listeners.emit('error', UNREACHABLE);
  }
}
