import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Expected } from '../../../src/server/ofrep/expected.js';
import type { Literal } from '../../project/files.js';
import { keyRingOf, makeKey, type Serving, serve } from '../serving.js';
import { FLAGS } from './flags.js';

const [serverKey, server] = makeKey(1, { role: 'server', environment: 'development' });
const [clientKey, client] = makeKey(2, { role: 'client', environment: 'development' });
const [webKey, web] = makeKey(3, { role: 'client', environment: 'development', tags: ['web'] });

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

let serving: Serving;
beforeAll(async () => {
  serving = await serve(FLAGS, { keyRing: keyRingOf([server, client, web]) });
});
afterAll(() => serving.close());

async function one(key: string, context: object, caller = serverKey) {
  const response = await serving.post(`/ofrep/v1/evaluate/flags/${key}`, { context }, bearer(caller));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function all(context: object, caller = clientKey, headers: Record<string, string> = {}, query = '') {
  const response = await serving.post(
    `/ofrep/v1/evaluate/flags${query}`,
    { context },
    { ...bearer(caller), ...headers },
  );
  const text = await response.text();
  return { status: response.status, etag: response.headers.get('etag') ?? '', text };
}

describe('a single evaluation', () => {
  it('answers value, variant, reason and metadata', async () => {
    const { status, body } = await one('plain', { targetingKey: 'u' });
    expect(status).toBe(200);
    expect(body).toEqual({
      key: 'plain',
      value: true,
      variant: 'on',
      reason: 'STATIC',
      metadata: {
        version: serving.store.current?.flagVersions.get('plain'),
        ticket: 'PAY-1',
        weight: 2,
        'flagstaff.reason': 'STATIC',
      },
    });
  });

  it.each([
    ['colour', { targetingKey: 'vip' }, 'blue', 'TARGETING_MATCH', 'OVERRIDE'],
    ['colour', { targetingKey: 'u', plan: 'pro' }, 'blue', 'TARGETING_MATCH', 'TARGETING_MATCH'],
    ['colour', { targetingKey: 'u' }, 'red', 'DEFAULT', 'DEFAULT'],
    ['off', { targetingKey: 'u' }, 'off', 'DISABLED', 'DISABLED'],
    ['late', { targetingKey: 'u' }, 'off', 'DISABLED', 'INACTIVE'],
    ['needs', { targetingKey: 'u' }, 'off', 'DEFAULT', 'PREREQUISITE_FAILED'],
  ])('gives %s for %j the variant %s because of %s, precisely %s', async (key, context, variant, reason, precise) => {
    const { body } = await one(key, context);
    expect(body).toMatchObject({ variant, reason, metadata: { 'flagstaff.reason': precise } });
  });

  it('splits with the reason SPLIT', async () => {
    expect((await one('split', { targetingKey: 'u' })).body).toMatchObject({ reason: 'SPLIT' });
  });

  it('names the rule and the segment to a server key and to no client key', async () => {
    const asServer = await one('colour', { targetingKey: 'u', plan: 'pro' });
    expect(asServer.body.metadata).toMatchObject({ 'flagstaff.rule': 'Members', 'flagstaff.segment': 'members' });
    const asClient = await one('colour', { targetingKey: 'u', plan: 'pro' }, clientKey);
    expect(Object.keys(asClient.body.metadata as object)).toEqual(['version']);
    expect(JSON.stringify(asClient.body)).not.toMatch(/members/i);
  });

  it("lets a flag's own `version` win, and keeps names that begin with `flagstaff.` to itself", async () => {
    const metadata = { version: 'mine', 'flagstaff.reason': 'STATIC' };
    expect((await one('said', {})).body).toMatchObject({ metadata });
    expect((await one('said', {}, clientKey)).body.metadata).toEqual({ version: 'mine' });
  });

  it("leaves `value` out, and never sends null, where the code's own default counts", async () => {
    const { body, status } = await one('own', {});
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('value');
    expect(body).not.toHaveProperty('variant');
    const nil = await one('shape', { targetingKey: 'nil' });
    expect(nil.body).not.toHaveProperty('value');
    expect(nil.body.variant).toBe('nothing');
  });

  it('sends a whole number of a number flag without a fraction', async () => {
    const response = await serving.post('/ofrep/v1/evaluate/flags/split', {}, bearer(serverKey));
    expect(await response.text()).toContain('"value":2,');
  });

  it('answers 200 with the default, and says so in the metadata, where a split misses its unit', async () => {
    const { status, body } = await one('split', {}, clientKey);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      variant: 'whole',
      reason: 'DEFAULT',
      metadata: { 'flagstaff.errorCode': 'TARGETING_KEY_MISSING' },
    });
  });

  it.each(['nowhere', 'gone', 'a%2Fb', 'a%20b', '%00', '__proto__', 'constructor'])(
    'answers 404 for %s',
    async (key) => {
      const { status, body } = await one(key, {});
      expect(status).toBe(404);
      expect(body).toMatchObject({ key: decodeURIComponent(key), errorCode: 'FLAG_NOT_FOUND', metadata: {} });
    },
  );

  it('gives a client key of a flag that does not expose `client` the answer for no flag at all', async () => {
    const hidden = await one('hidden', {}, clientKey);
    const missing = await one('nowhere', {}, clientKey);
    expect(hidden.status).toBe(404);
    expect(JSON.stringify(hidden.body).replaceAll('hidden', 'nowhere')).toBe(JSON.stringify(missing.body));
  });

  it('accepts an empty body, `{}`, a null context, a charset, a trailing slash and unknown fields', async () => {
    const path = '/ofrep/v1/evaluate/flags/plain';
    const asked = [
      serving.post(path, '', bearer(serverKey)),
      serving.post(path, {}, bearer(serverKey)),
      serving.post(path, { context: null }, bearer(serverKey)),
      serving.post(path, { more: 1 }, bearer(serverKey)),
      serving.post(`${path}/`, {}, bearer(serverKey)),
      serving.post(path, {}, { ...bearer(serverKey), 'content-type': 'application/json; charset=UTF-8' }),
      fetch(serving.url + path, { method: 'POST', headers: { 'x-api-key': serverKey } }),
    ];
    for (const response of await Promise.all(asked)) expect(response.status).toBe(200);
  });

  it.each([
    ['{', 'PARSE_ERROR'],
    ['nope', 'PARSE_ERROR'],
    ['[]', 'INVALID_CONTEXT'],
    ['3', 'INVALID_CONTEXT'],
    ['null', 'INVALID_CONTEXT'],
    ['{"context": []}', 'INVALID_CONTEXT'],
    ['{"context": "u"}', 'INVALID_CONTEXT'],
    [`{"context":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}}`, 'INVALID_CONTEXT'],
  ])('answers 400 for the body %.40s', async (body, errorCode) => {
    for (const [path, key] of [
      ['/plain', 'plain'],
      ['', undefined],
    ] as const) {
      const response = await serving.post(`/ofrep/v1/evaluate/flags${path}`, body, bearer(serverKey));
      expect(response.status).toBe(400);
      const answer = (await response.json()) as Record<string, unknown>;
      expect(answer).toMatchObject({ errorCode, metadata: {}, errorDetails: expect.any(String) });
      expect(answer.key).toBe(key);
    }
  });
});

/** The version that a change leads to. */
async function versionAfter(change: Literal): Promise<string> {
  const other = await serve(FLAGS);
  const { version } = other.publish(change).revision;
  await other.close();
  return version;
}

describe('a bulk evaluation', () => {
  it('holds every active flag that exposes `client`, disabled ones too, in the order of keys', async () => {
    const { text } = await all({ targetingKey: 'u' });
    const { flags, metadata } = JSON.parse(text);
    const keys = flags.map(({ key }: { key: string }) => key);
    expect(keys).toEqual(['colour', 'late', 'needs', 'off', 'own', 'plain', 'said', 'shape', 'split']);
    expect(metadata).toEqual({ version: serving.store.current?.revision.version, flagSetId: 'development' });
  });

  it('is narrowed by the tags of a key', async () => {
    const { flags } = JSON.parse((await all({}, webKey)).text);
    expect(flags.map(({ key }: { key: string }) => key)).toEqual(['colour']);
    expect((await one('plain', {}, webKey)).status).toBe(404);
  });

  it('holds what single evaluations answer', async () => {
    const context = { targetingKey: 'vip', plan: 'pro' };
    for (const caller of [serverKey, clientKey]) {
      const { flags } = JSON.parse((await all(context, caller)).text);
      for (const flag of flags) expect(flag).toEqual((await one(flag.key, context, caller)).body);
    }
  });

  it('is the same text for the same question, and another ETag for another context of the same user', async () => {
    const free = await all({ targetingKey: 'u', plan: 'free' });
    expect(await all({ targetingKey: 'u', plan: 'free' })).toEqual(free);
    const pro = await all({ targetingKey: 'u', plan: 'pro' });
    expect(pro.etag).not.toBe(free.etag);
    expect(free.etag).toMatch(/^"[^"]+"$/);
  });

  it('answers 304 without a body where the client has this answer, however its ETag came through', async () => {
    const { etag } = await all({ targetingKey: 'u' });
    const bare = etag.slice(1, -1);
    for (const sent of [etag, `W/${etag}`, bare, `"${bare}-gzip"`, `"${bare}--gzip"`, `"other", ${etag}`]) {
      const again = await all({ targetingKey: 'u' }, clientKey, { 'if-none-match': sent });
      expect(again).toMatchObject({ status: 304, text: '', etag });
    }
    expect(await all({ targetingKey: 'v', plan: 'pro' }, clientKey, { 'if-none-match': etag })).toMatchObject({
      status: 200,
    });
  });

  it('answers 200, never 304, where `flagConfigEtag` names another version than the one served', async () => {
    const { etag } = await all({ targetingKey: 'u' });
    const version = serving.store.current?.revision.version.slice(0, 12);
    const ask = (tag: string) =>
      all({ targetingKey: 'u' }, clientKey, { 'if-none-match': etag }, `?flagConfigEtag=${tag}`);
    expect(await ask('123456789abc')).toMatchObject({ status: 200 });
    expect(await ask(String(version))).toMatchObject({ status: 304 });
    expect(await ask(`${version}-3`)).toMatchObject({ status: 304 });
  });

  it('waits for the version of `flagConfigEtag` when it is about to come', async () => {
    const own = await serve(FLAGS);
    const ask = async (tag: string) => {
      const response = await own.post(`/ofrep/v1/evaluate/flags?flagConfigEtag=${tag}`, {});
      return ((await response.json()) as { metadata: { version: string } }).metadata.version;
    };
    const changed = { 'plain.flag.yaml': `${FLAGS['plain.flag.yaml']}description: new\n` };
    const second = await versionAfter(changed);
    const asked = ask(`${second.slice(0, 12)}-0`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    own.publish(changed);
    expect(await asked).toBe(second);
    await own.close();
  });

  it('does not wait for a version of the past, nor for the one that is served', async () => {
    const own = await serve(FLAGS);
    const expected = new Expected(own.store);
    const first = String(own.store.current?.revision.version.slice(0, 12));
    expect(expected.isNews(first)).toBe(false);
    const { revision } = own.publish({ 'plain.flag.yaml': `${FLAGS['plain.flag.yaml']}description: new\n` });
    expect([first, `${first}-2`, revision.version.slice(0, 12)].map((tag) => expected.isNews(tag))).toEqual([
      false,
      false,
      false,
    ]);
    expect(expected.isNews('123456789abc-0')).toBe(true);
    await own.close();
  });

  it('reports a flag that a commit did not touch as it was', async () => {
    const context = { targetingKey: 'u' };
    const before = JSON.parse((await all(context)).text);
    serving.publish({ 'hidden.flag.yaml': 'key: hidden\ntype: string\nvariants: { a: other }\ndefault: a\n' });
    const after = JSON.parse((await all(context)).text);
    expect(after.metadata.version).not.toBe(before.metadata.version);
    expect(after.flags.map((flag: object) => JSON.stringify(flag))).toEqual(
      before.flags.map((flag: object) => JSON.stringify(flag)),
    );
  });
});

describe('a failure below /ofrep/', () => {
  it.each([
    [401, '/ofrep/v1/evaluate/flags/plain', {}, 'plain'],
    [401, '/ofrep/v1/evaluate/flags', { authorization: 'Bearer nobody' }, undefined],
    [404, '/ofrep/v1/nowhere', { authorization: `Bearer ${clientKey}` }, undefined],
    [403, '/ofrep/v1/evaluate/flags/plain?environment=production', { authorization: `Bearer ${clientKey}` }, 'plain'],
  ] as const)('answers %d as OFREP says', async (status, path, headers, key) => {
    const response = await serving.post(path, {}, headers);
    expect(response.status).toBe(status);
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).toMatchObject({ errorCode: 'GENERAL', errorDetails: expect.any(String), metadata: {} });
    expect(body.key).toBe(key);
  });

  it('answers 413 and 415 as OFREP says', async () => {
    const large = JSON.stringify({ context: { text: 'x'.repeat(2_000_000) } });
    const path = '/ofrep/v1/evaluate/flags/plain';
    const answers = [
      await serving.post(path, large, bearer(serverKey)),
      await serving.post(path, 'a: b', { ...bearer(serverKey), 'content-type': 'text/yaml' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([413, 415]);
    for (const answer of answers)
      expect(await answer.json()).toMatchObject({ key: 'plain', errorCode: 'GENERAL', metadata: {} });
  });

  it('answers 429 with whole seconds to wait', async () => {
    const limited = await serve(FLAGS, { limits: { requestsPerMinute: 2 } });
    const ask = () => limited.post('/ofrep/v1/evaluate/flags/plain', {});
    await Promise.all([ask(), ask()]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await refused.json()).toMatchObject({ key: 'plain', errorCode: 'GENERAL', metadata: {} });
    await limited.close();
  });
});

describe('a page of another site', () => {
  const origin = 'https://shop.example';

  it('may read answers, their ETag and Retry-After where the operator admits it', async () => {
    const open = await serve(FLAGS, { keyRing: keyRingOf([client]), corsOrigins: [origin] });
    const preflight = await fetch(`${open.url}/ofrep/v1/evaluate/flags`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'if-none-match' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    for (const name of ['If-None-Match', 'Content-Type', 'Authorization', 'X-API-Key']) {
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name);
    }
    for (const headers of [{ origin, ...bearer(clientKey) }, { origin }]) {
      const answer = await open.post('/ofrep/v1/evaluate/flags', {}, headers);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-expose-headers')).toMatch(/^ETag, Retry-After/);
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      expect(answer.headers.get('vary')).toContain('Origin');
    }
    const other = await open.post(
      '/ofrep/v1/evaluate/flags',
      {},
      { origin: 'https://evil.example', ...bearer(clientKey) },
    );
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    await open.close();
  });
});
