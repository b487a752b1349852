import { afterAll, beforeAll, expect, it } from 'vitest';
import { FLAGSTAFF, flag } from '../../project/files.js';
import { startWriting, type WritingServer } from './writing-server.js';

let writing: WritingServer;
beforeAll(async () => {
  const files = { 'flagstaff.yaml': FLAGSTAFF, 'banner.flag.yaml': flag('banner') };
  writing = await startWriting(files, { writing: { mode: 'proposal' } });
});
afterAll(() => writing.close());

it('puts a change on a branch of its own, and tells reviewers what it would do', async () => {
  const before = await writing.repository.git('rev-parse', 'main');
  const patch = { rollout: { split: { on: 25 } }, reason: 'a quarter' };
  const { status, headers, body } = await writing.send('PATCH', '/flags/banner', patch);
  expect(status).toBe(202);
  expect(body.branch).toMatch(/^flagstaff\/banner-/);
  expect(headers.get('flagstaff-commit')).toBe(await writing.repository.git('rev-parse', String(body.branch)));
  expect(await writing.repository.git('rev-parse', 'main')).toBe(before);
  expect((await writing.send('GET', '/flags/banner')).body).not.toHaveProperty('rollout');

  const more = await writing.send('PATCH', `/flags/banner?proposal=${body.branch}`, { owner: 'team' });
  expect([more.status, more.body.branch]).toEqual([202, body.branch]);
  const [stale, fresh] = [headers, more.headers].map((one) => ({ 'if-match': String(one.get('etag')) }));
  const onto = (tag?: Record<string, string>) =>
    writing.send('PATCH', `/flags/banner?proposal=${body.branch}`, { owner: 'others' }, tag);
  expect([(await onto(stale)).status, (await onto(fresh)).status]).toEqual([412, 202]);
  const { proposals } = (await writing.send('GET', '/proposals')).body as { proposals: unknown[] };
  expect(proposals).toMatchObject([
    {
      branch: body.branch,
      base: before,
      commits: [{ message: expect.stringContaining('a quarter') }, {}, {}],
      diff: {
        changes: expect.arrayContaining([expect.objectContaining({ key: 'banner', path: '/owner' })]),
        impact: expect.arrayContaining([expect.objectContaining({ flag: 'banner', share: 0.25, exact: true })]),
      },
    },
  ]);
});

it('checks what a proposal comes to, and knows which there are', async () => {
  const wrong = await writing.send('PATCH', '/flags/banner', { rollout: { split: { blue: 1 } } });
  expect([wrong.status, wrong.body.errors?.[0]?.pointer]).toEqual([400, '/rollout/split/blue']);
  const astray = await writing.send('PATCH', '/flags/banner?proposal=flagstaff/nothing', { owner: 'x' });
  expect(astray).toMatchObject({ status: 404, body: { code: 'proposal_not_found' } });
  const idle = await writing.send('PUT', '/flags/banner', (await writing.send('GET', '/flags/banner')).body);
  expect([idle.status, idle.body.changed]).toEqual([200, false]);
});
