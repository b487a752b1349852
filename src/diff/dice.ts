/** A source of numbers that look random and are the same for the same seed. */
export interface Dice {
  /** A fraction in [0, 1). */
  next(): number;
  /** One of the values; each as likely as the others. */
  pick<T>(values: readonly [T, ...T[]]): T;
  /** A whole number in [0, below). */
  whole(below: number): number;
}

/** Mulberry32 (Tommy Ettinger, public domain): small, fast and good enough to draw samples with. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (below: number) => Math.floor(next() * below);
  return { next, whole, pick: (values) => values[whole(values.length)] ?? values[0] };
}
