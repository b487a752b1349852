import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StoredKey } from './key.js';

/** What a stream's URL lets its holder do: be told that flags of one environment have changed. */
export interface StreamGrant {
  readonly key: string;
  readonly environment: string;
  /** milliseconds since 1970 */
  readonly expires: number;
}

/**
 * The text of a grant, signed with what is stored of its key: every replica with the same keys knows it, and it goes
 * when the key goes.
 */
export function signGrant(grant: StreamGrant, { sha256 }: StoredKey): string {
  const body = Buffer.from(JSON.stringify([grant.key, grant.environment, grant.expires])).toString('base64url');
  return `${body}.${signature(body, sha256)}`;
}

/** The grant in a text; `undefined` when it is none, or not of a key that counts. It may have expired. */
export function readGrant(text: string, keys: ReadonlyMap<string, StoredKey>): StreamGrant | undefined {
  const [body = '', sign = ''] = text.split('.');
  const grant = parse(body);
  const stored = keys.get(grant?.key ?? '');
  if (grant === undefined || stored === undefined) return undefined;
  const expected = Buffer.from(signature(body, stored.sha256));
  const actual = Buffer.from(sign);
  return expected.length === actual.length && timingSafeEqual(expected, actual) ? grant : undefined;
}

function signature(body: string, sha256: string): string {
  return createHmac('sha256', Buffer.from(sha256, 'hex')).update(`stream ${body}`).digest('base64url');
}

function parse(body: string): StreamGrant | undefined {
  try {
    const [key, environment, expires] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as unknown[];
    if (typeof key !== 'string' || typeof environment !== 'string' || typeof expires !== 'number') return undefined;
    return { key, environment, expires };
  } catch {
    return undefined;
  }
}
