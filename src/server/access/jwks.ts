import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
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
 * The public keys at a URL, or in a file. They are kept, and looked up anew when they are old or, at a URL, a token
 * names one that is not among them: so keys can be changed without a restart. A file is cheap, and old after the cooldown.
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
  let reading: Promise<void> | undefined;

  async function again(): Promise<void> {
    read = now();
    keys = await readJwks(path).catch(() => keys);
  }

  // A token that names a key which is not there costs no look at the file: anybody can make one up.
  return async (header, token) => {
    if (now() - read > cooldown) reading = again();
    await reading;
    return keys(header, token);
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
