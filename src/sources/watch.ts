import { access, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { Refusal } from '../diagnostics/refusal.js';
import { type SettleTimes, settler } from './settle.js';

const SETTLE: SettleTimes = { quiet: 150, limit: 30_000 };

/** How often the root itself is looked at, in milliseconds: a link to it may be turned elsewhere, or another be put there. */
const ROOT_EVERY = 1000;

export interface Watching {
  /** Resolves when nothing is watched and no callback runs any more. */
  close(): Promise<void>;
}

export interface WatchHandlers {
  /** The tree below the root has changed and come to rest. Awaited; never called twice at a time. */
  readonly changed: () => Promise<void>;
  /** Watching goes on as far as it can. */
  readonly failed: (error: Error) => void;
}

/**
 * Watches a directory at any depth. Whatever belongs together gives one call: an editor that writes beside and renames,
 * a `git checkout` of many files (its lock is waited for), the swap of a Kubernetes ConfigMap, and a root that is a link
 * which is turned to another directory. Resolves when changes from now on are noticed.
 *
 * @throws Refusal when there is no such directory
 */
export async function watchDirectory(root: string, handlers: WatchHandlers): Promise<Watching> {
  const lock = await gitLock(await realDirectory(root));
  const calls = settler(handlers.changed, SETTLE, async () => lock !== undefined && (await exists(lock)));
  const rootWatch = await watchRoot(root, calls.signal, handlers.failed);
  return {
    close: async () => {
      await rootWatch.close();
      await calls.stop();
    },
  };
}

async function realDirectory(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (cause) {
    throw new Refusal('not-found', `there is no directory \`${root}\``, { cause });
  }
}

/** Watches the directory that the root leads to, and moves along when it leads to another, be it of the same name. */
async function watchRoot(root: string, signal: () => void, failed: WatchHandlers['failed']): Promise<Watching> {
  let real = await directoryAt(root);
  let watcher = await watchTree(real.path, signal, failed);
  let moving: Promise<void> = Promise.resolve();

  async function follow(): Promise<void> {
    const now = await directoryAt(root).catch(() => real);
    if (now.path === real.path && now.identity === real.identity) return;
    real = now;
    await watcher.close();
    watcher = await watchTree(real.path, signal, failed);
    signal();
  }

  const timer = setInterval(() => {
    moving = moving.then(follow);
  }, ROOT_EVERY);
  return {
    close: async () => {
      clearInterval(timer);
      await moving;
      await watcher.close();
    },
  };
}

/** The directory that a path leads to now: what is watched is that one, whatever comes in its place. */
async function directoryAt(root: string): Promise<{ readonly path: string; readonly identity: string }> {
  const path = await realpath(root);
  const { dev, ino, birthtimeMs } = await stat(path);
  return { path, identity: `${dev}:${ino}:${birthtimeMs}` };
}

/**
 * Raw events too: a link that is swapped for another of the same name is no event of its own.
 * `atomic` would hold back the removal of a file for as long as a burst takes to be over.
 */
function watchTree(root: string, signal: () => void, failed: WatchHandlers['failed']): Promise<FSWatcher> {
  const ignored = (path: string) => path !== root && ['.git', 'node_modules'].includes(basename(path));
  const watcher = watch(root, { ignoreInitial: true, atomic: false, ignored });
  watcher.on('all', signal).on('raw', signal);
  watcher.on('error', (error) => failed(error instanceof Error ? error : new Error(String(error))));
  return new Promise((resolve) => watcher.once('ready', () => resolve(watcher)));
}

/** The lock that git holds while it changes the working tree around this directory. */
async function gitLock(directory: string): Promise<string | undefined> {
  if (await exists(join(directory, '.git'))) return join(directory, '.git', 'index.lock');
  const parent = dirname(directory);
  return parent === directory ? undefined : gitLock(parent);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
