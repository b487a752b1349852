import type { SourceFile } from '../../syntax/source-file.js';
import type { Revision } from '../../wire/batch.js';
import type { EventId } from '../../wire/event-id.js';
import type { Origin } from '../served.js';
import type { Touches } from './touches.js';

/** Files as they stood at one moment, before anybody has looked whether they may be served. */
export interface Candidate {
  readonly files: readonly SourceFile[];
  readonly revision: Revision;
  readonly position: Omit<EventId, 'n'>;
  /** Which commit touched each file last; only once it is published, and only of a source that can tell. */
  readonly touches?: Touches;
}

interface SourceHandlers {
  /** There may be something newer. Awaited; never called twice at a time. */
  readonly changed: () => Promise<void>;
  /** Watching goes on as far as it can. */
  readonly failed: (error: Error) => void;
}

/** Where flags come from: a working tree, or a ref of a git repository. */
export interface FlagSource {
  readonly origin: Origin;
  /** What stands there now. @throws Refusal when it cannot be read */
  newest(): Promise<Candidate>;
  /** What stood there before, newest first; nothing where the past is not kept. */
  older(candidate: Candidate): AsyncIterable<Candidate>;
  /** Does `after` come from `before`? Versions. Always so where the past is not kept. */
  descends(before: string, after: string): Promise<boolean>;
  /** The state at `position`, if it is known to lead to `served`. */
  load(position: Candidate['position'], served: string): Promise<Candidate | undefined>;
  /** Which commit touched each file last, as seen from this version. @throws Refusal when it cannot be read */
  readonly touches?: (version: string) => Promise<Touches>;
  /** Brings what a remote has; nothing without one. @throws Refusal when it cannot */
  readonly fetch?: () => Promise<void>;
  /** Resolves when changes from now on are noticed. @returns what ends it */
  watch(handlers: SourceHandlers): Promise<() => Promise<void>>;
  /** Ends what runs in the background. */
  close(): void;
}
