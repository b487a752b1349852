/** How long to wait between attempts, in milliseconds. */
export interface Pace {
  /** The window of the first attempt; it doubles with each failure. */
  readonly min: number;
  /** The widest window. */
  readonly max: number;
}

/** What is known when an attempt has failed. */
export interface Setback {
  /** Failures in a row, this one too. */
  readonly failures: number;
  /** Every server in turn has refused: the key or the address is wrong, and asking often helps nobody. */
  readonly refused: boolean;
  /** What the server asked for, in milliseconds. */
  readonly retryAfter?: number | undefined;
}

/** A server may ask for a pause, not for silence. */
const LONGEST_PAUSE = 10 * 60_000;

/** How much rarer the attempts of a client are that is refused. */
const SLOWER = 10;

/**
 * The pause before the next attempt: full jitter, so that clients that lost a server together come back spread over
 * the window. A pause that the server asked for comes on top.
 * @param random in [0, 1)
 */
export function pauseAfter({ failures, refused, retryAfter = 0 }: Setback, pace: Pace, random: () => number): number {
  const slower = refused ? SLOWER : 1;
  const window = Math.min(pace.max, pace.min * 2 ** Math.min(failures - 1, 40)) * slower;
  const floor = refused ? pace.max : 0;
  return Math.min(Math.max(retryAfter, 0), LONGEST_PAUSE) + floor + random() * window;
}

/**
 * `Retry-After` (RFC 9110, 10.2.3) in milliseconds: seconds, or an HTTP date; `undefined` when it is neither.
 * @param now milliseconds since 1970
 */
export function parseRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_PAUSE);
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - now, 0), LONGEST_PAUSE);
}
