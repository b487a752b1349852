import type { Flag } from '../model/flag.js';
import type { Snapshot } from '../model/snapshot.js';
import { type Facts, gathererOf } from './gather.js';
import { type State, stateOf } from './state.js';

/** What can be known without a look at code. */
export type FactsWithoutCode = Omit<Facts, 'references'>;

/**
 * Where one flag stands, as `lifecycle` says of all; `undefined`: it is archived, and nobody asks for it. Who depends
 * on a flag makes a difference only once it is known to be out of the code, so nobody is asked.
 */
export function stateTeller(snapshot: Snapshot, facts: FactsWithoutCode): (flag: Flag) => State | undefined {
  const look = gathererOf(snapshot, facts);
  return (flag) => stateOf(look(flag, []), snapshot.settings);
}
