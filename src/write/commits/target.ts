/** Where a branch stands. */
export interface Head {
  readonly commit: string;
  /** The top of the working tree that has it checked out. */
  readonly checkout?: string;
}

/** A file that a commit changes, from the top of the repository. */
export interface Touched {
  readonly path: string;
  readonly isNew: boolean;
}

/** `behind`: somebody else moved the branch. `unknown`: it may have moved, nobody can say yet. */
export type Move =
  | { readonly kind: 'moved'; readonly leftAlone: readonly string[] }
  | { readonly kind: 'behind' }
  | { readonly kind: 'unknown' };

export const MOVED: Move = { kind: 'moved', leftAlone: [] };
export const BEHIND: Move = { kind: 'behind' };
export const UNKNOWN: Move = { kind: 'unknown' };

/** A branch that commits are put on. */
export interface Target {
  /** As new as can be had. @throws Refusal */
  head(): Promise<Head>;
  /** Moves the branch from `head` to a commit that descends from it, or not at all. @throws Refusal */
  move(head: Head, commit: string, touched: readonly Touched[]): Promise<Move>;
}

/** The branches of a repository, here or on a remote, by name without `refs/heads/`. */
export interface Branches {
  branch(name: string): Target;
  /** Begins a branch at a commit. `behind`: there is another one of that name. */
  create(name: string, commit: string): Promise<Move>;
  /** The branches below a name that ends with `/`, and their commits. */
  below(folder: string): Promise<readonly { readonly name: string; readonly commit: string }[]>;
  /** Where they are published; `undefined`: nowhere. */
  url(): Promise<string | undefined>;
}
