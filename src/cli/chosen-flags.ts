import type { ChosenFlags, RevisionOptions } from './committed-flags.js';
import { compileRepository } from './compiled.js';
import type { Terminal } from './terminal.js';

/**
 * The flags of the working tree, of a revision, or of a moment. Of those that do not pass the gate the reader is told
 * why. What deals with git is loaded when it is needed.
 */
export async function chooseFlags(options: RevisionOptions, terminal: Terminal): Promise<ChosenFlags | undefined> {
  if (options.ref === undefined && options.asOf === undefined) return compileRepository(options, terminal);
  const { readCommittedFlags } = await import('./committed-flags.js');
  return readCommittedFlags(options, terminal);
}
