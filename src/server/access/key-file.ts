import { open, readFile, rename, rm } from 'node:fs/promises';
import { Refusal } from '../../diagnostics/refusal.js';
import { isScope, ROLES, type Role, type StoredKey } from './key.js';

/** @throws Refusal when the file is not there, cannot be read, or is no key file */
export async function readKeyFile(path: string): Promise<readonly StoredKey[]> {
  return parseKeyFile(await textOf(path), path);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new Refusal('unreadable', `cannot read \`${path}\` (${code})`, { cause });
    throw new Refusal('not-found', `there is no key file \`${path}\``, {
      help: '`flagstaff keys add` makes one',
      cause,
    });
  }
}

function parseKeyFile(text: string, path: string): readonly StoredKey[] {
  const { keys } = (parse(text) ?? {}) as { readonly keys?: unknown };
  if (Array.isArray(keys) && keys.every(isStoredKey)) return keys;
  throw new Refusal('invalid-argument', `\`${path}\` is no key file`, {
    help: 'it is written by `flagstaff keys add` and holds `{"keys": [...]}`',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A key that is not bound to an environment sees them all: only an admin's may. */
function isStoredKey(value: unknown): value is StoredKey {
  const key = (value ?? {}) as Readonly<Record<keyof StoredKey, unknown>>;
  const { id, name, role, environment, tags, scopes, environments, sha256, created_at } = key;
  return (
    [id, name, created_at].every((text) => typeof text === 'string') &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    ROLES.includes(role as Role) &&
    (typeof environment === 'string' || (environment === undefined && role === 'admin')) &&
    isListOrNone(tags, isText) &&
    isListOrNone(scopes, isScope) &&
    isListOrNone(environments, isText)
  );
}

function isListOrNone(value: unknown, isRight: (item: unknown) => boolean): boolean {
  return value === undefined || (Array.isArray(value) && value.every(isRight));
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/**
 * Changes a key file; begins one where there is none. What is there is replaced whole or not at all, for its owner's
 * eyes only, and never by two at once: the new file is also the lock.
 *
 * @throws Refusal when somebody else is at it, or it cannot be written
 */
export async function changeKeyFile(
  path: string,
  change: (keys: readonly StoredKey[]) => readonly StoredKey[],
): Promise<void> {
  const lock = `${path}.lock`;
  const file = await openLock(lock);
  try {
    const keys = change(await readOrNone(path));
    await file.writeFile(`${JSON.stringify({ keys }, null, 2)}\n`);
    await file.sync();
    await file.close();
    await rename(lock, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(lock, { force: true });
    throw error;
  }
}

async function openLock(lock: string) {
  try {
    return await open(lock, 'wx', 0o600);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new Refusal('unavailable', `cannot write \`${lock}\` (${code})`, { cause });
    throw new Refusal('unavailable', `somebody else is changing the keys: there is \`${lock}\``, {
      help: 'try again; remove the file if it is left from a crash',
      cause,
    });
  }
}

async function readOrNone(path: string): Promise<readonly StoredKey[]> {
  try {
    return await readKeyFile(path);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not-found') return [];
    throw error;
  }
}
