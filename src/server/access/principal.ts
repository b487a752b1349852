import { keyIdOf, matchesKey, type Role, type Scope, type StoredKey } from './key.js';

/** Who is asking, once it is known. */
export interface Principal {
  /** Of the key, public. */
  readonly id: string;
  /** For audit and logs; never the key itself. */
  readonly name: string;
  readonly role: Role;
  /** The environment that a key is bound to; `undefined`: any. */
  readonly environment?: string;
  readonly tags?: readonly string[];
  /** What an admin may do beside reading; all, if left out. */
  readonly scopes?: readonly Scope[];
  /** The environments that an admin may change; all, if left out. */
  readonly environments?: readonly string[];
  /** Of a token: who commits, if its claims say. */
  readonly author?: { readonly name: string; readonly email: string };
  /** Of a token: when it counts no longer, in milliseconds since 1970. */
  readonly expires?: number;
}

/** Without keys configured, whoever reaches the loopback address may do everything that the server is started for. */
export const LOCAL: Principal = { id: 'local', name: 'local', role: 'admin' };

/** The principal behind a key's text; `undefined` when there is none. */
export function authenticate(text: string, keys: ReadonlyMap<string, StoredKey>): Principal | undefined {
  const stored = keys.get(keyIdOf(text) ?? '');
  if (stored === undefined || !matchesKey(text, stored)) return undefined;
  return {
    id: stored.id,
    name: stored.name,
    role: stored.role,
    ...(stored.environment === undefined ? {} : { environment: stored.environment }),
    ...(stored.tags === undefined ? {} : { tags: stored.tags }),
    ...(stored.scopes === undefined ? {} : { scopes: stored.scopes }),
    ...(stored.environments === undefined ? {} : { environments: stored.environments }),
  };
}

/** The key in `Authorization: Bearer …` or `X-API-Key: …`. */
export function keyTextOf(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(single(headers.authorization) ?? '');
  return bearer?.[1] ?? single(headers['x-api-key']);
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
