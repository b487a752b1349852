import { unwatchFile, watchFile } from 'node:fs';
import type { KeyRing } from '../parts.js';
import type { StoredKey } from './key.js';
import { readKeyFile } from './key-file.js';

/** The keys of a file, as it stands. */
export interface FileKeyRing extends KeyRing {
  close(): void;
}

export interface KeyRingOptions {
  /** The file could not be read again: the keys stay as they are. */
  readonly failed: (error: Error) => void;
  /** milliseconds between two looks at the file */
  readonly interval?: number;
}

/**
 * Reads a key file and follows it: a key that is added or revoked counts without a restart. The file is looked at
 * rather than watched, so it may be replaced, or be a link that is moved.
 *
 * @throws Refusal when it cannot be read at first
 */
export async function openKeyRing(path: string, { failed, interval = 1000 }: KeyRingOptions): Promise<FileKeyRing> {
  let keys = byId(await readKeyFile(path));
  const changed = () => {
    readKeyFile(path).then((read) => {
      keys = byId(read);
    }, failed);
  };
  watchFile(path, { interval, persistent: false }, changed);
  return {
    get keys() {
      return keys;
    },
    close: () => unwatchFile(path, changed),
  };
}

/** Whether a key that counted when it is asked for first counts still. Without keys everybody may go on. */
export function stillThere(keyRing: KeyRing | undefined, id: string | undefined): () => boolean {
  if (keyRing === undefined || id === undefined || !keyRing.keys.has(id)) return () => true;
  return () => keyRing.keys.has(id);
}

function byId(keys: readonly StoredKey[]): ReadonlyMap<string, StoredKey> {
  return new Map(keys.map((key) => [key.id, key]));
}
