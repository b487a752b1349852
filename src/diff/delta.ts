import type { Snapshot } from '../model/snapshot.js';
import type { Change } from './change.js';
import { diff, versionsOf } from './diff.js';
import { type Hazard, hazardsOf } from './hazards.js';
import { type ImpactOptions, type ImpactReport, impactOf } from './impact.js';
import { type Reach, reachOf } from './reach.js';

/** What the files on disk are called as a side. */
export const WORKING_TREE = 'working tree';

/** All that can be said of the way from one snapshot to another. */
export interface Delta {
  /** What the sides are called: a revision, or `working tree`. */
  readonly from: string;
  readonly to: string;
  readonly changes: readonly Change[];
  readonly reach: readonly Reach[];
  readonly hazards: readonly Hazard[];
  /** There when it was asked for. */
  readonly impact?: ImpactReport;
}

export interface DeltaOptions {
  readonly from: string;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** `false`: nobody asks whom the changes reach beyond themselves. */
  readonly reach?: boolean;
  /** Only what concerns these environments; all, if left out. */
  readonly environments?: ReadonlySet<string>;
  /** Reckon the impact, with these contexts if there are any. */
  readonly impact?: Pick<ImpactOptions, 'contexts' | 'seed'>;
}

export function deltaOf(before: Snapshot, after: Snapshot, options: DeltaOptions): Delta {
  const { from, to, now, environments } = options;
  const isWanted = ({ environment }: { readonly environment?: string }) =>
    environment === undefined || (environments?.has(environment) ?? true);
  const changes = diff(before, after).filter(isWanted);
  const found = options.reach === false ? [] : reachOf(changes, before, after);
  const reach = found.map((each) => ({ ...each, reached: each.reached.filter(isWanted) }));
  const where = environments ? { environments } : {};
  return {
    from,
    to,
    changes,
    reach: reach.filter(({ reached }) => reached.length > 0),
    hazards: hazardsAmong(changes, reach, before, after, now).filter(isWanted),
    ...(options.impact ? { impact: impactOf(changes, before, after, { ...options.impact, ...where, now }) } : {}),
  };
}

/** The hazards of flags that changed, or whose slot in a group did. */
function hazardsAmong(
  changes: readonly Change[],
  reach: readonly Reach[],
  before: Snapshot,
  after: Snapshot,
  now: number,
): Hazard[] {
  const changed = changes.filter(({ kind }) => kind.startsWith('flag_')).map(({ key }) => key);
  const slotted = reach
    .filter(({ kind }) => kind === 'group')
    .flatMap(({ reached }) => reached.map(({ flag }) => flag));
  const keys = [...new Set([...changed, ...slotted])].sort();
  const [old, current] = [versionsOf(before, keys), versionsOf(after, keys)];
  return keys.flatMap((key) => {
    const [was, is] = [old.get(key), current.get(key)];
    return was && is ? hazardsOf(was, is, now) : [];
  });
}
