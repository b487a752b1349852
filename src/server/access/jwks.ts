import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Refusal } from '../../diagnostics/refusal.js';
import { isLoopbackHost } from './loopback.js';

export interface JwksOptions {
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** milliseconds that pass before a key that is not known is looked for again */
  readonly cooldown?: number;
}

/** milliseconds that keys are kept for before they are asked for again: one that is withdrawn counts no longer than that */
const MAX_AGE = 300_000;

/** milliseconds */
const COOLDOWN = 10_000;
const PATIENCE = 5_000;

/**
 * The public keys at a URL, or in a file. They are kept, and looked up anew when they are old or a token names one
 * that is not among them: so keys can be changed without a restart.
 *
 * @throws Refusal when they could be read on their way, or there is no such file
 */
export async function openJwks(place: string, { now, cooldown = COOLDOWN }: JwksOptions): Promise<JWTVerifyGetKey> {
  if (!/^https?:\/\//i.test(place)) return fileJwks(place, now, cooldown);
  const url = URL.canParse(place) ? new URL(place) : undefined;
  if (url === undefined) throw new Refusal('invalid-argument', `\`${place}\` is no URL`);
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw new Refusal('invalid-argument', `keys that come over plain HTTP prove nothing: \`${place}\``, {
      help: 'use an `https:` URL, or a file',
    });
  }
  return createRemoteJWKSet(url, { cooldownDuration: cooldown, cacheMaxAge: MAX_AGE, timeoutDuration: PATIENCE });
}

async function fileJwks(path: string, now: () => number, cooldown: number): Promise<JWTVerifyGetKey> {
  let keys = await readJwks(path);
  let read = now();

  async function again(): Promise<void> {
    read = now();
    keys = await readJwks(path).catch(() => keys);
  }

  return async (header, token) => {
    if (now() - read > cooldown) await again();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await again();
      return keys(header, token);
    }
  };
}

async function readJwks(path: string): Promise<JWTVerifyGetKey> {
  try {
    return createLocalJWKSet(JSON.parse(await readFile(path, 'utf8')) as JSONWebKeySet);
  } catch (cause) {
    throw new Refusal('unreadable', `\`${path}\` is no key set that can be read`, {
      help: 'a JWKS is JSON: `{"keys": [...]}`',
      cause,
    });
  }
}
