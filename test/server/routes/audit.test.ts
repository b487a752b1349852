import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTrailAt } from '../../../src/server/audit.js';
import { FLAGSTAFF, flag } from '../../project/files.js';
import { makeRepository, type TestRepository } from '../../repository.js';
import { keyRingOf, makeKey, type Serving, serve } from '../serving.js';

const [adminKey, admin] = makeKey(1, { role: 'admin' });
const [serverKey, server] = makeKey(2, { role: 'server', environment: 'staging' });

let repository: TestRepository;
let serving: Serving;
beforeAll(async () => {
  const off = (environment: string) => `environments: { ${environment}: { enabled: false } }\n`;
  repository = await makeRepository([
    {
      files: { 'flagstaff.yaml': FLAGSTAFF, 'a.flag.yaml': flag('a') },
      message: 'begin\n\nproduction comes later\n\nReason: to have one\nSeen-by: production',
    },
    { files: { 'b.flag.yaml': flag('b', off('production')) }, message: 'add b', author: 'Ada <ada@example.com>' },
    { files: { 'a.flag.yaml': flag('a', off('staging')) }, message: 'a off in staging' },
    { files: { 'a.flag.yaml': flag('a', off('production')) }, message: 'a off in production instead' },
    { files: { 'b.flag.yaml': null }, message: 'remove b' },
  ]);
  serving = await serve(
    { 'a.flag.yaml': flag('a') },
    { keyRing: keyRingOf([admin, server]), audit: auditTrailAt(repository.dir, repository.environment) },
  );
});
afterAll(async () => {
  await serving.close();
  await repository.remove();
});

async function read(path: string, key = adminKey) {
  const response = await serving.get(path, { 'x-api-key': key });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const messages = (entries: readonly { message: string }[]) =>
  entries.map(({ message }) => message.trim().replace(/\n\n.*/s, ''));

describe('the audit trail', () => {
  it('is the history out of git, newest first', async () => {
    const { body } = await read('/audit');
    expect(messages(body.entries)).toEqual([
      'remove b',
      'a off in production instead',
      'a off in staging',
      'add b',
      'begin',
    ]);
    expect(body.entries[3]).toMatchObject({
      version: repository.commits[1],
      author: { name: 'Ada', email: 'ada@example.com' },
      changes: [{ kind: 'flag_created', key: 'b' }],
    });
  });

  it('is told from the beginning when that is asked for, in pages as well', async () => {
    const { body: first } = await read('/audit?order=oldest&limit=3');
    expect(messages(first.entries)).toEqual(['begin', 'add b', 'a off in staging']);
    const { body: second } = await read(`/audit?order=oldest&limit=3&cursor=${first.next_cursor}`);
    expect(messages(second.entries)).toEqual(['a off in production instead', 'remove b']);
    expect(second.next_cursor).toBeUndefined();
  });

  it('is narrowed to an author, and to a time', async () => {
    expect(messages((await read('/audit?author=ADA@')).body.entries)).toEqual(['add b']);
    const { entries } = (await read('/audit')).body;
    const [newest, oldest] = [Date.parse(entries[0].time), Date.parse(entries.at(-1).time)];
    const past = (time: number) => new Date(time).toISOString();
    expect((await read(`/audit?since=${past(newest + 1000)}`)).body.entries).toEqual([]);
    expect((await read(`/audit?until=${past(oldest - 1000)}`)).body.entries).toEqual([]);
    expect((await read(`/audit?since=${past(oldest)}&until=${past(newest)}`)).body.entries).toHaveLength(5);
    for (const wrong of ['since=yesterday', 'until=2026-13-45', 'order=up']) {
      expect((await read(`/audit?${wrong}`)).status).toBe(400);
    }
  });

  it('comes in pages that join without gaps', async () => {
    const found: string[] = [];
    let cursor = '';
    for (let count = 0; count < 10; count += 1) {
      const { body } = await read(`/audit?limit=2${cursor}`);
      found.push(...messages(body.entries));
      if (body.next_cursor === undefined) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(found).toEqual(messages((await read('/audit')).body.entries));
  });

  it('comes in pages that join where the flags stood elsewhere before', async () => {
    const [text, later] = [flag('a'), flag('a', 'owner: me\n')];
    const moved = await makeRepository([
      { files: { 'old/flagstaff.yaml': FLAGSTAFF, 'old/a.flag.yaml': text, 'other/flagstaff.yaml': FLAGSTAFF } },
      { files: { 'old/a.flag.yaml': later } },
      {
        files: {
          'old/flagstaff.yaml': null,
          'old/a.flag.yaml': null,
          'flags/flagstaff.yaml': FLAGSTAFF,
          'flags/a.flag.yaml': later,
        },
      },
      { files: { 'flags/a.flag.yaml': text } },
    ]);
    const trail = auditTrailAt(moved.path('flags'), moved.environment);
    const whole = (await trail.page({ limit: 9 })).entries.map(({ commit }) => commit.oid);
    expect(whole).toEqual([3, 1, 0].map((index) => moved.commits[index]));
    for (const [index, after] of whole.entries()) {
      const { entries } = await trail.page({ limit: 9, after });
      expect(entries.map(({ commit }) => commit.oid)).toEqual(whole.slice(index + 1));
    }
    await moved.remove();
  });

  it('is told of one flag, a removed one too', async () => {
    expect(messages((await read('/flags/b/audit')).body.entries)).toEqual(['remove b', 'add b']);
    expect(await read('/flags/never/audit')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it("shows a server key its own environment's part", async () => {
    const { body } = await read('/flags/a/audit', serverKey);
    const environments = body.entries.flatMap(({ changes }: { changes: { environment?: string }[] }) =>
      changes.map((change) => change.environment),
    );
    expect(new Set(environments.filter(Boolean))).toEqual(new Set(['staging']));
  });

  it('tells a server key nothing that was said of other environments, and still why', async () => {
    for (const path of ['/audit', '/flags/a/audit']) {
      const { body } = await read(path, serverKey);
      expect(JSON.stringify(body)).not.toContain('production');
      expect(messages(body.entries)).toContain('a: staging: enabled false → true');
      expect(body.entries.at(-1)).toMatchObject({
        message: expect.stringMatching(/^a: created \(boolean\)$/m),
        reason: 'to have one',
        trailers: [{ key: 'Reason', value: 'to have one' }],
      });
    }
    expect((await read('/audit?environment=staging')).body.entries.at(-1)).toMatchObject({
      message: expect.stringContaining('production'),
      trailers: [{ key: 'Reason' }, { key: 'Seen-by' }],
    });
  });

  it('lets no cursor reach git that is no commit', async () => {
    const cursor = Buffer.from(JSON.stringify(['--output=/tmp/x', 'HEAD'])).toString('base64url');
    expect(await read(`/audit?cursor=${cursor}`)).toMatchObject({ status: 400 });
  });

  it('is not to be had where there is no git, and says so', async () => {
    const without = await serve({ 'a.flag.yaml': flag('a') });
    const response = await without.get('/audit');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'unavailable' });
    await without.close();
  });
});
