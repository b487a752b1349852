import type { Change } from '../../diff/change.js';
import { type Delta, deltaOf } from '../../diff/delta.js';
import { mattersToAnswers } from '../../diff/effect.js';
import type { Flag } from '../../model/flag.js';
import { findKeyed } from '../../model/keyed.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Compilation } from '../../project/compile.js';
import type { Principal } from '../access/principal.js';
import { environmentsOf } from '../access/scopes.js';
import { Problem } from '../problem.js';

/**
 * Refuses a change that may give another answer in an environment that is closed to whoever asks for it: whichever
 * file it stands in, and be it by a segment or a prerequisite.
 * @param now milliseconds since 1970
 * @throws Problem also when nobody can tell, since the repository could not be served before or cannot be after
 */
export function refuseForeignEnvironments(
  principal: Principal,
  { snapshot: old }: Compilation,
  { snapshot }: Compilation,
  now: number,
): void {
  const own = environmentsOf(principal);
  if (own === undefined) return;
  if (old === undefined || snapshot === undefined) {
    throw new Problem(
      'forbidden',
      `while the repository has problems nobody can tell that only ${own.join(', ')} would change`,
    );
  }
  const delta = deltaOf(old, snapshot, { from: 'before', to: 'after', now });
  const foreign = [...environmentsTouched(delta, old, snapshot)].filter((name) => !own.includes(name));
  if (foreign.length === 0) return;
  throw new Problem(
    'forbidden',
    `this would change ${foreign.join(', ')}, and you may change ${own.join(', ') || 'none'}`,
    {
      members: { environments: foreign },
    },
  );
}

/** Where anybody may get another answer. */
function environmentsTouched({ changes, reach }: Delta, before: Snapshot, after: Snapshot): Set<string> {
  const own = changes.flatMap((change) => environmentsIn(change, before, after));
  const reached = reach.flatMap((one) => one.reached.map(({ environment }) => environment));
  return new Set([...own, ...reached]);
}

function environmentsIn(change: Change, before: Snapshot, after: Snapshot): string[] {
  if (change.kind.startsWith('segment_') || change.kind.startsWith('group_')) return [];
  if (change.kind !== 'flag_created' && !mattersToAnswers(change) && !reachesClients(change)) return [];
  if (change.environment !== undefined) return [change.environment];
  const names = [...new Set([...before.definitions.keys(), ...after.definitions.keys()])];
  if (change.kind === 'project_changed') return names;
  return names.filter((name) => [before, after].some((side) => doesSomething(flagIn(side, change.key, name))));
}

/** Who may see a flag (a client's key may be narrowed to tags), and what clients are told of it. */
function reachesClients({ path }: Change): boolean {
  return /^\/(expose|metadata|tags)(\/|$)/.test(path);
}

function flagIn({ definitions }: Snapshot, key: string, environment: string): Flag | undefined {
  return findKeyed(definitions.get(environment)?.flags ?? [], key);
}

/** A flag that is off and serves nothing is, to a caller, as one that is not there. */
function doesSomething(flag: Flag | undefined): boolean {
  return flag !== undefined && (flag.enabled || flag.off_variant !== null || flag.default !== null);
}
