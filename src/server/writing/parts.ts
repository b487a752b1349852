import type { Author, Writer, Written } from '../../write/writer.js';
import type { Compiler } from '../compiler.js';
import type { Kill } from '../kill/kill.js';
import type { Served } from '../served.js';

/** What a server writes with. */
export interface WritingParts {
  /** `direct`: onto the served branch. `proposal`: onto a branch of its own, for review. */
  readonly mode: 'direct' | 'proposal';
  readonly writer: Writer;
  readonly compiler: Compiler;
  /** Waits, a while, until what is served holds what was written. `undefined`: it does not. */
  readonly settled: (written: Pick<Written, 'commit' | 'stayed'>) => Promise<Served | undefined>;
  readonly killing: KillSwitch;
}

type Killed = Pick<Kill, 'flag' | 'environment'>;

/** Turns flags off at once, whatever the repository says. */
export interface KillSwitch {
  /** @returns the kill as it counts, and whether it survives a restart */
  kill(kill: Kill): Promise<{ readonly kill: Kill; readonly kept: boolean }>;
  /** Takes a kill back before the repository has it. @returns it; `undefined` when there is none, or it is too late */
  undo(which: Killed, by: Author): Promise<Kill | undefined>;
}
