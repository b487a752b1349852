import { resolve } from 'node:path';
import { Refusal } from '../../diagnostics/refusal.js';
import { openJwks } from '../../server/access/jwks.js';
import { type TokenReader, tokenReader } from '../../server/access/jwt.js';
import type { Terminal } from '../terminal.js';
import type { Configuration } from './settings.js';

/** bytes; with less, a secret could be guessed from any one token */
const SHORTEST = 32;

/** Reads the tokens of admins. @throws Refusal when what it takes is not all there */
export async function tokensOf(configuration: Configuration, terminal: Terminal): Promise<TokenReader | undefined> {
  const { jwks, jwtSecret: secret, jwtIssuer: issuer, jwtAudience: audience } = configuration;
  if (jwks === undefined && secret === undefined) {
    if (issuer === undefined && audience === undefined) return undefined;
    throw new Refusal('invalid-argument', 'there is nothing to check the signatures of tokens with', {
      help: 'add `--jwks URL`, or a secret in the environment variable FLAGSTAFF_JWT_SECRET',
    });
  }
  if (issuer === undefined || audience === undefined) {
    throw new Refusal('invalid-argument', 'tokens need `--jwt-issuer` and `--jwt-audience`', {
      help: 'without them a token for another service would count here',
    });
  }
  if (secret !== undefined && Buffer.byteLength(secret) < SHORTEST) {
    throw new Refusal('invalid-argument', `the secret of tokens has fewer than ${SHORTEST} bytes`);
  }
  const place = jwks === undefined || /^https?:/i.test(jwks) ? jwks : resolve(terminal.cwd, jwks);
  return tokenReader({
    issuer,
    audience,
    ...(secret !== undefined && { secret }),
    ...(place !== undefined && { jwks: await openJwks(place, { now: terminal.now }) }),
  });
}
