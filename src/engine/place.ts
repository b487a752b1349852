import type { Hash } from './murmur3.js';
import type { Decide } from './run.js';

/** Where a unit's hash lies, from 0 to 2^32 - 1; negative without a unit. */
export type Place = Decide<number>;

export const NOWHERE = -1;

/** @param readUnit reads a unit, empty when there is none */
export function placeOf(readUnit: Decide<string>, hash: Hash): Place {
  return (run) => {
    const unit = readUnit(run);
    return unit === '' ? NOWHERE : hash(unit);
  };
}
