import type { Refresher } from './refresher.js';
import type { FlagSource } from './source.js';

export interface FollowOptions {
  /** milliseconds between two looks at a ref, and between two attempts to watch what cannot be watched */
  readonly poll: number;
  readonly failed: (error: Error) => void;
}

/**
 * Keeps a refresher up to date: told by the source where it can tell. A ref is looked at anyhow: there may be a remote to
 * fetch from, and not every file system tells of moves.
 */
export function follow(source: FlagSource, refresher: Refresher, options: FollowOptions): () => Promise<void> {
  let unwatch: (() => Promise<void>) | undefined;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  let running = round();

  async function round(): Promise<void> {
    await watchIfNeeded();
    const looks = source.origin === 'git';
    if (looks && !ended) {
      await refresher.fetch();
      await refresher.refresh();
    }
    if (!ended && (looks || unwatch === undefined)) timer = setTimeout(again, options.poll);
  }

  function again(): void {
    running = round();
  }

  /** Of a directory that was not there for a while, everything may be new. */
  async function watchIfNeeded(): Promise<void> {
    if (unwatch !== undefined) return;
    try {
      unwatch = await source.watch({ changed: refresher.refresh, failed: options.failed });
      await refresher.refresh();
    } catch (error) {
      options.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  return async () => {
    ended = true;
    clearTimeout(timer);
    await running;
    await unwatch?.();
  };
}
