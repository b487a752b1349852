import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';
import { gitReader } from './git-process.js';
import type { Environment } from './git-settings.js';

/** A file of an application. */
export interface CodeFile {
  /** Relative to the directory that was asked for, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A file or directory that could not be looked at. */
export interface Unread {
  readonly path: string;
  readonly reason: string;
}

/** What is longer is generated, or no code. */
const LIMIT = 1024 * 1024;

/** What stands in a path for bytes that are no UTF-8; the file cannot be found by that. */
const NO_TEXT = '\ufffd';

/** How much of a file tells whether it is text. */
const BEGINNING = 8000;

/**
 * The text files of a directory, without what git ignores there; with those of repositories within, submodules among
 * them. Where there is no git, all of them but `node_modules` and names that begin with a dot. Symbolic links are not
 * followed: what they lead to is elsewhere, or was here before.
 *
 * @throws Refusal when there is no such directory, or it is a bare repository
 */
export async function* readCode(
  directory: string,
  environment: Environment,
  unread: (problem: Unread) => void = () => undefined,
): AsyncGenerator<CodeFile> {
  let missing = 0;
  for (const path of await listCode(directory, environment, unread)) {
    const found = look(join(directory, path));
    if ('text' in found) yield { path, text: found.text };
    else if ('missing' in found && path.includes(NO_TEXT)) unread({ path, reason: 'its name is not UTF-8' });
    else if ('missing' in found) missing += 1;
    else if ('reason' in found) unread({ path, reason: found.reason });
    else if ('directory' in found) yield* readWithin(directory, path, environment, unread);
  }
  if (missing > 0 && (await isSparse(directory, environment))) {
    unread({
      path: '.',
      reason: `${missing} of its files ${missing === 1 ? 'is' : 'are'} not in this sparse checkout`,
    });
  }
}

async function isSparse(directory: string, environment: Environment): Promise<boolean> {
  const answer = await gitReader(directory, environment).read([
    'config',
    '--type=bool',
    '--get',
    'core.sparseCheckout',
  ]);
  return answer.trim() === 'true';
}

/** Another repository: git lists it, and not its files. */
async function* readWithin(
  directory: string,
  path: string,
  environment: Environment,
  unread: (problem: Unread) => void,
): AsyncGenerator<CodeFile> {
  if (!existsSync(join(directory, path, '.git'))) return unread({ path, reason: 'that submodule is not checked out' });
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const told = (problem: Unread) => unread({ ...problem, path: prefix + problem.path });
  try {
    for await (const file of readCode(join(directory, path), environment, told)) {
      yield { ...file, path: prefix + file.path };
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    unread({ path, reason: error.message });
  }
}

/** The text of a file; `undefined`: there is none, it is no text, or it is too long. */
export function textOfFile(path: string): string | undefined {
  const found = look(path);
  return 'text' in found ? found.text : undefined;
}

type Look =
  | { readonly text: string }
  | { readonly directory: true }
  | { readonly missing: true }
  | { readonly reason: string }
  | object;

/** One for all, since one file is read after the other: room for one byte more than is wanted. */
const room = Buffer.allocUnsafe(LIMIT + 1);

/** Reads by hand, since asking a thread for each of many small files takes five times as long. */
function look(path: string): Look {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(file);
    if (stat.isDirectory()) return { directory: true };
    return stat.isFile() && stat.size <= LIMIT ? textOf(file) : {};
  } catch (error) {
    return outcomeOf(error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The mark of UTF-16, as Windows writes it. */
const LITTLE_ENDIAN = 0xfffe;

/** Bytes are read as Latin-1, which is quick and loses nothing that a key is made of. */
function textOf(file: number): Look {
  let length = 0;
  for (let read = -1; read !== 0 && length < room.length; length += read) {
    read = readSync(file, room, length, room.length - length, null);
  }
  if (length > LIMIT) return {};
  if (length > 1 && room.readUInt16BE(0) === LITTLE_ENDIAN) return { text: room.toString('utf16le', 2, length) };
  if (room.subarray(0, Math.min(length, BEGINNING)).includes(0)) return {};
  return { text: room.toString('latin1', 0, length) };
}

/** A link is nothing to speak of. */
const PASSED_OVER: ReadonlySet<string | undefined> = new Set(['ELOOP', 'ENOTDIR', 'EMLINK', 'ENXIO']);

function outcomeOf(error: unknown): Look {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { missing: true };
  if (code === 'EISDIR') return { directory: true };
  return PASSED_OVER.has(code) ? {} : { reason: reasonOf(code, message) };
}

function reasonOf(code: string | undefined, message: string): string {
  return code === 'EACCES' || code === 'EPERM' ? 'permission denied' : message;
}

async function listCode(
  directory: string,
  environment: Environment,
  unread: (problem: Unread) => void,
): Promise<string[]> {
  try {
    return await listTracked(directory, environment);
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'not-a-git-repository')) throw error;
    if (await gitReader(directory, environment).asks(['rev-parse', '--git-dir'])) throw noCode(directory);
    return listAll(directory, '', unread);
  }
}

/** Git knows the place, and no files of a working tree there: with its own ones, every flag would seem to be gone. */
function noCode(directory: string): Refusal {
  return new Refusal('not-a-directory', `what git keeps in \`${directory}\` is no code`, {
    help: 'name a directory of a working tree',
  });
}

async function listTracked(directory: string, environment: Environment): Promise<string[]> {
  const chunks: Buffer[] = [];
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', '.'];
  for await (const chunk of gitReader(directory, environment).stream(list)) chunks.push(chunk);
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
    .sort();
}

async function listAll(directory: string, prefix: string, unread: (problem: Unread) => void): Promise<string[]> {
  const entries = await readdir(join(directory, prefix), { withFileTypes: true }).catch(
    ({ code, message }: NodeJS.ErrnoException) => {
      unread({ path: prefix === '' ? '.' : prefix, reason: reasonOf(code, message) });
      return [];
    },
  );
  const kept = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
  const lists = kept.map(async (entry) => {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) return listAll(directory, `${path}/`, unread);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(lists)).flat().sort();
}
