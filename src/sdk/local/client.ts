import type { Context } from '../../model/context.js';
import type { Json } from '../../model/json.js';
import { Evaluations } from '../evaluations.js';
import type { ClientEventName, ClientEvents, ClientStatus, FlagClient, TrackingDetails } from '../flag-client.js';
import type { Time } from '../time.js';
import type { LocalLife } from './life.js';

export interface LocalSettings {
  readonly time: Time;
  readonly defaults: Readonly<Record<string, Json>>;
  /** milliseconds that `ready()` waits unless it is told otherwise */
  readonly initTimeout: number;
}

/** A client whose flags come from this machine; a subclass says from where. */
export abstract class LocalClient extends Evaluations implements FlagClient {
  protected readonly life: LocalLife;
  readonly #initTimeout: number;

  constructor(life: LocalLife, { time, defaults, initTimeout }: LocalSettings) {
    super({ standing: () => life.standing, isStale: () => life.state === 'STALE', now: time.now, defaults });
    this.life = life;
    this.#initTimeout = initTimeout;
  }

  ready({ timeout = this.#initTimeout }: { readonly timeout?: number } = {}): Promise<void> {
    return this.life.ready(timeout);
  }

  status(): ClientStatus {
    return this.life.status;
  }

  on<E extends ClientEventName>(event: E, listener: (details: ClientEvents[E]) => unknown): () => void {
    return this.life.listeners.on(event, listener);
  }

  track(_name: string, _context?: Context, _details?: TrackingDetails): void {}

  async close(): Promise<void> {
    this.life.end();
  }
}
