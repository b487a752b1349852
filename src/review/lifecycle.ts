import { gather } from '../lifecycle/gather.js';
import { lifetimeOf } from '../lifecycle/state.js';
import type { ReviewInput } from './rule.js';

/** A flag that this change touches, and why it may be time for it to go. */
interface Ageing {
  readonly flag: string;
  /** The one variant that everybody gets, `null` for the caller's own default. Left out: answers differ. */
  readonly everyone_gets?: string | null;
  /** Left out: it has not passed, or there is none. */
  readonly remove_by?: string;
}

/** How the flags stand in their lives, as far as their files alone tell. No verdict depends on it. */
export interface LifecycleSummary {
  /** Flags that stood before the change, and are touched by it. */
  readonly touched: readonly Ageing[];
  /** Of all flags: those past their `remove_by`. */
  readonly overdue: number;
  /** Of all flags that are not meant to stay: those that give everyone the same. */
  readonly constant: number;
}

/** What flags say of themselves, without their history and without code. A flag that is snoozed is left out. */
export function lifecycleSummary({ before, after, delta, now }: ReviewInput): LifecycleSummary {
  const { settings } = after.snapshot;
  const all = [...gather(after.snapshot, { now })].flatMap(([flag, evidence]): Ageing[] => {
    const { archived, snoozed, overdue, remove_by, settled, purpose } = evidence;
    if (archived || snoozed !== undefined) return [];
    const done = settled !== undefined && lifetimeOf(purpose, settings) !== undefined;
    if (!done && !overdue) return [];
    return [{ flag, ...(done && { everyone_gets: settled.answer }), ...(overdue && { remove_by: remove_by ?? '' }) }];
  });
  const changed = new Set(delta.changes.filter(({ kind }) => kind.startsWith('flag_')).map(({ key }) => key));
  return {
    touched: all.filter(({ flag }) => changed.has(flag) && before.project.flags.has(flag)),
    overdue: all.filter((one) => one.remove_by !== undefined).length,
    constant: all.filter((one) => one.everyone_gets !== undefined).length,
  };
}
