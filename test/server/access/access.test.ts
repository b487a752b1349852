import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLAGS } from '../ofrep/flags.js';
import { keyRingOf, makeKey, NOON, type Serving, serve } from '../serving.js';

const [serverKey, server] = makeKey(1, { role: 'server', environment: 'development' });
const [clientKey, client] = makeKey(2, { role: 'client', environment: 'development' });

/** `fetch` lets nobody choose `Host`. */
function send(serving: Serving, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(serving.url + path, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    outgoing.on('error', reject).end();
  });
}

describe('without keys', () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await serve(FLAGS, { corsOrigins: ['https://admitted.example'] });
  });
  afterAll(() => serving.close());

  it('answers this machine', async () => {
    const { port } = new URL(serving.url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'app.localhost']) {
      expect(await send(serving, '/flags', { host })).toBe(200);
    }
    expect(await send(serving, '/flags', { origin: 'http://localhost:5173' })).toBe(200);
  });

  it.each(['/flags', '/status', '/metrics', '/healthz', '/nowhere', '/ofrep/v1/nowhere'])(
    'refuses a page that has bound its own name to 127.0.0.1 at %s',
    async (path) => {
      const host = 'rebound.evil.example:7700';
      expect(await send(serving, path, { host, origin: `http://${host}` })).toBe(403);
      expect(await send(serving, path, { host })).toBe(403);
      expect(await send(serving, path, { origin: 'https://evil.example' })).toBe(403);
      expect(await send(serving, path, { origin: 'null' })).toBe(403);
      expect(await send(serving, path, { host: 'localhost.evil.example' })).toBe(403);
      expect(await send(serving, path, { host: '127.0.0.1.evil.example' })).toBe(403);
    },
  );

  it('answers a site that is admitted by name, and only to the name of this machine', async () => {
    const origin = 'https://admitted.example';
    expect(await send(serving, '/flags', { origin })).toBe(200);
    expect(await send(serving, '/flags', { origin, host: 'rebound.evil.example' })).toBe(403);
  });

  it('lets a page of this machine read, and no other', async () => {
    const local = await serving.get('/flags', { origin: 'http://localhost:5173' });
    expect(local.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    const foreign = await serving.get('/flags', { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    expect(await foreign.json()).toMatchObject({ code: 'foreign_origin', status: 403 });
  });
});

describe('with keys', () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await serve(FLAGS, { keyRing: keyRingOf([server, client]), limits: { requestsPerMinute: 40 } });
  });
  afterAll(() => serving.close());

  it.each([
    ['no key', {}],
    ['another text', { authorization: 'Bearer hunter2' }],
    ['a key of ours that is not there', { authorization: `Bearer ${makeKey(9, { role: 'admin' })[0]}` }],
    ['a key whose last letter differs', { 'x-api-key': `${serverKey.slice(0, -1)}x` }],
    ['the prefix of a key', { authorization: `Bearer ${serverKey.slice(0, -1)}` }],
    ['Basic', { authorization: `Basic ${serverKey}` }],
  ])('answers 401 to %s', async (_what, headers) => {
    const response = await serving.get('/flags', headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({
      code: 'unauthorized',
      title: expect.any(String),
      type: 'about:blank',
    });
  });

  it('decides before it reads the body', async () => {
    expect((await serving.post('/flags/plain/evaluate', '{ broken')).status).toBe(401);
  });

  it('counts requests for each key and address', async () => {
    const ask = (key: string) => serving.get('/healthz', { 'x-api-key': key });
    const asked = await Promise.all(Array.from({ length: 41 }, () => ask(serverKey)));
    expect(asked.map(({ status }) => status).filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
    expect((await ask(clientKey)).status).toBe(200);
  });

  it.each([
    ['believes nobody', false, ['10.0.0.1', '10.0.0.2'], 429],
    ['behind a proxy believes what the proxy says', true, ['10.0.0.1', '10.0.0.2'], 200],
    ['and nothing that came to it', true, ['10.0.0.1, 10.0.0.9', '10.0.0.2, 10.0.0.9'], 429],
  ] as const)('counts addresses: %s', async (_what, trustProxy, forwarded, status) => {
    const limited = await serve(FLAGS, { keyRing: keyRingOf([server]), trustProxy, limits: { requestsPerMinute: 1 } });
    const statuses: number[] = [];
    for (const address of forwarded)
      statuses.push((await limited.get('/healthz', { 'x-forwarded-for': address })).status);
    expect(statuses).toEqual([200, status]);
    await limited.close();
  });

  it('writes neither keys nor contexts to the log', async () => {
    await serving.post('/flags/plain/evaluate', { user_id: 'secret-user' }, { 'x-api-key': clientKey });
    await serving.post('/ofrep/v1/evaluate/flags', '{"context": "secret-user', { 'x-api-key': clientKey });
    await serving.get('/flags?cursor=secret-user', { authorization: `Bearer ${serverKey}` });
    await serving.get('/nowhere?token=secret-user', { 'x-api-key': clientKey });
    await serving.get('/flags/%zz?token=secret-user', { 'x-api-key': clientKey });
    const log = serving.log();
    expect(log).toContain(client.id);
    expect(log).not.toContain('secret-user');
    for (const key of [serverKey, clientKey]) expect(log).not.toContain(key.slice(20));
  });

  it('sends security headers with whatever it answers', async () => {
    for (const path of ['/healthz', '/flags', '/nowhere', '/docs']) {
      const { headers } = await serving.get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });
});

describe('what a client key never sees', () => {
  it('is in no answer to any of its questions', async () => {
    const secrets = ['secret', 'members', 'Members', 'vip', 'production', 'hidden'];
    const serving = await serve(FLAGS, { keyRing: keyRingOf([client]), clock: () => NOON });
    const headers = { 'x-api-key': clientKey };
    const context = { targetingKey: 'u', plan: 'pro' };
    const texts: string[] = [];
    for (const path of [
      '/flags',
      '/segments',
      '/status',
      '/audit',
      '/snapshot',
      '/stream',
      '/segments/m',
      '/flags/colour',
    ]) {
      texts.push(await (await serving.get(path, headers)).text());
    }
    for (const path of [
      '/ofrep/v1/evaluate/flags',
      '/flags/evaluate-bulk',
      '/flags/colour/evaluate',
      '/flags/colour/evaluate?explain=true',
    ]) {
      texts.push(await (await serving.post(path, { context }, headers)).text());
    }
    for (const text of texts) for (const secret of secrets) expect(text).not.toContain(secret);
    await serving.close();
  });
});
