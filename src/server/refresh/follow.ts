import type { Refresher } from './refresher.js';
import type { FlagSource } from './source.js';

export interface FollowOptions {
  /** milliseconds between two fetches, and between two attempts to watch what cannot be watched */
  readonly poll: number;
  readonly failed: (error: Error) => void;
}

/** Keeps a refresher up to date: told by the source where it can tell, by fetching where there is a remote. */
export function follow(source: FlagSource, refresher: Refresher, options: FollowOptions): () => Promise<void> {
  let unwatch: (() => Promise<void>) | undefined;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  let running = round();

  async function round(): Promise<void> {
    await watchIfNeeded();
    if (source.fetch !== undefined && !ended) {
      await refresher.fetch();
      await refresher.refresh();
    }
    if (!ended && (source.fetch !== undefined || unwatch === undefined)) timer = setTimeout(again, options.poll);
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
