import type { Purpose } from '../model/flag.js';

/** How long ago, in whole days. */
export interface Days {
  readonly count: number;
  /** It may be longer: nobody looked further back. */
  readonly atLeast?: true;
}

/** Where code speaks of a flag. */
export interface Reference {
  /** As the reader would name it. */
  readonly file: string;
  /** 1-based */
  readonly line: number;
}

/** The commit that took the last reference away. */
export interface Removal {
  /** Left out: it is not committed yet. */
  readonly commit?: string;
  readonly days: Days;
}

/** What one environment's users get, and since when. */
export interface EnvironmentEvidence {
  /** The one variant that everybody gets, `null` for the caller's own default; left out: answers differ. */
  readonly serves?: string | null;
  /** Since the last change of meaning here; left out: not known. */
  readonly unchanged?: Days;
}

/** Everything that is known of a flag's life. What is left out is not known, or was not looked at. */
export interface Evidence {
  readonly archived: boolean;
  readonly purpose?: Purpose;
  /** Days that its purpose lets it live; left out: for ever. */
  readonly lifetime?: number;
  readonly remove_by?: string;
  /** `remove_by` has passed. */
  readonly overdue: boolean;
  readonly snoozed?: { readonly until: string; readonly reason: string };
  /** By environment, in the order of the project. */
  readonly environments: Readonly<Record<string, EnvironmentEvidence>>;
  /**
   * The answer that is the same for everybody in every environment that counts: the protected ones, or all of them
   * where none is. Left out: there is no such answer.
   */
  readonly settled?: { readonly answer: string | null };
  /** Since it was created. */
  readonly age?: Days;
  /** Since the last change of meaning in an environment that counts. */
  readonly unchanged?: Days;
  /** Flags, segments and groups that ask for it. */
  readonly dependents: readonly string[];
  /** Left out: no code was looked at. */
  readonly references?: readonly Reference[];
  readonly removed?: Removal;
  /** Who took the last reference away lately cannot be known. */
  readonly removalHidden?: true;
  /** How often servers answered for it. Left out: nobody was asked. */
  readonly evaluations?: Evaluations;
}

/** Never all: what an SDK evaluates in its own process, no server sees. */
export interface Evaluations {
  readonly count: number;
  /** Since when: of none, when the last of the servers began to count, else the first; milliseconds since 1970. */
  readonly since: number;
  /** A server has not counted for long enough: that nobody asked it says nothing. */
  readonly brief?: true;
}
