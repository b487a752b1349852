import type { Context } from '../../model/context.js';
import type { Json } from '../../model/json.js';
import { Evaluations } from '../evaluations.js';
import { Exposing, type ExposureOptions } from '../exposures/exposing.js';
import type {
  ClientError,
  ClientEventName,
  ClientEvents,
  ClientStatus,
  FlagClient,
  TrackingDetails,
} from '../flag-client.js';
import type { Mishap } from '../mishap.js';
import { exposuresOf } from '../options.js';
import type { Time } from '../time.js';
import type { LocalLife } from './life.js';

export interface LocalSettings {
  readonly time: Time;
  readonly defaults: Readonly<Record<string, Json>>;
  /** milliseconds that `ready()` waits unless it is told otherwise */
  readonly initTimeout: number;
  /** Nobody is told without a `sink`. */
  readonly exposures?: ExposureOptions | undefined;
}

/** A client whose flags come from this machine; a subclass says from where. */
export abstract class LocalClient extends Evaluations implements FlagClient {
  protected readonly life: LocalLife;
  readonly #initTimeout: number;
  readonly #exposing: Exposing | undefined;

  constructor(life: LocalLife, { time, defaults, initTimeout, exposures }: LocalSettings) {
    const exposing = exposingOf(exposures, life, time);
    super({ standing: () => life.standing, isStale: () => life.state === 'STALE', now: time.now, defaults, exposing });
    this.life = life;
    this.#initTimeout = initTimeout;
    this.#exposing = exposing;
  }

  ready({ timeout = this.#initTimeout }: { readonly timeout?: number } = {}): Promise<void> {
    return this.life.ready(timeout);
  }

  status(): ClientStatus {
    const { status } = this.life;
    return this.#exposing === undefined ? status : { ...status, exposures: this.#exposing.counts };
  }

  on<E extends ClientEventName>(event: E, listener: (details: ClientEvents[E]) => unknown): () => void {
    return this.life.listeners.on(event, listener);
  }

  /** Goes where exposures go. */
  track(name: string, context?: Context, details?: TrackingDetails): void {
    this.#exposing?.track(name, this.life.standing?.definitions.environment, context, details);
  }

  async close(): Promise<void> {
    this.life.end();
    await this.#exposing?.close();
  }
}

function exposingOf(given: ExposureOptions | undefined, life: LocalLife, time: Time): Exposing | undefined {
  const problems: Mishap[] = [];
  const options = exposuresOf(given, problems);
  const tell = (error: ClientError) => life.listeners.emit('error', error);
  // Whoever made the client comes first, so that nothing is told before somebody can listen.
  for (const { told } of problems) void Promise.resolve(told).then(tell);
  const sink = options?.sink;
  return options && sink && new Exposing(options, { sink, time, random: Math.random, tell });
}
