import { createHash } from 'node:crypto';
import type { Served } from '../served.js';

/** A strong, quoted ETag of an answer's text. */
export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
}

/**
 * Is `etag` among those of `If-None-Match`? Compared weakly; what proxies and clients make of an ETag on the way
 * (`W/`, no quotes, a suffix for the encoding) is forgiven.
 */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  const plain = bare(etag);
  return header?.split(',').some((one) => bare(one) === plain) === true;
}

function bare(etag: string): string {
  return etag
    .trim()
    .replace(/^W\//i, '')
    .replaceAll('"', '')
    .replace(/(--?|;|:)(gzip|br|deflate|zstd)$/i, '');
}

/** What names the served configuration in OFREP events: the version, and what else tells two states of it apart. */
export function configTag({ revision }: Served): string {
  return revision.version.slice(0, 12);
}

/** Is this the configuration that is served? What follows the version (times that have passed) does not matter. */
export function namesServed(tag: string, served: Served): boolean {
  const name = configTag(served);
  return tag === name || tag.startsWith(`${name}-`);
}
