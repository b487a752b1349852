import type { Flag } from '../model/flag.js';
import type { Placed, Places } from './case.js';
/**
 * A generated user (`user-0`, `user-1`, …) whose variant hash lies at `bucket` or at most a tenth of a percent above it,
 * on the same side of every boundary of the flag's splits. Where the flag's rollout or experiment has a `percent`,
 * the user is one of the first to enter, or stands at `entry` (or at most one percent above it, on the same side of every
 * `percent`) if that is given; where it has a slot, in the slot.
 * `undefined` if none of many ids stands there.
 */
export declare function placeUser(flag: Flag, places: Places): Placed | undefined;
