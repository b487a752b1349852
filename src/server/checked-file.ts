import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Refusal } from '../diagnostics/refusal.js';
import { syncDirectory } from '../journal/sync-directory.js';

/**
 * What a file holds: nothing where there is none, `damaged` where it is not as it was written. One that is `unreadable`
 * may be whole: to put another in its place would lose it.
 */
export type CheckedText =
  | { readonly kind: 'whole'; readonly body: string }
  | { readonly kind: 'missing' | 'damaged' }
  | { readonly kind: 'unreadable'; readonly refusal: Refusal };

/** Reads what `writeChecked` wrote: a line with the checksum, and a line. */
export async function readChecked(file: string): Promise<CheckedText> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (text instanceof Error) return text.code === 'ENOENT' ? { kind: 'missing' } : unreadable(file, text);
  const [sum, body] = text.split('\n');
  return body === undefined || (await checksum([body])) !== sum ? { kind: 'damaged' } : { kind: 'whole', body };
}

/**
 * Replaces a file whole or not at all, for its owner's eyes only.
 * @param body one line, maybe in parts: between two of them others are answered
 * @param scratch a directory on the same disk to write it in before; that of the file, if left out
 * @throws Refusal when it cannot be written; what was there is there still
 */
export async function writeChecked(
  file: string,
  body: string | readonly string[],
  called: string,
  scratch: string = dirname(file),
): Promise<void> {
  const fresh = join(scratch, `${basename(file)}.${randomBytes(6).toString('hex')}.new`);
  const parts = [body].flat();
  const sum = await checksum(parts);
  try {
    const handle = await open(fresh, 'wx', 0o600);
    await write(handle, [`${sum}\n`, ...parts, '\n']).finally(() => handle.close());
    await rename(fresh, file);
    await syncDirectory(dirname(file));
  } catch (cause) {
    await rm(fresh, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new Refusal('unavailable', `cannot write ${called} \`${file}\` (${code})`, { cause });
  }
}

async function write(handle: FileHandle, parts: readonly string[]): Promise<void> {
  for (const part of parts) await handle.appendFile(part);
  await handle.sync();
}

function unreadable(file: string, cause: NodeJS.ErrnoException): CheckedText {
  const message = `cannot read \`${file}\` (${cause.code})`;
  const help = 'nothing was changed; see to it that this server can read the file, or take it away';
  return { kind: 'unreadable', refusal: new Refusal('unreadable', message, { help, cause }) };
}

/** The same whatever the parts are. */
async function checksum(parts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part);
    if (parts.length > 1) await turn();
  }
  return `sha256:${hash.digest('hex')}`;
}
