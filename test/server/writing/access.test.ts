import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredKey } from '../../../src/server/access/key.js';
import { GUARDED } from '../../project/files.js';
import { keyRingOf, makeKey, serve } from '../serving.js';
import { startWriting, type WritingServer } from './writing-server.js';

const FILES = {
  'flagstaff.yaml': GUARDED,
  'banner.flag.yaml': 'key: banner\ntype: boolean\ndefault: off\n',
  'banner.production.override.yaml': 'flag: banner\nenvironment: production\ndefault: off\n',
  'plain.flag.yaml': 'key: plain\ntype: boolean\ndefault: off\n',
  'asks.flag.yaml':
    'key: asks\ntype: boolean\ndefault: off\nenvironments:\n  staging:\n    rules: [{ conditions: [{ operator: in_segment, value: staff }], serve: on }]\n',
  'staff.segment.yaml': 'key: staff\nincluded: [ada]\n',
};

const keys: [string, StoredKey][] = [
  makeKey(1, { role: 'admin', name: 'All of it' }),
  makeKey(2, { role: 'admin', scopes: ['segments:write'] }),
  makeKey(3, { role: 'admin', scopes: ['flags:write'] }),
  makeKey(4, { role: 'admin', environments: ['development'] }),
  makeKey(5, { role: 'admin', environments: ['development', 'staging'] }),
  makeKey(6, { role: 'admin', environment: 'production' }),
  makeKey(7, { role: 'server', environment: 'production' }),
  makeKey(8, { role: 'client', environment: 'production' }),
];
const [all, segments, flags, development, open, guard, server, client] = keys.map(([text]) => String(text));

let writing: WritingServer;
beforeAll(async () => {
  const keyRing = keyRingOf(keys.map(([, stored]) => stored));
  writing = await startWriting(FILES, { server: { keyRing } });
});
afterAll(() => writing.close());

function send(key: string | undefined, method: string, path: string, body?: unknown) {
  return writing.send(method, path, body, key === undefined ? {} : { authorization: `Bearer ${key}` });
}

describe('who writes', () => {
  it.each([
    ['PATCH', '/flags/banner', { owner: 'x' }],
    ['POST', '/flags', { key: 'new', type: 'boolean', default: 'off' }],
    ['DELETE', '/segments/staff', undefined],
    ['POST', '/changes', { changes: [] }],
    ['GET', '/proposals', undefined],
    ['POST', '/flags/banner/restore', undefined],
    ['PUT', '/groups/x', {}],
  ])('holds an admin key: %s %s', async (method, path, body) => {
    expect(await send(undefined, method, path, body)).toMatchObject({ status: 401 });
    expect(await send('nonsense', method, path, body)).toMatchObject({ status: 401 });
    expect(await send(server, method, path, body)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await send(client, method, path, body)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('has the scope for it', async () => {
    const segment = { key: 'guests', included: ['bob'] };
    expect(await send(flags, 'POST', '/segments', segment)).toMatchObject({
      status: 403,
      body: { detail: 'this needs the scope `segments:write`' },
    });
    expect(await send(segments, 'POST', '/segments', segment)).toMatchObject({ status: 201 });
    expect(await send(segments, 'PATCH', '/flags/banner', { owner: 'x' })).toMatchObject({ status: 403 });
    const both = {
      changes: [
        { method: 'PATCH', path: '/flags/banner', body: { owner: 'x' } },
        { method: 'DELETE', path: '/segments/guests' },
      ],
    };
    expect(await send(flags, 'POST', '/changes', both)).toMatchObject({ status: 403 });
    expect(await send(all, 'POST', '/changes', both)).toMatchObject({ status: 200 });
  });

  it('stands in the commit as its author', async () => {
    await send(all, 'PATCH', '/flags/plain', { owner: 'somebody' });
    const who = await writing.repository.git('log', '-1', '--format=%an <%ae>|%cn', 'main');
    expect(who).toBe(`All of it <${keys[0]?.[1].id}@flagstaff.invalid>|Flagstaff`);
  });
});

describe('an environment that is closed to a key', () => {
  const production = (part: object) => ({ environments: { production: part } });

  it.each([
    ['in its own file', '/flags/banner', production({ default: 'on' }), 403],
    ['by what every environment inherits', '/flags/banner', { expose: ['client'] }, 403],
    ['by a tag, which keys of clients may be narrowed to', '/flags/banner', { tags: ['web'] }, 403],
    ['nowhere: what only people read', '/flags/banner', { description: 'x' }, 200],
    ['not, but another one that is open', '/flags/banner', { enabled: false }, 200],
  ])('is changed %s', async (_how, path, patch, status) => {
    expect((await send(open, 'PATCH', path, patch)).status).toBe(status);
  });

  it('is not changed by a segment that it asks for', async () => {
    const answer = await send(development, 'PATCH', '/segments/staff', { included: ['ada', 'bob'] });
    expect(answer).toMatchObject({ status: 403, body: { environments: ['staging'] } });
    expect((await send(open, 'PATCH', '/segments/staff', { included: ['ada', 'bob'] })).status).toBe(200);
  });

  it('gets no new flag that does something there', async () => {
    const flag = { key: 'fresh', type: 'boolean', default: 'off' };
    const guarded = { ...flag, ...production({ default: 'on' }) };
    expect(await send(open, 'POST', '/flags', guarded)).toMatchObject({
      status: 403,
      body: { environments: ['production'] },
    });
    expect((await send(open, 'POST', '/flags', flag)).status).toBe(201);
    expect((await send(development, 'DELETE', '/flags/fresh')).status).toBe(403);
    expect((await send(open, 'DELETE', '/flags/fresh')).status).toBe(200);
  });

  it('is the only one that a key of it changes', async () => {
    expect((await send(guard, 'PATCH', '/flags/banner', production({ enabled: false }))).status).toBe(200);
    expect((await send(guard, 'PATCH', '/flags/banner', { enabled: true })).status).toBe(403);
  });
});

it('writes nothing unless it was started to, and says how that is', async () => {
  const serving = await serve({ 'banner.flag.yaml': FILES['banner.flag.yaml'] });
  const answer = await serving.post('/flags', { key: 'x', type: 'boolean', default: 'off' });
  expect([answer.status, await answer.json()]).toMatchObject([
    403,
    { code: 'writing_off', help: expect.stringContaining('--write-mode') },
  ]);
  await serving.close();
});

it('lets no page of another site write where there are no keys', async () => {
  const local = await startWriting({ 'flagstaff.yaml': GUARDED, 'banner.flag.yaml': FILES['banner.flag.yaml'] });
  const patch = (headers: Record<string, string>) => local.send('PATCH', '/flags/banner', { owner: 'evil' }, headers);
  expect(await patch({ origin: 'https://evil.example' })).toMatchObject({
    status: 403,
    body: { code: 'foreign_origin' },
  });
  expect(await patch({ origin: 'null' })).toMatchObject({ status: 403 });
  expect(await patch({ origin: 'http://localhost:5173' })).toMatchObject({ status: 200 });
  await local.close();
});
