import type { Reason } from '../model/evaluation.js';

/** How long a user's id may be, in UTF-16 units. */
export const LONGEST_USER = 512;

/** A user met a variant that an experiment assigned. As it travels and is kept. */
export interface Exposure {
  readonly flag_key: string;
  readonly variant_key: string;
  /** The unit that was assigned: the value of the flag's `bucket_by`, or a salted hash of it. */
  readonly user_id: string;
  /** RFC 3339, UTC */
  readonly timestamp: string;
  readonly reason: Reason;
  readonly environment: string;
  /** The revision of the flags that assigned it. */
  readonly version: string;
}

/** Something a user did, as OpenFeature's `track` tells it. */
export interface TrackedEvent {
  readonly name: string;
  readonly user_id?: string;
  /** RFC 3339, UTC */
  readonly timestamp: string;
  readonly value?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly environment: string;
}

/** What is handed over at once. Handing it over twice counts once. */
export interface Batch {
  /** The idempotency key. */
  readonly id: string;
  readonly exposures: readonly Exposure[];
  readonly events: readonly TrackedEvent[];
}

/** What a sink rejects with when it will never take a batch: the same again would not help. */
export class BatchRefused extends Error {}

/** What a sink rejects with when it says how long it wants to be left alone. */
export class SinkBusy extends Error {
  /** @param wait milliseconds; ten minutes at most are kept to */
  constructor(
    message: string,
    readonly wait: number,
  ) {
    super(message);
  }
}

/** Where batches go. */
export interface ExposureSink {
  /**
   * Resolves when the batch is in safe hands. Rejects when it is not: it will be sent again, under the same id, unless
   * it was a `BatchRefused`.
   */
  send(batch: Batch): Promise<void>;
  close?(): Promise<void>;
}
