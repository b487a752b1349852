import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { tokenReader } from '../../../src/server/access/jwt.js';
import { makeDirectory } from '../../cli/memory-terminal.js';
import { FLAGSTAFF, flag } from '../../project/files.js';
import { startTestServer } from '../running.js';
import { keyRingOf } from '../serving.js';
import { listenTo } from '../stream/listener.js';

const SECRET = 'a secret of more than thirty-two bytes';
const WHO = { issuer: 'https://id.example', audience: 'flagstaff' };

it('a stream ends when the token that it was opened with has expired, and is not opened again with it', async () => {
  const { dir, remove } = await makeDirectory({ 'flagstaff.yaml': FLAGSTAFF, 'a.flag.yaml': flag('a') });
  let now = Date.now();
  const server = await startTestServer(
    { root: dir, keepalive: 50, server: { keyRing: keyRingOf([]), tokens: tokenReader({ ...WHO, secret: SECRET }) } },
    undefined,
    () => now,
  );
  const claims = { iss: WHO.issuer, aud: WHO.audience, sub: 'ada', exp: Math.floor(now / 1000) + 60 };
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(SECRET));
  const headers = { authorization: `Bearer ${token}` };
  const listener = await listenTo(`${server.url}/stream`, headers);
  expect((await listener.next()).event).toBe('snapshot');
  now += 61_000;
  expect(await listener.ended()).toContain('event: snapshot');
  now += 60_000;
  expect((await listenTo(`${server.url}/stream`, headers)).status).toBe(401);
  await server.close();
  await remove();
});
