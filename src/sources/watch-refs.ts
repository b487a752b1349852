import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import type { Repository } from './git.js';
import { type SettleTimes, settler } from './settle.js';
import type { WatchHandlers, Watching } from './watch.js';

/** git moves a ref by one rename; several refs that move together come within a moment. */
const SETTLE: SettleTimes = { quiet: 20, limit: 1000 };

/** Where git keeps refs, loose, packed or as tables. */
const PLACES: ReadonlySet<string> = new Set(['HEAD', 'packed-refs', 'refs', 'reftable']);

/**
 * Calls when a ref of the repository may have moved. Resolves when moves from now on are noticed.
 *
 * Raw events too: of a file that is replaced twice within a moment, chokidar may watch the one in the middle.
 */
export async function watchRefs(repository: Repository, { changed, failed }: WatchHandlers): Promise<Watching> {
  const directories = [...new Set([repository.gitDirectory, repository.commonDirectory])];
  const ignored = (path: string) => !directories.some((directory) => isPlace(relative(directory, path)));
  const calls = settler(changed, SETTLE);
  const watcher = watch(directories, { ignoreInitial: true, atomic: false, ignored });
  watcher.on('all', calls.signal).on('raw', calls.signal);
  watcher.on('error', (error) => failed(error instanceof Error ? error : new Error(String(error))));
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  return {
    close: async () => {
      await watcher.close();
      await calls.stop();
    },
  };
}

function isPlace(path: string): boolean {
  return path === '' || (PLACES.has(path.split(sep)[0] ?? '') && !path.endsWith('.lock'));
}
