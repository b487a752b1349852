import { WireFault } from '../wire/wire-fault.js';
import type { ClientError, ClientErrorCode } from './flag-client.js';

/** Something that kept a client from being fresh. Never leaves the SDK but as a `ClientError`. */
export class Mishap extends Error {
  constructor(
    readonly code: ClientErrorCode,
    message: string,
    /** What the server asked for, in milliseconds. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  /** Whatever was thrown, as what a user is told. */
  static from(thrown: unknown): Mishap {
    if (thrown instanceof Mishap) return thrown;
    if (thrown instanceof WireFault) return new Mishap(thrown.code, thrown.message);
    return new Mishap('malformed', `what came could not be used (${wordOf(thrown)})`);
  }

  get told(): ClientError {
    return { code: this.code, message: this.message };
  }
}

/** The word of the system for what went wrong (`ECONNREFUSED`), else the name of the error. */
export function wordOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return 'no reason given';
  const { cause, code, name } = thrown as { readonly [field: string]: unknown };
  if (typeof code === 'string') return code;
  if (typeof cause === 'object' && cause !== null) return wordOf(cause);
  return typeof name === 'string' ? name : 'no reason given';
}
