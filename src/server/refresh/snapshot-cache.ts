import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { Refusal } from '../../diagnostics/refusal.js';
import type { Keeper } from './refresher.js';
import type { Candidate } from './source.js';

const FORMAT = 1;

/**
 * Keeps the last good state in a file, so that a server can start without its source: a line with the checksum, and
 * a line of JSON. It is replaced whole or not at all. A file that is not as it was written counts as none.
 */
export function snapshotCache(file: string): Keeper {
  return {
    keep: (candidate) => replace(file, encode(candidate)),
    recall: async () => decode(await readFile(file, 'utf8').catch(() => '')),
  };
}

function encode({ files, revision, position }: Candidate): string {
  const body = JSON.stringify({ format: FORMAT, revision, position, files });
  return `${checksum(body)}\n${body}\n`;
}

function decode(text: string): Candidate | undefined {
  const [sum, body] = text.split('\n');
  if (body === undefined || checksum(body) !== sum) return undefined;
  const { format, ...candidate } = JSON.parse(body) as Candidate & { readonly format: number };
  return format === FORMAT ? candidate : undefined;
}

function checksum(body: string): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** @throws Refusal when it cannot be written; what was there is there still */
async function replace(file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    const handle = await open(fresh, 'wx', 0o600);
    await handle
      .writeFile(text)
      .then(() => handle.sync())
      .finally(() => handle.close());
    await rename(fresh, file);
  } catch (cause) {
    await rm(fresh, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new Refusal('unavailable', `cannot write the snapshot cache \`${file}\` (${code})`, { cause });
  }
}
