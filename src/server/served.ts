import type { Snapshot } from '../model/snapshot.js';
import type { Project } from '../project/project.js';
import type { Revision } from '../wire/batch.js';
import type { EventId } from '../wire/event-id.js';

/** Where a served snapshot came from. */
export type Origin = 'worktree' | 'git' | 'cache';

/** What is served: immutable, and swapped by one reference assignment. */
export interface Served {
  readonly snapshot: Snapshot;
  /** The same as it is written. */
  readonly project: Project;
  readonly origin: Origin;
  readonly revision: Revision;
  /** The stem of every stream id of this state. */
  readonly position: Omit<EventId, 'n'>;
  /** milliseconds since 1970 */
  readonly loadedAt: number;
  /** By flag, the last commit that touched its files; of a working tree, the state that changed its meaning. */
  readonly flagVersions: ReadonlyMap<string, string>;
}

/** A change of what is served. `before` is absent at the start. */
export interface Publication {
  readonly before?: Served;
  readonly after: Served;
}
