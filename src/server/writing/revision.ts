import { createHash } from 'node:crypto';
import type { SourceFile } from '../../syntax/source-file.js';

/** Files that together say one thing. */
export type Texts = ReadonlyMap<string, string>;

/**
 * The strong ETag of what these files say: another byte in any of them, another tag. How lines end is nothing that they
 * say: git may check files out with other ends than it keeps.
 */
export function revisionOf(texts: Texts): string {
  const hash = createHash('sha256');
  for (const [path, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([path, text.replaceAll('\r\n', '\n')]));
  }
  return `"${hash.digest('base64url').slice(0, 27)}"`;
}

export function textsOf(files: Iterable<SourceFile>): Texts {
  return new Map([...files].map(({ path, text }) => [path, text]));
}

/**
 * Does `If-Match` admit this revision? Compared strongly (RFC 9110, 13.1.1); what a compressing proxy adds to a tag
 * is forgiven.
 */
export function admits(ifMatch: string, revision: string): boolean {
  if (ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((one) => one.trim().replace(/(-|;|:)(gzip|br|deflate|zstd)"$/, '"') === revision);
}
