import { stableText } from './equal.js';

/** What a change is about, and the great events in a flag's life. */
export type ChangeKind =
  | 'flag_created'
  | 'flag_changed'
  | 'flag_archived'
  | 'flag_restored'
  | 'flag_removed'
  | 'segment_created'
  | 'segment_changed'
  | 'segment_removed'
  | 'group_created'
  | 'group_changed'
  | 'group_removed'
  | 'project_changed';

/** The key that changes of `flagstaff.yaml` carry. */
export const PROJECT_KEY = 'flagstaff.yaml';

/** One difference in meaning, before it is known whose it is and where. */
export interface Difference {
  /**
   * JSON Pointer into the object as the model has it; rules stand by name, steps by time. It is the deepest place
   * that holds the whole change: `/rollout/split/on` for one share, `/rollout/split` for several.
   */
  readonly path: string;
  /** Left out: there was nothing. */
  readonly before?: unknown;
  /** Left out: there is nothing any more. */
  readonly after?: unknown;
  /** For people, with the old and the new value. */
  readonly text: string;
}

/** One difference in meaning between two snapshots. */
export interface Change extends Difference {
  readonly kind: ChangeKind;
  readonly key: string;
  /** Left out: in every environment. Otherwise `text` begins with it. */
  readonly environment?: string;
}

/** A difference with what was and what is; `undefined` stands for "nothing". */
export function difference(path: string, before: unknown, after: unknown, text: string): Difference {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }), text };
}

/** The difference as a change of the object `key`. */
export function changeOf(kind: ChangeKind, key: string, { text, ...rest }: Difference, environment?: string): Change {
  if (environment === undefined) return { kind, key, ...rest, text };
  return { kind, key, environment, ...rest, text: `${environment}: ${text}` };
}

/** The words of a change without the environment that they begin with. */
export function wordsOf({ environment, text }: Change): string {
  return environment === undefined ? text : text.slice(environment.length + 2);
}

/** Something found in several environments, and which they are. */
export interface Spread<T> {
  readonly found: T;
  readonly environments: readonly string[];
}

/** Equal findings of several environments as one, in the order in which they are met first. */
export function spread<T extends object>(byEnvironment: Iterable<readonly [string, readonly T[]]>): Spread<T>[] {
  const known = new Map<string, { found: T; environments: string[] }>();
  for (const [environment, all] of byEnvironment) {
    for (const found of all) {
      const identity = stableText(found);
      const entry = known.get(identity);
      if (entry) entry.environments.push(environment);
      else known.set(identity, { found, environments: [environment] });
    }
  }
  return [...known.values()];
}
