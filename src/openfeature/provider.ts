import {
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderNotReadyError,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/server-sdk';
import type { Details, FlagClient } from '../sdk/flag-client.js';
import { FlagstaffClient, type NodeClientOptions } from '../sdk/index.js';
import { withDatesAsText } from './context.js';
import { forwardEvents } from './events.js';
import { toResolution } from './resolution.js';

export interface ProviderOptions {
  /**
   * Make `setProviderAndWait` reject when there is nothing to evaluate with in time. Without it an application starts
   * whatever the network does: evaluations give their defaults, and an ERROR event says so.
   */
  readonly rejectWhenNotReady?: boolean;
}

const NOTHING = { version: undefined, environment: undefined };

/**
 * Flags, evaluated in this process, for the OpenFeature server SDK (https://openfeature.dev/specification/sections/providers).
 * Nothing here throws; what goes wrong is an error code beside the caller's default.
 */
export class FlagstaffProvider implements Provider {
  readonly metadata = { name: 'flagstaff' } as const;
  readonly runsOn = 'server';
  readonly events = new OpenFeatureEventEmitter();
  readonly #source: FlagClient | NodeClientOptions;
  readonly #options: ProviderOptions;
  #client: FlagClient | undefined;
  #known: { readonly version: string | undefined; readonly environment: string | undefined } = NOTHING;
  #stopForwarding: () => void = () => undefined;

  /**
   * @param source how to reach a server; or a client that is there already, which the provider uses and leaves open
   */
  constructor(source: FlagClient | NodeClientOptions, options: ProviderOptions = {}) {
    this.#source = source;
    this.#options = options;
  }

  /** Resolves when there are definitions to evaluate with, or when the client's `initTimeout` has passed. */
  async initialize(): Promise<void> {
    const client = isClient(this.#source) ? this.#source : new FlagstaffClient(this.#source);
    this.#client = client;
    this.#known = NOTHING;
    await client.ready();
    if (this.#client !== client) return;
    this.#stopForwarding();
    this.#stopForwarding = forwardEvents(client, this.events);
    const { source, error } = client.status();
    if (this.#options.rejectWhenNotReady === true && source === 'defaults') {
      throw new ProviderNotReadyError(error?.message ?? 'there are no flags to evaluate with yet');
    }
  }

  async onClose(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#stopForwarding();
    if (client !== undefined && !isClient(this.#source)) await client.close();
  }

  async resolveBooleanEvaluation(key: string, defaultValue: boolean, context: EvaluationContext) {
    return this.#resolve(key, defaultValue, (client) =>
      client.booleanDetails(key, defaultValue, withDatesAsText(context)),
    );
  }

  async resolveStringEvaluation(key: string, defaultValue: string, context: EvaluationContext) {
    return this.#resolve(key, defaultValue, (client) =>
      client.stringDetails(key, defaultValue, withDatesAsText(context)),
    );
  }

  async resolveNumberEvaluation(key: string, defaultValue: number, context: EvaluationContext) {
    return this.#resolve(key, defaultValue, (client) =>
      client.numberDetails(key, defaultValue, withDatesAsText(context)),
    );
  }

  /** @returns the value of a `json` flag, be it an object or not */
  async resolveObjectEvaluation<T extends JsonValue>(key: string, defaultValue: T, context: EvaluationContext) {
    return this.#resolve(key, defaultValue, (client) =>
      client.jsonDetails<T>(key, defaultValue, withDatesAsText(context)),
    );
  }

  track(name: string, context?: EvaluationContext, details?: TrackingEventDetails): void {
    this.#client?.track(name, context, details);
  }

  #resolve<T>(flag: string, defaultValue: T, ask: (client: FlagClient) => Details<T>): ResolutionDetails<T> {
    const client = this.#client;
    if (client !== undefined) {
      const details = ask(client);
      return toResolution(details, this.#environmentOf(client, details.version));
    }
    const errorMessage = 'the provider is not initialized';
    return toResolution(
      {
        flag,
        value: defaultValue,
        variant: null,
        reason: 'ERROR_FALLBACK',
        errorCode: 'PROVIDER_NOT_READY',
        errorMessage,
      },
      undefined,
    );
  }

  /** The same as long as the version is; to ask for the whole status each time costs as much as to evaluate. */
  #environmentOf(client: FlagClient, version: string | undefined): string | undefined {
    if (version !== this.#known.version) this.#known = { version, environment: client.status().environment };
    return this.#known.environment;
  }
}

function isClient(source: FlagClient | NodeClientOptions): source is FlagClient {
  return 'booleanDetails' in source;
}
