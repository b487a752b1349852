import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLAGS } from '../ofrep/flags.js';
import { keyRingOf, makeKey, type Serving, serve } from '../serving.js';

const MORE = {
  ...FLAGS,
  'shop.flag.yaml':
    'key: shop\ntype: boolean\ndefault: off\nowner: team-shop\ntags: [web, shop]\nenvironments: { production: { enabled: false } }\n',
  'juniors.segment.yaml': 'key: juniors\nparent: members\nincluded: [u1]\n',
};

const [serverKey, server] = makeKey(1, { role: 'server', environment: 'production' });
const [clientKey, client] = makeKey(2, { role: 'client', environment: 'production' });
const [adminKey, admin] = makeKey(3, { role: 'admin' });

let serving: Serving;
beforeAll(async () => {
  serving = await serve(MORE, { keyRing: keyRingOf([server, client, admin]) });
});
afterAll(() => serving.close());

async function read(path: string, key = adminKey) {
  const response = await serving.get(path, { authorization: `Bearer ${key}` });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

async function ask(path: string, body: unknown, key = adminKey) {
  const response = await serving.post(path, body, { authorization: `Bearer ${key}` });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const keysOf = (items: readonly { key: string }[]) => items.map(({ key }) => key);

describe('GET /flags', () => {
  it('lists what there is by pages that join without gaps', async () => {
    const whole = await read('/flags');
    const keys: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await read(`/flags?limit=3${cursor}`);
      expect(body.flags.length).toBeLessThanOrEqual(3);
      keys.push(...keysOf(body.flags));
      if (body.next_cursor === undefined) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(keys).toEqual(keysOf(whole.body.flags));
    expect(keys).toEqual([...keys].sort());
    expect(keys).toContain('gone');
  });

  it.each([
    ['state=archived', ['gone']],
    ['owner=team-shop', ['shop']],
    ['tag=web', ['colour', 'shop']],
    ['tag=web&tag=shop', ['shop']],
    ['enabled=false', ['off']],
    ['enabled=false&environment=production', ['off', 'shop']],
  ])('keeps those with %s', async (query, keys) => {
    expect(keysOf((await read(`/flags?${query}`)).body.flags)).toEqual(keys);
  });

  it("shows a server key its own environment's flags, without archived ones", async () => {
    const { body } = await read('/flags', serverKey);
    expect(keysOf(body.flags)).not.toContain('gone');
    expect(body.flags.find(({ key }: { key: string }) => key === 'shop')).toMatchObject({
      enabled: false,
      environment: 'production',
      default_value: false,
    });
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'colour=red', 'cursor=nonsense', 'state=dead', 'owner=a&owner=b'])(
    'refuses %s and points at it',
    async (query) => {
      const { status, body } = await read(`/flags?${query}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: `/${query.split('=')[0]}` }] });
    },
  );
});

describe('GET /flags/{key}', () => {
  it('gives an admin the flag as it is written, archived too', async () => {
    const { body } = await read('/flags/shop');
    expect(body).toMatchObject({ key: 'shop', owner: 'team-shop', file: 'shop.flag.yaml', default_value: false });
    expect(body.environments).toEqual({ production: { enabled: false } });
    expect((await read('/flags/gone')).body.state).toBe('archived');
  });

  it('gives it as it stands where an environment is named', async () => {
    expect((await read('/flags/shop?environment=production')).body).toMatchObject({ enabled: false });
    expect((await read('/flags/shop', serverKey)).body).toMatchObject({ enabled: false });
    expect((await read('/flags/gone', serverKey)).status).toBe(404);
  });
});

describe('who may read', () => {
  it.each([
    '/flags',
    '/flags/plain',
    '/segments',
    '/segments/members',
    '/segments/members/flags',
    '/audit',
    '/flags/plain/audit',
  ])('lets no client key read %s', async (path) => {
    expect(await read(path, clientKey)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const nobody = await serving.get(path);
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it('lets no key look at another environment', async () => {
    expect((await read('/flags?environment=development', serverKey)).status).toBe(403);
    expect((await read('/flags?environment=production', serverKey)).status).toBe(200);
    expect((await ask('/flags/plain/evaluate', { environment: 'development' }, clientKey)).status).toBe(403);
    expect((await read('/flags?environment=nowhere')).status).toBe(400);
  });
});

describe('segments', () => {
  it('are listed, read, and tell children and flags', async () => {
    expect(keysOf((await read('/segments', serverKey)).body.segments)).toEqual(['juniors', 'members']);
    expect((await read('/segments/juniors')).body).toMatchObject({
      key: 'juniors',
      parent: 'members',
      included: ['u1'],
    });
    expect(keysOf((await read('/segments/members/children')).body.segments)).toEqual(['juniors']);
    expect((await read('/segments/members/flags')).body).toEqual({ flags: ['colour'] });
    expect(await read('/segments/nobody')).toMatchObject({ status: 404, body: { code: 'segment_not_found' } });
  });
});

describe('POST /flags/{key}/evaluate', () => {
  it('takes a context, or a user and attributes', async () => {
    const bodies = [{ context: { targetingKey: 'u', plan: 'pro' } }, { user_id: 'u', attributes: { plan: 'pro' } }];
    for (const body of bodies) {
      const { body: answer } = await ask('/flags/colour/evaluate', body, serverKey);
      expect(answer).toEqual({
        flag_key: 'colour',
        value: '#00f',
        variant: 'blue',
        enabled: true,
        reason: 'TARGETING_MATCH',
        rule: 'Members',
        version: serving.store.current?.flagVersions.get('colour'),
        evaluation_time_ms: expect.any(Number),
      });
    }
  });

  it('tells a client key no rule and no precise reason', async () => {
    const { body } = await ask('/flags/colour/evaluate', { user_id: 'u', attributes: { plan: 'pro' } }, clientKey);
    expect(body).not.toHaveProperty('rule');
    expect((await ask('/flags/late/evaluate', {}, clientKey)).body).toMatchObject({ reason: 'DISABLED', value: false });
    expect((await ask('/flags/late/evaluate', {}, serverKey)).body).toMatchObject({ reason: 'INACTIVE' });
    expect((await ask('/flags/hidden/evaluate', {}, clientKey)).status).toBe(404);
  });

  it('explains to those who may see rules', async () => {
    const body = { user_id: 'u', attributes: { plan: 'pro' } };
    const explained = await ask('/flags/colour/evaluate?explain=true', body, serverKey);
    expect(JSON.stringify(explained.body.trace)).toContain('Members');
    expect((await ask('/flags/colour/evaluate?explain=true', body, clientKey)).status).toBe(403);
  });

  it.each([
    [{ contxt: {} }, '/contxt'],
    [{ context: 1 }, '/context'],
    [{ user_id: {} }, '/user_id'],
    [{ user_id: 'u', attributes: [] }, '/attributes'],
    [{ context: {}, user_id: 'u' }, '/user_id'],
    [{ environment: 3 }, '/environment'],
    [{ flag_names: [] }, '/flag_names'],
  ])('refuses %j and points at what is wrong', async (body, pointer) => {
    const answer = await ask('/flags/colour/evaluate', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ pointer }] } });
  });
});

describe('POST /flags/evaluate-bulk', () => {
  it('answers what single evaluations answer', async () => {
    for (const key of [serverKey, clientKey]) {
      const { body } = await ask('/flags/evaluate-bulk', { user_id: 'vip' }, key);
      expect(body.flags.length).toBeGreaterThan(5);
      for (const row of body.flags) {
        const { evaluation_time_ms, ...single } = (
          await ask(`/flags/${row.flag_key}/evaluate`, { user_id: 'vip' }, key)
        ).body;
        expect(row).toEqual(single);
      }
    }
  });

  it('answers in the order asked for, unknown and unseen flags alike', async () => {
    const { body } = await ask(
      '/flags/evaluate-bulk',
      { flag_names: ['plain', 'hidden', 'nowhere', 'colour'] },
      clientKey,
    );
    expect(body.flags.map((row: Record<string, unknown>) => [row.flag_key, row.error_code])).toEqual([
      ['plain', undefined],
      ['hidden', 'FLAG_NOT_FOUND'],
      ['nowhere', 'FLAG_NOT_FOUND'],
      ['colour', undefined],
    ]);
    expect(body.version).toBe(serving.store.current?.revision.version);
  });

  it('explains each row on request', async () => {
    const { body } = await ask('/flags/evaluate-bulk?explain=true', { flag_names: ['plain', 'nowhere'] }, serverKey);
    expect(body.flags[0]).toHaveProperty('trace');
  });
});
