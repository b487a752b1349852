import type { Context } from '../model/context.js';
import type { Evaluator } from '../model/evaluation.js';
import { decodeSnapshot, type WireSnapshot } from '../wire/decode.js';
import { Keeper } from './cache/keeper.js';
import { Evaluations } from './evaluations.js';
import { evaluatorOf } from './evaluator.js';
import { Exposing } from './exposures/exposing.js';
import { httpSink } from './exposures/sinks.js';
import type {
  ClientError,
  ClientEventName,
  ClientEvents,
  ClientStatus,
  DefinitionSource,
  FlagClient,
  TrackingDetails,
} from './flag-client.js';
import { Freshness } from './freshness.js';
import { Life } from './life.js';
import { Mishap } from './mishap.js';
import { type ClientOptions, type Settings, settingsOf } from './options.js';
import { standingOf } from './standing.js';
import { sleep } from './time.js';

/** A stream that has held for so many milliseconds was healthy. */
const HEALTH = 60_000;

/** A cache on a disk that does not answer is not waited for, at the start or at the end. */
const CACHE_PATIENCE = 1000;

/**
 * Flags of a Flagstaff server, evaluated in this process. It begins with what it has (cache, bootstrap, defaults),
 * becomes fresh as soon as it can, and stays so. Nothing it does throws, the constructor included.
 */
export class FlagstaffClient extends Evaluations implements FlagClient {
  readonly #life: Life;
  readonly #settings: Settings;
  readonly #keeper: Keeper | undefined;
  readonly #freshness: Freshness | undefined;
  readonly #exposing: Exposing | undefined;
  readonly #running: Promise<void>;
  #closing: Promise<void> | undefined;

  constructor(given: ClientOptions) {
    const options = given ?? {};
    const settings = settingsOf(options);
    const { time, urls } = settings;
    const life = new Life({ ...settings, hasServer: urls.length > 0 });
    const exposing = exposingOf(options, settings, (error) => life.listeners.emit('error', error));
    super({
      standing: () => life.standing,
      isStale: () => life.isStale,
      now: () => time.now(),
      defaults: settings.defaults,
      exposing,
    });
    this.#life = life;
    this.#settings = settings;
    this.#exposing = exposing;
    const { cache, environment, key } = options;
    const tell = (mishap: Mishap) => life.mishap(mishap);
    if (cache) this.#keeper = new Keeper(cache, { urls, environment, key }, () => time.now(), tell);
    if (urls.length > 0) this.#freshness = this.#freshnessOf(options);
    const bootstrap = this.#useBootstrap(options.bootstrap);
    this.#running = this.#run(settings.problems, bootstrap);
  }

  ready({ timeout = this.#settings.initTimeout }: { readonly timeout?: number } = {}): Promise<void> {
    return this.#life.ready(timeout);
  }

  status(): ClientStatus {
    const { status } = this.#life;
    return this.#exposing === undefined ? status : { ...status, exposures: this.#exposing.counts };
  }

  on<E extends ClientEventName>(event: E, listener: (details: ClientEvents[E]) => unknown): () => void {
    return this.#life.listeners.on(event, listener);
  }

  /** Goes where exposures go. */
  track(name: string, context?: Context, details?: TrackingDetails): void {
    this.#exposing?.track(name, this.#life.standing?.definitions.environment, context, details);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#freshness?.stop();
    this.#life.end();
    await this.#exposing?.close();
    await this.#running;
    if (this.#keeper !== undefined) await this.#soon(this.#keeper.settled());
  }

  /** Whoever made the client comes first, so that nothing is told before somebody can listen. */
  async #run(problems: readonly Mishap[], bootstrap: Promise<Mishap | undefined>): Promise<void> {
    const refused = await bootstrap;
    this.#life.begin();
    for (const problem of problems) this.#life.mishap(problem);
    if (refused !== undefined) this.#life.mishap(refused);
    const kept = await this.#recall();
    await this.#freshness?.run(kept);
  }

  async #recall(): Promise<WireSnapshot | undefined> {
    if (this.#keeper === undefined) return undefined;
    const kept = await this.#soon(this.#keeper.recall());
    try {
      if (kept !== undefined) await this.#adopt(kept, 'cache');
      return kept;
    } catch (thrown) {
      this.#life.mishap(new Mishap('cache', `the cache is not used: ${Mishap.from(thrown).message}`));
      return undefined;
    }
  }

  /** What the cache says, if it says it in time. */
  async #soon<T>(promise: Promise<T>): Promise<T | undefined> {
    const patience = new AbortController();
    const waited = sleep(this.#settings.time, CACHE_PATIENCE, patience.signal).then(() => undefined);
    const said = await Promise.race([promise, waited]);
    patience.abort();
    return said;
  }

  /** Never rejects; without patterns it counts when this returns. */
  async #useBootstrap(bootstrap: string | object | undefined): Promise<Mishap | undefined> {
    if (bootstrap === undefined) return undefined;
    try {
      const text = typeof bootstrap === 'string' ? bootstrap : JSON.stringify(bootstrap);
      const adopted = this.#adopt(decodeSnapshot(text), 'bootstrap');
      if (adopted !== undefined) await adopted;
      return undefined;
    } catch (thrown) {
      return new Mishap('options', `the bootstrap is not used: ${Mishap.from(thrown).message}`);
    }
  }

  /** At once where it can be. */
  #adopt({ definitions, version }: WireSnapshot, source: DefinitionSource): void | Promise<void> {
    const evaluator = evaluatorOf(definitions);
    const adopt = (ready: Evaluator) => this.#life.adopt(standingOf(definitions, ready, { version, source }));
    return evaluator instanceof Promise ? evaluator.then(adopt) : adopt(evaluator);
  }

  #freshnessOf({ key, environment }: ClientOptions): Freshness {
    const { backoff, maxSize, pollAfter, pollInterval, random, readTimeout, requestTimeout, time, urls } =
      this.#settings;
    const asking = { fetch: this.#settings.fetch, time, key, environment, requestTimeout, readTimeout, maxSize };
    const pacing = { pace: backoff, pollAfter, pollInterval, health: HEALTH, random };
    return new Freshness(
      { asking, urls, ...pacing },
      {
        adopt: async (snapshot) => {
          await this.#adopt(snapshot, 'live');
          this.#keeper?.keep(snapshot);
        },
        confirm: () => this.#life.confirm(),
        mishap: (mishap) => this.#life.mishap(mishap),
      },
    );
  }
}

/** Nowhere to go without a server or a sink. */
function exposingOf(
  { key }: ClientOptions,
  settings: Settings,
  tell: (error: ClientError) => void,
): Exposing | undefined {
  const { exposures, time, random, urls } = settings;
  if (exposures === undefined || (exposures.sink === undefined && urls.length === 0)) return undefined;
  return new Exposing(exposures, { sink: exposures.sink ?? httpSink({ ...settings, key }), time, random, tell });
}
