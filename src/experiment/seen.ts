/** Which users have met which variants lately. Asking makes no garbage. */
export class Seen {
  #size = 0;
  readonly #capacity: number;
  readonly #flags = new Map<string, Map<string, Set<string>>>();

  /** @param capacity beyond so many it forgets all, so that some are told twice rather than memory grows */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Is this the first time? */
  isNew(flag: string, variant: string, user: string): boolean {
    const users = this.#usersOf(flag, variant);
    if (users.has(user)) return false;
    if (this.#size >= this.#capacity) {
      this.clear();
      return this.isNew(flag, variant, user);
    }
    this.#size += 1;
    users.add(user);
    return true;
  }

  clear(): void {
    this.#flags.clear();
    this.#size = 0;
  }

  #usersOf(flag: string, variant: string): Set<string> {
    let variants = this.#flags.get(flag);
    if (variants === undefined) {
      variants = new Map();
      this.#flags.set(flag, variants);
    }
    let users = variants.get(variant);
    if (users === undefined) {
      users = new Set();
      variants.set(variant, users);
    }
    return users;
  }
}
