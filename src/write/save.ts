import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Refusal } from '../diagnostics/refusal.js';

/**
 * Puts a text in the place of another: whoever reads the file sees the old text or the new one, whole, even when this
 * process is killed on the way. Permissions stay, and a link stays a link.
 *
 * @param before what the file says now; `undefined`: there is no such file
 * @throws Refusal when it says something else by now, or cannot be written; then nothing is changed
 */
export async function save(file: string, before: string | undefined, after: string): Promise<void> {
  try {
    await (before === undefined ? create(file, after) : replace(await realpath(file), before, after));
  } catch (cause) {
    throw cause instanceof Refusal ? cause : cannotWrite(file, cause);
  }
}

/** Undoes a `save` unless somebody else has been at the file since. */
export async function unsave(file: string, before: string | undefined, after: string): Promise<void> {
  if (before !== undefined) await save(file, after, before);
  else if ((await readFile(file, 'utf8')) === after) await rm(file);
}

async function replace(file: string, before: string, after: string): Promise<void> {
  await access(file, constants.W_OK);
  const { mode } = await stat(file);
  await withTemporary(file, after, mode, (temporary) =>
    withLock(file, temporary, async () => {
      if ((await readFile(file, 'utf8')) !== before) throw changedMeanwhile(file);
      await rename(temporary, file);
    }),
  );
}

/** A lock is held for as long as a look and a rename take. One this old was left by a killed process; milliseconds. */
const LEFT_BEHIND = 10_000;

/** Between the look at the file and the rename no other command may do the same. */
async function withLock(file: string, temporary: string, use: () => Promise<void>): Promise<void> {
  const lock = join(dirname(file), `.${basename(file)}.lock`);
  await take(lock, temporary);
  try {
    await use();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string, temporary: string): Promise<void> {
  try {
    await make(lock);
  } catch (cause) {
    // The temporary file has just been written, by the clock of the same file system. A lock that is gone is no older.
    const now = await stat(temporary);
    const held = await stat(lock).catch(() => now);
    if (now.mtimeMs - held.mtimeMs < LEFT_BEHIND) throw cause;
    await rm(lock, { force: true });
    await make(lock);
  }
}

/** Fails with `EEXIST` when somebody else has it. */
async function make(lock: string): Promise<void> {
  await (await open(lock, 'wx')).close();
}

/** A hard link, unlike a rename, never takes the place of a file. */
async function create(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await withTemporary(file, text, 0o666, async (temporary) => {
    await link(temporary, file);
    await rm(temporary);
  });
}

/** The name begins with a dot: what is left by a killed process is no file of the flag repository. */
async function withTemporary(
  file: string,
  text: string,
  mode: number,
  use: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, text, mode);
    await use(temporary);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(file));
}

async function writeDurably(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

function changedMeanwhile(file: string): Refusal {
  return new Refusal('unavailable', `somebody changed \`${basename(file)}\` meanwhile; nothing was written`, {
    help: 'run the command again',
  });
}

function cannotWrite(file: string, cause: unknown): Refusal {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EEXIST') return changedMeanwhile(file);
  return new Refusal('unreadable', `cannot write \`${file}\` (${code})`, { cause });
}
