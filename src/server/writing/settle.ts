import type { Refresher } from '../refresh/refresher.js';
import type { FlagSource } from '../refresh/source.js';
import type { Served } from '../served.js';
import type { Store } from '../store.js';
import type { WritingParts } from './parts.js';

export interface SettleParts {
  readonly store: Store;
  readonly source: Pick<FlagSource, 'origin' | 'descends'>;
  readonly refresher: Pick<Refresher, 'refresh' | 'status'>;
}

/** How often one looks, and how long one waits in between, in milliseconds. */
const TRIES = 40;
const PAUSE = 100;

/**
 * Waits until what is served holds what was written. `undefined`: it does not, since the commit does not pass the gate,
 * its files are not in the working tree that is served, or for too long.
 */
export function settler({ store, source, refresher }: SettleParts): WritingParts['settled'] {
  return async ({ commit, stayed }) => {
    if (stayed && source.origin === 'worktree') return undefined;
    for (let count = 0; count < TRIES; count += 1) {
      await refresher.refresh();
      const { current } = store;
      if (current !== undefined && (await holds(current, commit))) return current;
      if (refresher.status.refused !== undefined) return undefined;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return undefined;
  };

  /** A working tree has followed the commit before it was told of, and has just been read. */
  async function holds({ revision: { version }, origin }: Served, commit: string): Promise<boolean> {
    const { refused, unreadable } = refresher.status;
    if (source.origin === 'worktree') return origin === 'worktree' && refused === undefined && unreadable === undefined;
    return version === commit || source.descends(commit, version).catch(() => false);
  }
}
