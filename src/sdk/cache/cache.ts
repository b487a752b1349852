/** What a cache keeps: the text of a snapshot, as a server sent it, and what it is for. */
export interface Kept {
  /** Tells what was kept for one server, environment and key from what was kept for another; a hash, no secret. */
  readonly scope: string;
  /** milliseconds since 1970 at which it was kept */
  readonly at: number;
  /** The body of `GET /snapshot`. */
  readonly snapshot: string;
}

/** Keeps the last good definitions from one start of an application to the next. */
export interface DefinitionCache {
  /** `undefined` when there is nothing yet. A rejection says why what is there cannot be used; its message is told. */
  load(): Promise<Kept | undefined>;
  /** Replaces what is there, whole or not at all. */
  save(kept: Kept): Promise<void>;
}
