import { ErrorCode, type OpenFeatureEventEmitter, ProviderEvents } from '@openfeature/server-sdk';
import type { ClientError, ClientState, FlagClient } from '../sdk/flag-client.js';

/**
 * Tells OpenFeature what happens to a client. Of the end of `initialize` the SDK itself makes READY, so a client that
 * is not ready by then says so right after it.
 *
 * @returns what ends it
 */
export function forwardEvents(client: FlagClient, events: OpenFeatureEventEmitter): () => void {
  let told: ClientState = 'READY';

  /** An error that leaves definitions to evaluate with is none of the provider's. */
  function tellTrouble(): void {
    const { state, error, ageMs } = client.status();
    if (state === told || state === 'READY') return;
    told = state;
    if (state === 'STALE') events.emit(ProviderEvents.Stale, { message: staleWords(ageMs) });
    else events.emit(ProviderEvents.Error, errorDetails(error));
  }

  const subscriptions = [
    client.on('ready', ({ version }) => {
      told = 'READY';
      events.emit(ProviderEvents.Ready, { metadata: { version } });
    }),
    client.on('changed', ({ keys, version }) => {
      events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...keys], metadata: { version } });
    }),
    client.on('stale', tellTrouble),
    client.on('error', tellTrouble),
  ];
  const timer = setTimeout(tellTrouble, 0);
  return () => {
    clearTimeout(timer);
    for (const end of subscriptions) end();
  };
}

function staleWords(ageMs: number | undefined): string {
  const age = ageMs === undefined ? 'yet' : `for ${Math.round(ageMs / 1000)} s`;
  return `the server was not heard of ${age}; the flags of before still count`;
}

function errorDetails(error: ClientError | undefined): { message: string; errorCode: ErrorCode } {
  const message = error?.message ?? 'there are no flags to evaluate with yet';
  return { message, errorCode: error?.code === 'options' ? ErrorCode.PROVIDER_FATAL : ErrorCode.GENERAL };
}
