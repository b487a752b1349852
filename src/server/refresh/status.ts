import type { Diagnostic } from '../../diagnostics/diagnostic.js';

/** A state that is not served, although it is the newest. */
export interface Refused {
  readonly version: string;
  /** `gate`: it has errors. `rewind`: it does not come from what is served. */
  readonly reason: 'gate' | 'rewind';
  /** Of the gate. */
  readonly diagnostics: readonly Diagnostic[];
  /** milliseconds since 1970 */
  readonly at: number;
}

interface FetchStatus {
  /** milliseconds since 1970 */
  readonly lastAttempt: number;
  /** milliseconds since 1970 */
  readonly lastSuccess?: number;
  /** Why the last attempt failed. */
  readonly error?: string;
}

/** How following the source goes, for `/status`, the log and the metrics. */
export interface RefreshStatus {
  readonly refused?: Refused;
  /** Only with a remote. */
  readonly fetch?: FetchStatus;
  /** Why the source could not be read the last time. */
  readonly unreadable?: string;
  /** How many states were published since the start. */
  readonly accepted: number;
  /** How many states were refused since the start. */
  readonly rejected: number;
}
