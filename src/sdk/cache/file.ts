import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { DefinitionCache, Kept } from './cache.js';

const NAME = 'flagstaff-sdk-cache';
const FORMAT = 1;

/**
 * A cache in a file: a line that names the format and has the checksum of the rest, and a line of JSON. It is replaced
 * whole or not at all, whoever else writes it, and only its owner can read it.
 */
export function fileCache(path: string): DefinitionCache {
  return {
    load: async () => {
      const text = await read(path);
      return text === undefined ? undefined : decode(text);
    },
    save: (kept) => replace(path, encode(kept)),
  };
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Error(`it cannot be read (${code})`);
  }
}

function encode(kept: Kept): string {
  const body = JSON.stringify(kept);
  return `${NAME} ${FORMAT} ${checksum(body)}\n${body}\n`;
}

function decode(text: string): Kept {
  const [head = '', body = ''] = text.split('\n', 2);
  const [name, format, sum] = head.split(' ');
  if (name !== NAME) throw new Error('it is no cache of flags');
  if (Number(format) > FORMAT) throw new Error('it was written by a newer version of Flagstaff');
  if (checksum(body) !== sum) throw new Error('it is damaged');
  return JSON.parse(body) as Kept;
}

function checksum(body: string): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

async function replace(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const handle = await open(fresh, 'wx', 0o600);
    await handle
      .writeFile(text)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await rename(fresh, path);
  } catch (thrown) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw new Error(`it cannot be written (${(thrown as NodeJS.ErrnoException).code})`);
  }
}
