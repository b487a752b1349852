import { toThousandths, WHOLE } from '../engine/percent.js';
import type { Slot, Split } from '../model/flag.js';

/**
 * A decision that hashes alone take: a unit's slot in a group, whether it enters, which variant it gets.
 * Each hash is uniform, and the three know nothing of each other.
 */
export interface Draw {
  /** The attribute that is hashed. */
  readonly unit: string;
  readonly seed: string;
  readonly slot?: Slot;
  /** Who enters, in percent. */
  readonly percent: number;
  readonly split: Split;
  /** What those get who are in no slot, do not enter or fall beyond the split; `null`: the caller's own default. */
  readonly otherwise: string | null;
}

/** A share of all units, as a fraction from 0 to 1, that goes from one variant to another (or stays). */
export interface Flow {
  readonly from: string | null;
  readonly to: string | null;
  readonly share: number;
}

/** The draw in which everyone gets the same. */
export function certain(variant: string | null): Draw {
  return { unit: '', seed: '', percent: 100, split: [], otherwise: variant };
}

/** Everything that a draw may give to somebody. */
export function outcomesOf(draw: Draw): (string | null)[] {
  const gates = [slotStretches(draw), entryStretches(draw)];
  const enters = gates.every((stretches) => stretches.some(({ decides }) => decides));
  const stays = gates.some((stretches) => stretches.some(({ decides }) => !decides));
  return [...(enters ? variantStretches(draw).map(({ decides }) => decides) : []), ...(stays ? [draw.otherwise] : [])];
}

/** How units flow from one draw to another: exact, from the ranges. Flows add up to 1. */
export function flows(before: Draw, after: Draw): Flow[] {
  const sameUnit = before.unit === after.unit;
  const sameSeed = sameUnit && before.seed === after.seed;
  const sameGroup = sameUnit && before.slot?.group === after.slot?.group;
  const slots = cells(slotStretches(before), slotStretches(after), sameGroup);
  const entries = cells(entryStretches(before), entryStretches(after), sameSeed);
  const variants = cells(variantStretches(before), variantStretches(after), sameSeed);
  const tally = new Tally();
  for (const slot of slots) {
    for (const entry of entries) {
      for (const variant of variants) {
        const from = slot.before && entry.before ? variant.before : before.otherwise;
        const to = slot.after && entry.after ? variant.after : after.otherwise;
        tally.add(from, to, slot.size * entry.size * variant.size);
      }
    }
  }
  return tally.flows();
}

/** What a hash decides from `from` up to just before `to`, in thousandths of a percent. */
interface Stretch<T> {
  readonly from: number;
  readonly to: number;
  readonly decides: T;
}

function slotStretches({ slot }: Draw): Stretch<boolean>[] {
  if (!slot) return [{ from: 0, to: WHOLE, decides: true }];
  const [from, to] = [thousandths(slot.range[0]), thousandths(slot.range[1])];
  return covering([
    { from: 0, to: from, decides: false },
    { from, to, decides: true },
    { from: to, to: WHOLE, decides: false },
  ]);
}

function entryStretches({ percent }: Draw): Stretch<boolean>[] {
  const limit = thousandths(percent);
  return covering([
    { from: 0, to: limit, decides: true },
    { from: limit, to: WHOLE, decides: false },
  ]);
}

function variantStretches({ split, otherwise }: Draw): Stretch<string | null>[] {
  let end = 0;
  const shares = split.map(({ variant, percent }) => {
    const from = end;
    end += thousandths(percent);
    return { from, to: end, decides: variant };
  });
  return covering<string | null>([...shares, { from: end, to: WHOLE, decides: otherwise }]);
}

function thousandths(percent: number): number {
  return toThousandths(percent) ?? 0;
}

function covering<T>(stretches: readonly Stretch<T>[]): Stretch<T>[] {
  return stretches.filter(({ from, to }) => from < to);
}

/** A part of the scale of a hash (or of two that know nothing of each other) where both sides decide the same way. */
interface Cell<T> {
  /** A fraction from 0 to 1. */
  readonly size: number;
  readonly before: T;
  readonly after: T;
}

function cells<T>(before: readonly Stretch<T>[], after: readonly Stretch<T>[], sameHash: boolean): Cell<T>[] {
  return before.flatMap((old) =>
    after.flatMap((now) => {
      const size = sameHash ? overlap(old, now) / WHOLE : (length(old) * length(now)) / WHOLE ** 2;
      return size > 0 ? [{ size, before: old.decides, after: now.decides }] : [];
    }),
  );
}

function overlap(a: Stretch<unknown>, b: Stretch<unknown>): number {
  return Math.min(a.to, b.to) - Math.max(a.from, b.from);
}

function length({ from, to }: Stretch<unknown>): number {
  return to - from;
}

/** Sums of shares by where they come from and go to. */
class Tally {
  readonly #sums = new Map<string, { from: string | null; to: string | null; share: number }>();

  add(from: string | null, to: string | null, share: number): void {
    const key = JSON.stringify([from, to]);
    const sum = this.#sums.get(key);
    if (sum) sum.share += share;
    else this.#sums.set(key, { from, to, share });
  }

  flows(): Flow[] {
    return [...this.#sums.values()].map((sum) => ({ ...sum, share: rounded(sum.share) }));
  }
}

/** Sums of products of thousandths carry errors far below what a share can say. */
function rounded(share: number): number {
  return Math.round(share * 1e12) / 1e12;
}
