import { percentOf, prepareEntryHash, prepareSlotHash, prepareVariantHash } from '../engine/bucket.js';
import type { Flag, Rollout, Split } from '../model/flag.js';
import type { Placed, Places } from './case.js';

/** Percent; how far above the wanted place a generated user may stand. */
const BUCKET_REACH = 0.1;
const ENTRY_REACH = 1;
/** Ids to try; a window of a thousandth of a percent is hit after 100,000 on average. */
const MAX_TRIES = 2_000_000;

type Window = readonly [from: number, to: number];

/**
 * A generated user (`user-0`, `user-1`, …) whose variant hash lies at `bucket` or at most a tenth of a percent above it,
 * on the same side of every boundary of the flag's splits. Where the flag's rollout or experiment has a `percent`,
 * the user is one of the first to enter, or stands at `entry` (or at most one percent above it, on the same side of every
 * `percent`) if that is given; where it has a slot, in the slot.
 * `undefined` if none of many ids stands there.
 */
export function placeUser(flag: Flag, places: Places): Placed | undefined {
  const bucket = windowAt(places.bucket, BUCKET_REACH, boundariesOf(flag));
  const variantHash = prepareVariantHash(flag.seed);
  const others = otherTests(flag, places.entry);
  for (let number = 0; number < MAX_TRIES; number += 1) {
    const unit = `user-${number}`;
    const place = percentOf(variantHash(unit));
    if (isInside(place, bucket) && others.every((test) => test(unit))) {
      return { attribute: flag.bucket_by, unit, bucket: place };
    }
  }
  return undefined;
}

/** What else must be true of the user: that they enter, and that they are in the slot. */
function otherTests(flag: Flag, place: number | undefined): ((unit: string) => boolean)[] {
  const entry = entryWindow(flag, place);
  const slot = flag.experiment?.slot;
  const entryHash = prepareEntryHash(flag.seed);
  const slotHash = prepareSlotHash(slot?.group ?? '');
  return [
    ...(entry ? [(unit: string) => isInside(percentOf(entryHash(unit)), entry)] : []),
    ...(slot ? [(unit: string) => isInside(percentOf(slotHash(unit)), slot.range)] : []),
  ];
}

/** From the place to a little above it, but not across a boundary. */
function windowAt(place: number, reach: number, boundaries: readonly number[]): Window {
  return [place, Math.min(place + reach, 100, ...boundaries.filter((boundary) => boundary > place))];
}

/** In percent: where one variant's range ends and the next begins, in any split of the flag. */
function boundariesOf(flag: Flag): number[] {
  const rollout = flag.rollout ?? flag.experiment;
  const steps = (rollout?.steps ?? []).map((step) => step.split);
  return [...flag.rules.map((rule) => rule.split), rollout?.split, ...steps].flatMap((split) => endsOf(split ?? []));
}

function endsOf(split: Split): number[] {
  let thousandths = 0;
  return split.map(({ percent }) => {
    thousandths += Math.round(percent * 1000);
    return thousandths / 1000;
  });
}

/** Without `entry`: those who enter as soon as anybody does. `undefined`: everybody enters. */
function entryWindow(flag: Flag, entry: number | undefined): Window | undefined {
  const percents = percentsOf(flag.rollout ?? flag.experiment);
  if (entry !== undefined) return windowAt(entry, ENTRY_REACH, percents);
  return percents.length === 0 ? undefined : [0, Math.min(...percents)];
}

function percentsOf(rollout: Rollout | undefined): number[] {
  const all = [rollout?.percent, ...(rollout?.steps ?? []).map((step) => step.percent)];
  return all.filter((percent) => percent !== undefined && percent > 0 && percent < 100) as number[];
}

function isInside(place: number, [from, to]: Window): boolean {
  return from <= place && place < to;
}
