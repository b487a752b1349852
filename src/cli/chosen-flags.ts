import type { Snapshot } from '../model/snapshot.js';
import type { GlobalOptions } from './command.js';
import { compileRepository } from './compiled.js';
import type { Terminal } from './terminal.js';

export interface RevisionOptions extends GlobalOptions {
  /** A revision in place of the working tree; with `asOf` the line of history to look at. */
  readonly ref?: string;
  /** milliseconds since 1970 */
  readonly asOf?: number;
}

/** Flags, and what is known of where they come from. */
export interface ChosenFlags {
  readonly snapshot: Snapshot;
  /** The commit that they were read from. */
  readonly version?: string;
  /** The clock at that moment; milliseconds since 1970. */
  readonly now?: number;
}

/**
 * The flags of the working tree, of a revision, or of a moment. Of those that do not pass the gate the reader is told
 * why. What deals with git is loaded when it is needed.
 */
export async function chooseFlags(options: RevisionOptions, terminal: Terminal): Promise<ChosenFlags | undefined> {
  if (options.ref === undefined && options.asOf === undefined) return compileRepository(options, terminal);
  const { readCommittedFlags } = await import('./committed-flags.js');
  return readCommittedFlags(options, terminal);
}
