/**
 * A seeded source of random numbers, so that every run generates the same contexts and repositories.
 * The generator is mulberry32: 32 bits of state, good enough to spread test data.
 *
 * @param {number} seed
 */
export function randomSource(seed) {
  let state = seed >>> 0;

  /** @returns {number} in [0, 1) */
  function fraction() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} low @param {number} high both inclusive */
  function integer(low, high) {
    return low + Math.floor(fraction() * (high - low + 1));
  }

  /** @template T @param {readonly T[]} items @returns {T} */
  function pick(items) {
    return items[integer(0, items.length - 1)];
  }

  /** @template T @param {readonly T[]} items @param {number} count @returns {T[]} in random order */
  function sample(items, count) {
    return items
      .map((item) => ({ item, order: fraction() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, count)
      .map(({ item }) => item);
  }

  return { fraction, integer, pick, sample };
}
