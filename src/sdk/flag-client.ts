import type { Context } from '../model/context.js';
import type { ErrorCode, Reason } from '../model/evaluation.js';
import type { Json } from '../model/json.js';

/**
 * `NOT_READY`: nothing to evaluate with yet. `READY`: definitions are there, and in touch with their source.
 * `STALE`: definitions are there, and the source was not heard of for longer than `staleAfter`.
 * `ERROR`: the first attempts failed or took too long; nothing to evaluate with, still trying.
 */
export type ClientState = 'NOT_READY' | 'READY' | 'STALE' | 'ERROR';

/** Where the definitions that count now came from; `defaults`: there are none. */
export type DefinitionSource = 'live' | 'cache' | 'bootstrap' | 'files' | 'memory' | 'defaults';

/** What keeps a client from being fresh. `code` is a word for programs, `message` a sentence for people. */
export interface ClientError {
  readonly code: ClientErrorCode;
  readonly message: string;
}

export type ClientErrorCode =
  /** No server could be reached, or it ended the connection. */
  | 'unreachable'
  /** The server answered 401, 403 or 404: it is asked again, less often. */
  | 'refused'
  /** The server answered with another status that is no success. */
  | 'unavailable'
  /** What came is not what a Flagstaff server sends. What was there before still counts. */
  | 'malformed'
  /** The server speaks a newer format than this SDK. What was there before still counts. */
  | 'newer-format'
  /** The cache file or the bootstrap could not be used, or the cache could not be written. */
  | 'cache'
  /** The flag files cannot be read, or do not pass the gate. What was there before still counts. */
  | 'files'
  /** A sink refused exposures, which are let go and counted. Told as an event only: the flags are not concerned. */
  | 'exposures'
  /** An option makes no sense; the client then serves defaults only. */
  | 'options';

export interface ClientStatus {
  readonly state: ClientState;
  readonly source: DefinitionSource;
  /** The revision of the flags: a commit id, or the name of a state of a working tree. */
  readonly version?: string;
  readonly environment?: string;
  /** milliseconds since the server last confirmed the definitions; absent when it never did */
  readonly ageMs?: number;
  /** The last thing that went wrong, until all is well again. */
  readonly error?: ClientError;
  /** Exposures and events that wait to be handed over, and those that were let go. */
  readonly exposures?: { readonly pending: number; readonly dropped: number };
}

/** An answer with the way it came about. Values of definitions are frozen. */
export interface Details<T> {
  readonly flag: string;
  readonly value: T;
  /** `null`: no variant was served and `value` is the default of the caller or of the client. */
  readonly variant: string | null;
  readonly reason: Reason;
  /** The name of the rule that decided. */
  readonly rule?: string;
  /** The segment that the deciding rule requires. */
  readonly segment?: string;
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  /** The revision of the flags that answered. */
  readonly version?: string;
  /** The flag's own `metadata`. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
  /** The server was not heard of for longer than `staleAfter`. */
  readonly stale?: true;
}

export interface ClientEvents {
  /** There are definitions to evaluate with; told again when a stale client is fresh. */
  readonly ready: { readonly version: string };
  /** These flags may answer otherwise than before: sorted keys, those reached by a segment or another flag too. */
  readonly changed: { readonly keys: readonly string[]; readonly version: string };
  /** The server was not heard of for longer than `staleAfter`. */
  readonly stale: { readonly ageMs: number };
  readonly error: ClientError;
}

export type ClientEventName = keyof ClientEvents;

/** What `withFlag` chooses from. */
export interface Branches<T> {
  readonly on: () => T;
  readonly off: () => T;
}

/** Outcome of an experiment, as OpenFeature's `track` has it. */
export interface TrackingDetails {
  readonly value?: number;
  readonly [attribute: string]: unknown;
}

/**
 * Flags, evaluated in this process. Evaluating is synchronous and never throws.
 * A default that is left out is the one of the constructor's `defaults`, else `undefined`.
 */
export interface FlagClient {
  /**
   * Resolves when the server has answered; when it is away and there is something else to evaluate with; or when
   * `timeout` (milliseconds; `initTimeout` if left out) has passed. Never rejects; `status()` tells which.
   */
  ready(options?: { readonly timeout?: number }): Promise<void>;
  status(): ClientStatus;
  /** @returns a function that ends the subscription; a listener that throws harms nobody */
  on<E extends ClientEventName>(event: E, listener: (details: ClientEvents[E]) => unknown): () => void;

  boolean<D extends boolean | undefined = undefined>(key: string, defaultValue?: D, context?: Context): boolean | D;
  string<D extends string | undefined = undefined>(key: string, defaultValue?: D, context?: Context): string | D;
  number<D extends number | undefined = undefined>(key: string, defaultValue?: D, context?: Context): number | D;
  /** The value has the shape that the flag's variants have: `T` is the caller's word for it. */
  json<T = Json>(key: string, defaultValue: T, context?: Context): T;
  json<T = Json>(key: string, defaultValue?: undefined, context?: Context): T | undefined;

  booleanDetails<D extends boolean | undefined = undefined>(
    key: string,
    defaultValue?: D,
    context?: Context,
  ): Details<boolean | D>;
  stringDetails<D extends string | undefined = undefined>(
    key: string,
    defaultValue?: D,
    context?: Context,
  ): Details<string | D>;
  numberDetails<D extends number | undefined = undefined>(
    key: string,
    defaultValue?: D,
    context?: Context,
  ): Details<number | D>;
  jsonDetails<T = Json>(key: string, defaultValue: T, context?: Context): Details<T>;
  jsonDetails<T = Json>(key: string, defaultValue?: undefined, context?: Context): Details<T | undefined>;

  /** Every flag that is served, sorted by key, decided from one set of definitions at one time. */
  allFlags(context?: Context): Details<Json | undefined>[];
  /** Calls `on` when the boolean flag is true, else `off`, and gives back what that gives (a promise too). */
  withFlag<T>(key: string, branches: Branches<T>, context?: Context): T;
  track(name: string, context?: Context, details?: TrackingDetails): void;
  /** Ends connections and timers. What is there keeps answering. */
  close(): Promise<void>;
}
