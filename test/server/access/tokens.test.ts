import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJwks } from '../../../src/server/access/jwks.js';
import { type TokenReader, tokenReader } from '../../../src/server/access/jwt.js';
import { FLAGS } from '../ofrep/flags.js';
import { keyRingOf, NOON, type Serving, serve } from '../serving.js';

const ISSUER = 'https://id.example';
const AUDIENCE = 'flagstaff';
const SECRET = 'a secret of more than thirty-two bytes';
const HOUR = 3600;
const now = NOON / 1000;

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

/** An issuer of tokens, with keys that change. */
let issuer: Server;
let url: string;
let published: object[];
let asked = 0;
let rsa: Pair;
let ec: Pair;
let reader: TokenReader;

async function jwkOf({ publicKey }: Pair, kid: string, alg: string): Promise<object> {
  return { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
}

beforeAll(async () => {
  [rsa, ec] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('ES256', { extractable: true }),
  ]);
  published = [await jwkOf(rsa, 'rsa', 'RS256'), await jwkOf(ec, 'ec', 'ES256')];
  issuer = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`;
  reader = tokenReader({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks: await openJwks(url, { now: () => NOON, cooldown: 0 }),
  });
});
afterAll(() => issuer.close());

const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: 'u-1', iat: now, exp: now + HOUR };

function sign(
  claims: JWTPayload,
  { alg = 'ES256', kid = 'ec', key = ec.privateKey as Parameters<SignJWT['sign']>[0] } = {},
) {
  return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key);
}

const read = (token: string, using = reader) => using(token, NOON);
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'unauthorized', message: expect.stringMatching(message) });

describe('a token', () => {
  it('says who asks, what they may do and where', async () => {
    const claims = {
      ...CLAIMS,
      name: 'Ada\n<L>',
      email: 'ada@example.com',
      scope: 'flags:write openid',
      flagstaff_environments: ['staging'],
    };
    expect(await read(await sign(claims))).toEqual({
      id: 'jwt:u-1',
      name: 'Ada L',
      role: 'admin',
      scopes: ['flags:write'],
      environments: ['staging'],
      author: { name: 'Ada L', email: 'ada@example.com' },
      expires: (now + HOUR) * 1000,
    });
  });

  it('may be signed with RS256, and without scopes it only reads', async () => {
    const principal = await read(await sign(CLAIMS, { alg: 'RS256', kid: 'rsa', key: rsa.privateKey }));
    expect(principal).toMatchObject({ scopes: [], author: { name: 'u-1', email: 'u-1@flagstaff.invalid' } });
  });

  it('names no author by an address that nobody has verified', async () => {
    const principal = await read(await sign({ ...CLAIMS, email: 'boss@example.com', email_verified: false }));
    expect(principal.author).toEqual({ name: 'u-1', email: 'u-1@flagstaff.invalid' });
  });

  it.each([
    ['has expired', { exp: now - 60 }, /expired/],
    ['counts from later on', { nbf: now + 60 }, /`nbf`/],
    ['is for another audience', { aud: 'billing' }, /`aud`/],
    ['is of another issuer', { iss: 'https://evil.example' }, /`iss`/],
    ['never expires', { exp: undefined }, /`exp`/],
    ['is of nobody', { sub: undefined }, /`sub`/],
    ['is of nobody who can be named', { sub: '' }, /`sub`/],
    ['is of a number', { sub: 7 }, /`sub`/],
    ['is of somebody without a letter', { sub: '<\n>' }, /`sub`/],
    ['has an audience of no kind', { aud: undefined }, /`aud`/],
    [
      'narrows environments by something that is no list',
      { flagstaff_environments: 'staging' },
      /flagstaff_environments/,
    ],
  ])('is refused when it %s', async (_why, change, message) => {
    await expect(read(await sign({ ...CLAIMS, ...change } as JWTPayload))).rejects.toEqual(refusal(message));
  });

  it('is refused with the algorithm `none`', async () => {
    const token = new UnsecuredJWT(CLAIMS).encode();
    await expect(read(token)).rejects.toEqual(refusal(/`none`/));
  });

  it('is refused when the public key was used as a secret', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(rsa.publicKey));
    const token = await sign(CLAIMS, { alg: 'HS256', kid: 'rsa', key: secret });
    await expect(read(token)).rejects.toEqual(refusal(/`HS256`/));
    const both = tokenReader({
      issuer: ISSUER,
      audience: AUDIENCE,
      secret: SECRET,
      jwks: await openJwks(url, { now: () => NOON }),
    });
    await expect(read(token, both)).rejects.toEqual(refusal(/malformed, or signed/));
  });

  it('is refused when its text was changed, or another key signed it', async () => {
    const [head, , signature] = (await sign(CLAIMS)).split('.');
    const forged = Buffer.from(JSON.stringify({ ...CLAIMS, sub: 'root' })).toString('base64url');
    await expect(read(`${head}.${forged}.${signature}`)).rejects.toEqual(refusal(/signed/));
    const other = await generateKeyPair('ES256');
    await expect(read(await sign(CLAIMS, { key: other.privateKey }))).rejects.toEqual(refusal(/signed/));
  });

  it('is never as good as its own header says', async () => {
    const jwk = await exportJWK(ec.publicKey);
    const own = { jku: 'http://127.0.0.1:1/', jwk, x5u: 'http://127.0.0.1:1/' };
    const evil = await generateKeyPair('ES256', { extractable: true });
    const inline = { ...own, jwk: await exportJWK(evil.publicKey) };
    for (const kid of ['ec', '../../etc/passwd', '__proto__', undefined]) {
      const header = { alg: 'ES256', ...inline, ...(kid !== undefined && { kid }) };
      const token = await new SignJWT(CLAIMS).setProtectedHeader(header).sign(evil.privateKey);
      await expect(read(token)).rejects.toEqual(refusal(/malformed, or signed/));
    }
    const critical = { alg: 'ES256', kid: 'ec', crit: ['x'], x: 1 };
    const token = await new SignJWT(CLAIMS).setProtectedHeader(critical).sign(ec.privateKey, { crit: { x: false } });
    await expect(read(token)).rejects.toEqual(refusal(/malformed, or signed/));
  });

  it('counts for each audience that it names, and never for none of them', async () => {
    expect(await read(await sign({ ...CLAIMS, aud: ['billing', AUDIENCE] }))).toMatchObject({ id: 'jwt:u-1' });
    await expect(read(await sign({ ...CLAIMS, aud: ['billing', 'flagstaff2'] }))).rejects.toEqual(refusal(/`aud`/));
  });

  it('of HS256 counts with the shared secret only', async () => {
    const shared = tokenReader({ issuer: ISSUER, audience: AUDIENCE, secret: SECRET });
    const key = (text: string) => ({ alg: 'HS256', key: new TextEncoder().encode(text) });
    expect(await read(await sign(CLAIMS, key(SECRET)), shared)).toMatchObject({ id: 'jwt:u-1' });
    await expect(read(await sign(CLAIMS, key(`${SECRET}!`)), shared)).rejects.toEqual(refusal(/signed/));
    await expect(read(await sign(CLAIMS), shared)).rejects.toEqual(refusal(/`ES256`/));
  });
});

describe('the keys of an issuer', () => {
  it('are asked for once, and again for a key that is new', async () => {
    await read(await sign(CLAIMS));
    const before = asked;
    await read(await sign(CLAIMS));
    expect(asked).toBe(before);
    const fresh = await generateKeyPair('ES256', { extractable: true });
    const token = await sign(CLAIMS, { kid: 'fresh', key: fresh.privateKey });
    await expect(read(token)).rejects.toEqual(refusal(/not known/));
    published = [...published, await jwkOf(fresh, 'fresh', 'ES256')];
    expect(await read(token)).toMatchObject({ id: 'jwt:u-1' });
  });

  it('may stand in a file that is replaced', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'flagstaff-jwks-'));
    const file = join(dir, 'jwks.json');
    await writeFile(file, JSON.stringify({ keys: [await jwkOf(rsa, 'rsa', 'RS256')] }));
    let time = NOON;
    const local = tokenReader({ issuer: ISSUER, audience: AUDIENCE, jwks: await openJwks(file, { now: () => time }) });
    const token = await sign(CLAIMS);
    await expect(read(token, local)).rejects.toEqual(refusal(/not known/));
    await writeFile(file, JSON.stringify({ keys: [await jwkOf(ec, 'ec', 'ES256')] }));
    // Anybody can name a key that is not there: until the cooldown is over that costs no look at the file.
    await expect(read(token, local)).rejects.toEqual(refusal(/not known/));
    time += 10_001;
    const crowd = Array.from({ length: 5 }, () => read(token, local));
    for (const one of await Promise.all(crowd)) expect(one).toMatchObject({ id: 'jwt:u-1' });
    await writeFile(file, JSON.stringify({ keys: [] }));
    time += 60_000;
    await expect(read(token, local)).rejects.toEqual(refusal(/not known/));
    await rm(dir, { recursive: true });
  });

  it('that cannot be had are said to be the reason', async () => {
    const nowhere = tokenReader({
      issuer: ISSUER,
      audience: AUDIENCE,
      jwks: await openJwks('http://127.0.0.1:1/jwks', { now: () => NOON }),
    });
    await expect(read(await sign(CLAIMS), nowhere)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('do not come over plain HTTP from elsewhere, nor out of a file that is none', async () => {
    await expect(openJwks('http://id.example/jwks', { now: () => NOON })).rejects.toThrow(/plain HTTP/);
    await expect(openJwks('/no/such/file', { now: () => NOON })).rejects.toThrow(/no key set/);
  });
});

describe('a server that takes tokens', () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await serve(FLAGS, { keyRing: keyRingOf([]), tokens: reader });
  });
  afterAll(() => serving.close());

  const get = async (path: string, token: string) => {
    const answer = await serving.get(path, { authorization: `Bearer ${token}` });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };

  it('lets their bearers read, and says why one does not count', async () => {
    expect(await get('/flags/plain', await sign(CLAIMS))).toMatchObject({ status: 200, body: { key: 'plain' } });
    const old = await sign({ ...CLAIMS, exp: now - 60 });
    expect(await get('/flags/plain', old)).toMatchObject({ status: 401, body: { detail: 'the token has expired' } });
    expect(await get('/healthz', old)).toMatchObject({ status: 200 });
    expect(await get('/flags/plain', 'a.b.c')).toMatchObject({ status: 401 });
    expect(serving.log()).not.toContain(old.split('.')[2]);
  });
});
