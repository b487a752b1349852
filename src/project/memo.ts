const NONE: readonly unknown[] = [];

/**
 * What was last made of an object, and of what else. A file that has not changed stays the same object from one
 * compilation to the next, so what was made of unchanged files is found again. It goes when the object goes.
 */
export class Memo<K extends object, V> {
  readonly #last = new WeakMap<K, { readonly inputs: readonly unknown[]; readonly value: V }>();

  /** What was kept, if all that it was made of is the same: identical, or lists of what is identical. */
  recall(subject: K, inputs: readonly unknown[] = NONE): V | undefined {
    const last = this.#last.get(subject);
    return last !== undefined && isSame(last.inputs, inputs) ? last.value : undefined;
  }

  keep(subject: K, inputs: readonly unknown[], value: V): V {
    this.#last.set(subject, { inputs, value });
    return value;
  }
}

/** Identical, or lists of what is identical. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (!isSame(one[index], other[index])) return false;
  return true;
}
