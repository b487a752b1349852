import type { Json } from '../model/json.js';
import type { DefinitionCache } from './cache/cache.js';
import type { ExposureOptions } from './exposures/exposing.js';
import { Mishap } from './mishap.js';
import { systemTime, type Time } from './time.js';

/** All times are in milliseconds. */
export interface ClientOptions {
  /** Where a Flagstaff server is: `https://flags.example.com`. */
  readonly url?: string;
  /** Several servers with the same flags, instead of `url`; asked in turn. */
  readonly urls?: readonly string[];
  /** A `server` key. */
  readonly key?: string;
  /** Only needed where the key does not say it. */
  readonly environment?: string;
  /** Definitions to begin with: the body of `GET /snapshot`, as text or parsed. */
  readonly bootstrap?: string | object;
  /** Where the last good definitions are kept from one start to the next. */
  readonly cache?: DefinitionCache;
  /** By flag key: what counts where nothing is served and the call gives no default. */
  readonly defaults?: Readonly<Record<string, Json>>;
  /** How long `ready()` waits (5 s). */
  readonly initTimeout?: number;
  /** How often a snapshot is asked for while there is no stream (60 s). */
  readonly pollInterval?: number;
  /** How long there is no stream before snapshots are asked for (30 s). */
  readonly pollAfter?: number;
  /** How long nothing is heard of the server before answers are stale (5 min). */
  readonly staleAfter?: number;
  /** How long a server has to begin its answer (10 s). */
  readonly requestTimeout?: number;
  /** How long a connection may be silent: three signs of life (45 s). */
  readonly readTimeout?: number;
  /** The window of the first pause between attempts (1 s), and the widest (30 s). */
  readonly backoff?: { readonly min?: number; readonly max?: number };
  /** Characters that a snapshot, an event or a batch may have (64 Mi). */
  readonly maxSize?: number;
  /** Tells who met which variant of an experiment; nobody is told, if left out. */
  readonly exposures?: ExposureOptions;
  readonly fetch?: typeof fetch;
  readonly time?: Time;
  /** In [0, 1). */
  readonly random?: () => number;
}

/** Options with every gap filled. */
export interface Settings {
  /** Valid, without a slash at the end; may be none. */
  readonly urls: readonly string[];
  readonly problems: readonly Mishap[];
  readonly defaults: Readonly<Record<string, Json>>;
  readonly initTimeout: number;
  readonly pollInterval: number;
  readonly pollAfter: number;
  readonly staleAfter: number;
  readonly requestTimeout: number;
  readonly readTimeout: number;
  readonly backoff: { readonly min: number; readonly max: number };
  readonly maxSize: number;
  readonly exposures: ExposureOptions | undefined;
  readonly fetch: typeof fetch;
  readonly time: Time;
  readonly random: () => number;
}

const SECOND = 1000;

/** So many exposures, with the longest ids in any script, are less than servers take in one request (1 MiB). */
const MOST_AT_ONCE = 500;

/** What makes no sense is told, and its default counts. Never throws. */
export function settingsOf(options: ClientOptions): Settings {
  const problems: Mishap[] = [];
  const given = [options.urls ?? options.url ?? []].flat();
  if (given.length === 0 && options.bootstrap === undefined) problems.push(wrong('there is no `url`'));
  return {
    urls: given.flatMap((url) => baseOf(url, problems)),
    problems,
    defaults: options.defaults ?? {},
    initTimeout: positive('initTimeout', options.initTimeout, 5 * SECOND, problems),
    pollInterval: positive('pollInterval', options.pollInterval, 60 * SECOND, problems),
    pollAfter: positive('pollAfter', options.pollAfter, 30 * SECOND, problems),
    staleAfter: positive('staleAfter', options.staleAfter, 300 * SECOND, problems),
    requestTimeout: positive('requestTimeout', options.requestTimeout, 10 * SECOND, problems),
    readTimeout: positive('readTimeout', options.readTimeout, 45 * SECOND, problems),
    backoff: {
      min: positive('backoff.min', options.backoff?.min, SECOND, problems),
      max: positive('backoff.max', options.backoff?.max, 30 * SECOND, problems),
    },
    maxSize: positive('maxSize', options.maxSize, 64 * 1024 * 1024, problems),
    exposures: exposuresOf(options.exposures, problems),
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    time: options.time ?? systemTime,
    random: options.random ?? Math.random,
  };
}

/** Credentials do not belong in a URL, where they end up in logs: `fetch` refuses them too. */
function baseOf(text: string, problems: Mishap[]): string[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    problems.push(wrong('a `url` is not one of a server (http or https, without credentials)'));
    return [];
  }
  return [url.origin + url.pathname.replace(/\/+$/, '')];
}

/** A batch of nothing, or room without an end, would never come to an end either. */
export function exposuresOf(options: ExposureOptions | undefined, problems: Mishap[]): ExposureOptions | undefined {
  if (!options) return undefined;
  if (typeof options !== 'object') {
    problems.push(wrong('`exposures` is no object'));
    return undefined;
  }
  return {
    ...options,
    flushInterval: positive('exposures.flushInterval', options.flushInterval, 10 * SECOND, problems),
    flushSize: Math.min(Math.ceil(positive('exposures.flushSize', options.flushSize, 100, problems)), MOST_AT_ONCE),
    capacity: Math.ceil(positive('exposures.capacity', options.capacity, 10_000, problems)),
  };
}

function positive(name: string, value: number | undefined, otherwise: number, problems: Mishap[]): number {
  if (value === undefined) return otherwise;
  if (Number.isFinite(value) && value > 0) return value;
  problems.push(wrong(`\`${name}\` is no positive number`));
  return otherwise;
}

function wrong(message: string): Mishap {
  return new Mishap('options', message);
}
