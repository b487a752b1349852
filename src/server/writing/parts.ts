import type { Writer } from '../../write/writer.js';
import type { Kill } from '../kill/kill.js';
import type { Served } from '../served.js';

/** What a server writes with. */
export interface WritingParts {
  /** `direct`: onto the served branch. `proposal`: onto a branch of its own, for review. */
  readonly mode: 'direct' | 'proposal';
  readonly writer: Writer;
  /** Waits, a while, until what is served holds this commit. `undefined`: it does not. */
  readonly settled: (commit: string) => Promise<Served | undefined>;
  /** Turns a flag off at once, whatever the repository says. @returns whether that survives a restart */
  readonly kill: (kill: Kill) => Promise<boolean | undefined>;
}
