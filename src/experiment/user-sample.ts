import { prepareHash } from '../engine/murmur3.js';

const high = prepareHash('users/high/');
const low = prepareHash('users/low/');

/** Hashes have 53 bits: as many as a number holds exactly. */
const HASHES = 2 ** 53;

/** How many users a sample holds: the number of users is then estimated to within 0.6 % (one standard deviation). */
export const SAMPLE_SIZE = 32_768;

/** The number of a user who met several variants; there are no more variants than that. */
const SEVERAL = 255;

/** Whom a sample holds, and for how many each of them stands. */
export interface SampledUsers {
  /** Users in the sample who met this variant and no other. */
  readonly only: ReadonlyMap<string, number>;
  /** Users in the sample who met several. */
  readonly several: number;
  /** How many users one in the sample stands for; 1: they are all there. */
  readonly weight: number;
}

/**
 * Which users met which variants, in bounded memory: the users with the smallest hashes, every one of them with all
 * that they met. Who is in it does not depend on the variant, so shares within it are those of everybody, exact counts
 * fit for a test. What a HyperLogLog would give are estimates, whose error alone looks like a skewed split.
 *
 * Bottom-k sampling: E. Cohen, H. Kaplan: Summarizing Data using Bottom-k Sketches, PODC 2007.
 */
export class UserSample {
  readonly #size: number;
  readonly #variants: string[] = [];
  /** Hash to the number of a variant, or SEVERAL. */
  #users = new Map<number, number>();
  /** The same as `#users`, which is empty meanwhile, in a fifth of the memory. */
  #resting: Resting | undefined;
  /** Hashes from here on are not in the sample. */
  #limit = HASHES;

  constructor(size: number = SAMPLE_SIZE) {
    this.#size = size;
  }

  add(user: string, variant: string): void {
    const hash = high(user) * 2 ** 21 + (low(user) >>> 11);
    if (hash < this.#limit) this.#put(hash, this.#numberOf(variant));
  }

  /** Takes less memory, as long as nobody is added: most samples are of windows that are over. */
  rest(): void {
    if (this.#resting !== undefined) return;
    this.#prune();
    this.#resting = {
      hashes: Float64Array.from(this.#users.keys()),
      numbers: Uint8Array.from(this.#users.values()),
    };
    this.#users = new Map();
  }

  /** Everybody of another sample too, as if they had been added here. */
  absorb({ limit, variants, users }: SampleData): void {
    const numbers = variants.map((variant) => this.#numberOf(variant));
    for (let at = 0; at + 1 < users.length; at += 2) {
      const hash = users[at] ?? HASHES;
      if (hash < this.#limit) this.#put(hash, numbers[users[at + 1] ?? SEVERAL] ?? SEVERAL);
    }
    if (limit < this.#limit) this.#shrinkTo(limit);
  }

  read(): SampledUsers {
    this.#prune();
    const only = new Map<string, number>(this.#variants.map((variant) => [variant, 0]));
    let several = 0;
    for (const number of this.#resting?.numbers ?? this.#users.values()) {
      const variant = this.#variants[number];
      if (variant === undefined) several += 1;
      else only.set(variant, (only.get(variant) ?? 0) + 1);
    }
    const weight = HASHES / this.#limit;
    return { only, several, weight };
  }

  toJSON(): SampleData {
    this.#prune();
    const users: number[] = [];
    this.#each((hash, number) => users.push(hash, number));
    return { limit: this.#limit, variants: this.#variants, users };
  }

  #numberOf(variant: string): number {
    const known = this.#variants.indexOf(variant);
    if (known !== -1 || this.#variants.length === SEVERAL) return known === -1 ? SEVERAL : known;
    return this.#variants.push(variant) - 1;
  }

  /** Makes no garbage: all windows are written down in one go. */
  #each(visit: (hash: number, number: number) => void): void {
    this.#users.forEach((number, hash) => {
      visit(hash, number);
    });
    this.#resting?.hashes.forEach((hash, at) => {
      visit(hash, this.#resting?.numbers[at] ?? SEVERAL);
    });
  }

  #wake(): void {
    if (this.#resting === undefined) return;
    const users = new Map<number, number>();
    this.#each((hash, number) => users.set(hash, number));
    this.#users = users;
    this.#resting = undefined;
  }

  #put(hash: number, number: number): void {
    this.#wake();
    const known = this.#users.get(hash);
    if (known === number) return;
    this.#users.set(hash, known === undefined ? number : SEVERAL);
    if (this.#users.size >= 2 * this.#size) this.#prune();
  }

  /** Pruned at twice its size, so that a user costs the logarithm of the size on average. */
  #prune(): void {
    if (this.#users.size <= this.#size) return;
    const hashes = Float64Array.from(this.#users.keys()).sort();
    this.#shrinkTo(hashes[this.#size] ?? HASHES);
  }

  #shrinkTo(limit: number): void {
    this.#wake();
    this.#limit = limit;
    this.#users = new Map([...this.#users].filter(([hash]) => hash < limit));
  }
}

/** Hashes and, in the same order, the numbers of variants. */
interface Resting {
  readonly hashes: Float64Array;
  readonly numbers: Uint8Array;
}

/** A sample on disk. */
export interface SampleData {
  readonly limit: number;
  readonly variants: readonly string[];
  /** Hash and number of the variant, in turn. */
  readonly users: readonly number[];
}
