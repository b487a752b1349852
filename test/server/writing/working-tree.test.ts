import { chmod, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';
import { send } from './writing-server.js';

let repository: TestRepository;
let server: TestServer;

beforeEach(async () => {
  const files = {
    'flagstaff.yaml': 'environments: [production]\n',
    'a.flag.yaml': 'key: a\ntype: boolean\ndefault: off\n',
    'b.flag.yaml': 'key: b\ntype: boolean\ndefault: off\n',
  };
  repository = await makeRepository([{ files }]);
  server = await startTestServer({ root: repository.dir, writing: { mode: 'direct' } }, repository.environment);
});
afterEach(async () => {
  await server.close();
  await repository.remove();
});

const patch = (key: string, served: string) => send(server.url, 'PATCH', `/flags/${key}`, { default: served });

it('is served as it stands: what was written is there when the answer comes, beside what somebody edits', async () => {
  await repository.write({ 'b.flag.yaml': 'key: b\ntype: boolean\ndefault: on\n' });
  const { status, headers } = await patch('a', 'on');
  expect([status, headers.get('flagstaff-left-alone')]).toEqual([200, 'b.flag.yaml']);
  const { body } = await send(server.url, 'GET', '/snapshot');
  expect(body).toMatchObject({ flags: [{ default: 'on' }, { default: 'on' }] });
});

it('does not come along where somebody begins to edit at the last moment, and nobody is told that it is served', async () => {
  await repository.write({
    '.git/hooks/reference-transaction': `#!/bin/sh\n[ "$1" = prepared ] && echo '# mine' >> a.flag.yaml; true\n`,
  });
  await chmod(repository.path('.git/hooks/reference-transaction'), 0o755);
  const { status, headers } = await patch('a', 'on');
  expect([status, headers.get('flagstaff-left-alone')]).toEqual([202, 'a.flag.yaml']);
  expect(headers.has('flagstaff-event-id')).toBe(false);
  expect(await repository.git('show', 'main:a.flag.yaml')).toContain('default: on');
  expect(await readFile(repository.path('a.flag.yaml'), 'utf8')).toContain('default: off\n# mine\n');
});
