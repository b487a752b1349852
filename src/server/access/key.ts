import { createHash, timingSafeEqual } from 'node:crypto';

export const ROLES = ['server', 'client', 'admin'] as const;

/** `server` reads definitions, `client` only evaluated values of flags that expose it, `admin` administers. */
export type Role = (typeof ROLES)[number];

/** What an admin may be let do beside reading. Who has `flags:write` may write groups, too. */
export const SCOPES = ['flags:write', 'segments:write', 'flags:kill'] as const;
export type Scope = (typeof SCOPES)[number];

export function isScope(text: unknown): text is Scope {
  return SCOPES.some((scope) => scope === text);
}

/** An access key as it is stored: the key itself is not there, only its hash. */
export interface StoredKey {
  /** Public; stands in the key's text, in logs and in `flagstaff keys list`. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Which environment the key is for; only an `admin` key may be without one. */
  readonly environment?: string;
  /** A `client` key may be narrowed to flags that have one of these tags. */
  readonly tags?: readonly string[];
  /** An `admin` key may be narrowed to these scopes, */
  readonly scopes?: readonly Scope[];
  /** and to writing what these environments do. */
  readonly environments?: readonly string[];
  /** SHA-256 of the key's text, in hexadecimal. */
  readonly sha256: string;
  /** RFC 3339 */
  readonly created_at: string;
}

const FORM = /^flagstaff_([a-z2-7]{8})_[A-Za-z0-9_-]{43}$/;

/**
 * The text of a new key: an id that may be shown and 256 random bits that may not.
 * @param id 5 random bytes
 * @param secret 32 random bytes
 */
export function formatKey(id: Uint8Array, secret: Uint8Array): { readonly id: string; readonly text: string } {
  const shown = base32(id);
  return { id: shown, text: `flagstaff_${shown}_${Buffer.from(secret).toString('base64url')}` };
}

/** The id in a key's text; `undefined` when the text is no key of ours. */
export function keyIdOf(text: string): string | undefined {
  return FORM.exec(text)?.[1];
}

/** SHA-256 suffices where the secret has 256 bits of its own: there is no dictionary to try. */
export function hashKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Is this the text of that key? Takes the same time wherever the two differ. */
export function matchesKey(text: string, stored: StoredKey): boolean {
  const expected = Buffer.from(stored.sha256, 'hex');
  const actual = Buffer.from(hashKey(text), 'hex');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{5}/g) ?? [];
  return groups.map((group) => BASE32.charAt(Number.parseInt(group, 2))).join('');
}
