import { decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Problem } from '../problem.js';
import { isScope } from './key.js';
import type { Principal } from './principal.js';

/** Whose tokens count. Issuer and audience are always checked: a token for another service is none for this one. */
export interface TokenOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Shared with whoever signs with HS256; at least 32 bytes. */
  readonly secret?: string;
  /** The public keys of whoever signs with RS256 or ES256. */
  readonly jwks?: JWTVerifyGetKey;
}

/** Who is behind a token. @throws Problem when it does not count */
export type TokenReader = (token: string, now: number) => Promise<Principal>;

/** What keys of a JWKS sign with. A shared secret signs with HS256 and nothing else, so neither passes for the other. */
const PUBLIC: readonly (string | undefined)[] = ['RS256', 'ES256'];

/** seconds that clocks may differ by */
const TOLERANCE = 10;

/** Reads JSON Web Tokens (RFC 7519) in their compact form. */
export function tokenReader(options: TokenOptions): TokenReader {
  return async (token, now) => {
    const algorithm = algorithmOf(token);
    const checks = {
      issuer: options.issuer,
      audience: options.audience,
      algorithms: algorithm === undefined ? [] : [algorithm],
      requiredClaims: ['exp', 'sub'],
      clockTolerance: TOLERANCE,
      currentDate: new Date(now),
    };
    try {
      const { payload } = await jwtVerify(token, keyFor(algorithm, options), checks);
      return principalIn(payload);
    } catch (error) {
      throw refused(error);
    }
  };
}

/** Does a text look like a token at all? */
export function isToken(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text);
}

function algorithmOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined;
  }
}

function keyFor(algorithm: string | undefined, { secret, jwks }: TokenOptions): JWTVerifyGetKey {
  if (algorithm === 'HS256' && secret !== undefined) return async () => new TextEncoder().encode(secret);
  if (jwks !== undefined && PUBLIC.includes(algorithm)) return jwks;
  throw new Problem('unauthorized', `a token that is signed with \`${algorithm}\` does not count here`);
}

function refused(error: unknown): unknown {
  if (error instanceof Problem) return error;
  if (error instanceof errors.JWTExpired) return new Problem('unauthorized', 'the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new Problem('unauthorized', `the claim \`${error.claim}\` of the token is not as it must be`);
  }
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
    return new Problem('unavailable', 'the keys that tokens are signed with cannot be had', { retryAfter: 5 });
  }
  return new Problem('unauthorized', 'the token is malformed, or signed with a key that is not known');
}

/** An admin who may read, and write as far as the claims say. @throws Problem for a subject that is none */
function principalIn(claims: JWTPayload): Principal {
  const { sub, exp = 0 } = claims;
  if (typeof sub !== 'string' || plain(sub) === '') {
    throw new Problem('unauthorized', 'the claim `sub` of the token is not as it must be');
  }
  const environments = environmentsIn(claims);
  return {
    id: `jwt:${sub}`,
    name: nameIn(claims) ?? plain(sub),
    role: 'admin',
    scopes: scopesIn(claims).filter(isScope),
    ...(environments !== undefined && { environments }),
    author: { name: nameIn(claims) ?? plain(sub), email: emailIn(claims) ?? `${idFor(sub)}@flagstaff.invalid` },
    expires: exp * 1000,
  };
}

/** `scope` (RFC 8693), or what common issuers put in its place. */
function scopesIn({ scope, scp, permissions }: JWTPayload): string[] {
  return [scope, scp, permissions].flatMap((claim) => (typeof claim === 'string' ? claim.split(' ') : textsIn(claim)));
}

function textsIn(claim: unknown): string[] {
  return Array.isArray(claim) ? claim.filter((item) => typeof item === 'string') : [];
}

/** @throws Problem for a claim that is there and says nothing: it is meant to narrow */
function environmentsIn({ flagstaff_environments: claim }: JWTPayload): readonly string[] | undefined {
  if (claim === undefined) return undefined;
  if (Array.isArray(claim) && claim.every((item) => typeof item === 'string')) return claim;
  throw new Problem('unauthorized', 'the claim `flagstaff_environments` of the token must be a list of names');
}

/** What git can hold in a line about its author. */
function nameIn({ name, preferred_username }: JWTPayload): string | undefined {
  return [name, preferred_username].map((claim) => plain(claim)).find((text) => text !== '');
}

function plain(claim: unknown): string {
  if (typeof claim !== 'string') return '';
  return claim
    .replaceAll(/[<>\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_C}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

/** An address that its issuer has not verified could be anybody's. */
function emailIn({ email, email_verified }: JWTPayload): string | undefined {
  const isAddress = typeof email === 'string' && /^[^\s<>@\p{Cc}]{1,100}@[^\s<>@\p{Cc}]{1,150}$/u.test(email);
  return isAddress && email_verified !== false ? email : undefined;
}

function idFor(subject: string): string {
  return subject.replaceAll(/[^\w.+-]+/g, '-').slice(0, 100);
}
