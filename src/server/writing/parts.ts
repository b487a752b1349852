import type { Writer } from '../../write/writer.js';
import type { Kill } from '../kill/kill.js';
import type { Served } from '../served.js';

/** `direct`: onto the served branch. `proposal`: onto a branch of its own, for review. */
export const WRITE_MODES = ['off', 'direct', 'proposal'] as const;
export type WriteMode = (typeof WRITE_MODES)[number];

/** What a server writes with. */
export interface WritingParts {
  readonly mode: Exclude<WriteMode, 'off'>;
  readonly writer: Writer;
  /** Waits, a while, until what is served holds this commit. `undefined`: it does not. */
  readonly settled: (commit: string) => Promise<Served | undefined>;
  /** Turns a flag off at once, whatever the repository says. @returns whether that survives a restart */
  readonly kill: (kill: Kill) => Promise<boolean | undefined>;
}
