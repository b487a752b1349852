import { type Hash, prepareHash } from './murmur3.js';
import { WHOLE } from './percent.js';

const HASHES = 2 ** 32;

/** Decides the variant in a split, and `bucket` with a seed of its own. */
export function prepareVariantHash(seed: string): Hash {
  return prepareHash(seed);
}

/** Decides who enters (`percent`). */
export function prepareEntryHash(seed: string): Hash {
  return prepareHash(`percent/${seed}/`);
}

/** Decides the slot of a group. */
export function prepareSlotHash(group: string): Hash {
  return prepareHash(`group/${group}/`);
}

/** The hash that decides the variant of a unit, from 0 to 2^32 - 1. */
export function variantHash(seed: string, unit: string): number {
  return prepareVariantHash(seed)(unit);
}

/** The hash that decides whether a unit enters, from 0 to 2^32 - 1. */
export function entryHash(seed: string, unit: string): number {
  return prepareEntryHash(seed)(unit);
}

/** The hash that decides a unit's slot in a group, from 0 to 2^32 - 1. */
export function slotHash(group: string, unit: string): number {
  return prepareSlotHash(group)(unit);
}

/** A boundary in thousandths of a percent on the scale of `scaled` hashes; both are exact integers. */
export function boundary(thousandths: number): number {
  return thousandths * HASHES;
}

/** A hash on the scale of boundaries: it lies before a boundary exactly if its fraction does. */
export function scaled(hash: number): number {
  return hash * WHOLE;
}

/** A hash as a percentage in [0, 100). */
export function percentOf(hash: number): number {
  return (hash * 100) / HASHES;
}
