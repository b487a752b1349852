import type { Compilation } from '../../project/compile.js';
import { Problem } from '../problem.js';
import type { Applied } from './apply.js';

/**
 * A group keeps its flags' experiments apart: it stays as long as one of them runs, and does not end with it.
 * @throws Problem
 */
export function refuseLiveSlots(before: Compilation, after: Compilation, applied: readonly Applied[]): void {
  const snapshot = after.snapshot ?? before.snapshot;
  for (const { change } of applied) {
    if (change.noun !== 'group' || change.act.kind !== 'remove') continue;
    const slots = before.project?.groups.get(change.key)?.data.slots ?? [];
    const flags = [...(snapshot?.definitions.values() ?? [])].flatMap((definitions) => definitions.flags);
    const isLive = (key: string) =>
      flags.some((flag) => flag.key === key && flag.state === 'active' && flag.experiment);
    const dependents = slots.filter(({ flag }) => isLive(flag)).map(({ flag }) => ({ kind: 'flag', key: flag }));
    if (dependents.length === 0) continue;
    throw new Problem('has_dependents', `\`${change.key}\` keeps running experiments apart`, {
      help: 'end the experiments first, or take their slots out with PATCH',
      members: { dependents },
    });
  }
}
