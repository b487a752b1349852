import { rename } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { FLAGSTAFF, flag, GUARDED } from '../../project/files.js';
import { startTestServer } from '../running.js';
import { send, startWriting, type WritingServer } from './writing-server.js';

const FILES = { 'flagstaff.yaml': FLAGSTAFF, 'one.flag.yaml': flag('one'), 'two.flag.yaml': flag('two') };

let writing: WritingServer;
afterEach(() => writing.close());

async function breakHead(files: Readonly<Record<string, string>>): Promise<void> {
  await writing.repository.commit({ on: 'main', files });
  await writing.repository.git('switch', '--quiet', 'elsewhere');
  await writing.send('POST', '/reload');
}

describe('a repository with problems', () => {
  it('can be changed elsewhere, though that is not served, and mended', async () => {
    writing = await startWriting(FILES);
    await breakHead({ 'two.flag.yaml': '# two\nkey: two\ntype: boolean\ndefault: off\nrules: 3\n' });
    const elsewhere = await writing.send('PATCH', '/flags/one', { owner: 'team' });
    expect([elsewhere.status, elsewhere.headers.get('flagstaff-event-id')]).toEqual([202, null]);
    // Asked again there is nothing to change, and still nothing is served.
    expect((await writing.send('PATCH', '/flags/one', { owner: 'team' })).status).toBe(202);
    expect(await writing.file('one.flag.yaml')).toContain('owner: team');
    expect(await writing.send('PATCH', '/flags/two', { rules: null })).toMatchObject({
      status: 409,
      body: { code: 'not_editable' },
    });
    const mended = await writing.send('PUT', '/flags/two', { type: 'boolean', default: 'on' });
    expect(mended.status).toBe(200);
    expect(await writing.send('POST', '/flags/two/evaluate', {})).toMatchObject({ body: { value: true } });
    expect(await writing.send('GET', '/flags/one')).toMatchObject({ body: { owner: 'team' } });
  });

  it('keeps the key of what is mended', async () => {
    writing = await startWriting(FILES);
    await breakHead({ 'two.flag.yaml': 'key: two\ntype: boolean\ndefault: off\nrules: 3\n' });
    const other = await writing.send('PUT', '/flags/two', { key: 'three', type: 'boolean', default: 'on' });
    expect(other).toMatchObject({ status: 409, body: { code: 'immutable', errors: [{ pointer: '/key' }] } });
    expect(await writing.file('two.flag.yaml')).toContain('rules: 3');
  });

  it('keeps what a part says that cannot be read, until the whole flag is sent', async () => {
    const part = 'flag: one\nenvironment: production\ndefault: off\n';
    writing = await startWriting({ ...FILES, 'flagstaff.yaml': GUARDED, 'one.production.override.yaml': part });
    await breakHead({ 'one.production.override.yaml': `${part}enabld: true # oh\n` });
    const production = { production: { default: 'on' } };
    expect(await writing.send('PATCH', '/flags/one', { environments: production })).toMatchObject({
      status: 409,
      body: { code: 'not_editable', detail: expect.stringContaining('one.production.override.yaml') },
    });
    expect(await writing.file('one.production.override.yaml')).toContain('enabld: true');
    const whole = { type: 'boolean', default: 'off', environments: production };
    expect((await writing.send('PUT', '/flags/one', whole)).status).toBe(200);
    expect(await writing.file('one.production.override.yaml')).toBe(part.replace('off', 'on').trimEnd());
  });

  it('without settings must be mended by hand', async () => {
    writing = await startWriting(FILES);
    await breakHead({ 'flagstaff.yaml': 'environments: 3\n' });
    expect(await writing.send('PATCH', '/flags/one', { owner: 'team' })).toMatchObject({
      status: 409,
      body: { code: 'not_editable', help: expect.stringContaining('by hand') },
    });
  });
});

it('says of a branch that is gone that nothing can be written, and of no flag or proposal that there is none', async () => {
  writing = await startWriting(FILES);
  await writing.repository.git('branch', '--move', 'main', 'away');
  expect(await writing.send('PATCH', '/flags/one', { owner: 'team' })).toMatchObject({
    status: 503,
    body: { code: 'unavailable', detail: 'there is no branch `main`' },
  });
});

it('takes no file away from another flag, whatever it is called', async () => {
  const part = 'flag: two\nenvironment: production\ndefault: on\n';
  writing = await startWriting({ ...FILES, 'flagstaff.yaml': GUARDED, 'one.production.override.yaml': part });
  const environments = { production: { default: 'off' } };
  for (const [method, more] of [
    ['PATCH', {}],
    ['PUT', { type: 'boolean', default: 'off' }],
  ] as const) {
    expect(await writing.send(method, '/flags/one', { ...more, environments })).toMatchObject({
      status: 409,
      body: { code: 'not_editable', help: expect.stringContaining('by hand') },
    });
  }
  expect(await writing.file('one.production.override.yaml')).toBe(part.trimEnd());
});

it('calls an error what the repository does', async () => {
  writing = await startWriting({ ...FILES, 'flagstaff.yaml': `${FLAGSTAFF}lint: { hygiene/missing-owner: error }\n` });
  const unowned = { key: 'new', type: 'boolean', default: 'off' };
  expect(await writing.send('POST', '/flags', unowned)).toMatchObject({
    status: 400,
    body: { errors: [{ code: 'hygiene/missing-owner' }] },
  });
  expect((await writing.send('POST', '/flags', { ...unowned, owner: 'team' })).status).toBe(201);
});

it('starts without its repository where it keeps a snapshot, and writes when that is back', async () => {
  writing = await startWriting(FILES);
  const { repository } = writing;
  const cache = repository.path('..', 'cache');
  const options = { root: repository.dir, git: { ref: 'main' }, writing: { mode: 'direct' as const } };
  const start = () => startTestServer({ ...options, snapshotCache: cache }, repository.environment);
  await (await start()).close();
  await rename(repository.path('.git'), repository.path('..', 'away'));
  const second = await start();
  const patch = () => send(second.url, 'PATCH', '/flags/one', { owner: 'team' });
  expect((await send(second.url, 'POST', '/flags/one/evaluate', {})).body).toMatchObject({ value: false });
  expect((await patch()).status).toBe(503);
  await rename(repository.path('..', 'away'), repository.path('.git'));
  expect((await patch()).status).toBe(200);
  await second.close();
});

describe('a working tree', () => {
  it('follows a write where it is clean, and is never overwritten where it is not', async () => {
    writing = await startWriting(FILES);
    const { repository } = writing;
    await repository.git('switch', '--quiet', 'main');
    const server = await startTestServer({ root: repository.dir, writing: { mode: 'direct' } }, repository.environment);
    await repository.write({ 'two.flag.yaml': flag('two', 'owner: me\n') });
    const clean = await send(server.url, 'PATCH', '/flags/one', { owner: 'team' });
    expect([clean.status, clean.headers.get('flagstaff-commit')]).toEqual([
      200,
      await repository.git('rev-parse', 'main'),
    ]);
    expect(clean.headers.get('flagstaff-left-alone')).toBe('two.flag.yaml');
    expect(await repository.git('status', '--porcelain')).toBe(' M two.flag.yaml');
    expect((await send(server.url, 'GET', '/flags/one')).body).toMatchObject({ owner: 'team' });
    const dirty = await send(server.url, 'PATCH', '/flags/two', { owner: 'team' });
    expect(dirty).toMatchObject({ status: 409, body: { code: 'uncommitted' } });
    await server.close();
  });
});

describe('a working tree where lines end otherwise than in the repository', () => {
  it('has revisions that count', async () => {
    writing = await startWriting(FILES);
    const { repository } = writing;
    await repository.git('switch', '--quiet', 'main');
    await repository.git('config', 'core.autocrlf', 'true');
    await repository.write({ 'one.flag.yaml': null });
    await repository.git('checkout', '--', 'one.flag.yaml');
    const server = await startTestServer({ root: repository.dir, writing: { mode: 'direct' } }, repository.environment);
    const tag = async () => String((await send(server.url, 'GET', '/flags/one')).headers.get('etag'));
    for (const owner of ['one', 'two']) {
      const headers = { 'if-match': await tag() };
      expect((await send(server.url, 'PATCH', '/flags/one', { owner }, headers)).status).toBe(200);
    }
    await server.close();
  });
});

describe('a working tree with very many changes', () => {
  it('is written to, and the answer can be read', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`notes/${100 + index} ${'x'.repeat(100)}`, 'a']),
    );
    writing = await startWriting({ ...FILES, ...many });
    const { repository } = writing;
    await repository.git('switch', '--quiet', 'main');
    await repository.write(Object.fromEntries(Object.keys(many).map((path) => [path, 'b'])));
    const server = await startTestServer({ root: repository.dir, writing: { mode: 'direct' } }, repository.environment);
    const { status, headers } = await send(server.url, 'PATCH', '/flags/one', { owner: 'team' });
    const names = String(headers.get('flagstaff-left-alone')).split(', ');
    expect([status, names[0], names.at(-1)]).toEqual([
      200,
      `notes/100%20${'x'.repeat(100)}`,
      `${200 - (names.length - 1)}%20more`,
    ]);
    await server.close();
  });
});

it('tells of several changes of one object the revision that it has in the end', async () => {
  writing = await startWriting(FILES);
  const patch = (body: object) => ({ method: 'PATCH', path: '/flags/one', body });
  const changes = [patch({ owner: 'team' }), patch({ description: 'first' })];
  const { body } = await writing.send('POST', '/changes', { changes });
  const etag = (await writing.send('GET', '/flags/one')).headers.get('etag');
  expect(body.changes).toEqual([
    { path: '/flags/one', etag },
    { path: '/flags/one', etag },
  ]);
});

it('lets a group go together with its experiments, and not under one', async () => {
  const running = flag('one', 'experiment: { split: { on: 50, off: 50 } }\n');
  const group = 'key: sides\nslots: [{ flag: one, range: [0, 50] }]\n';
  writing = await startWriting({ ...FILES, 'one.flag.yaml': running, 'sides.group.yaml': group });
  const remove = { method: 'DELETE', path: '/groups/sides' };
  const end = { method: 'PATCH', path: '/flags/one', body: { experiment: null } };
  const rename = { method: 'PATCH', path: '/flags/one', body: { owner: 'me' } };
  const outcome = async (...changes: object[]) => (await writing.send('POST', '/changes', { changes })).body;
  expect(await outcome(remove, rename)).toMatchObject({
    code: 'has_dependents',
    dependents: [{ kind: 'flag', key: 'one' }],
  });
  expect(await outcome(remove, end)).toMatchObject({ changed: true, changes: [{ removed: true }, {}] });
});

describe('the same flag, written by two at once', () => {
  it('gets both changes where they do not meet, and one where the other asked for what was', async () => {
    writing = await startWriting(FILES);
    const patches = Array.from({ length: 5 }, (_, index) => ({ metadata: { [`by${index}`]: index } }));
    const answers = await Promise.all(patches.map((patch) => writing.send('PATCH', '/flags/one', patch)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const { body, headers } = await writing.send('GET', '/flags/one');
    expect(body.metadata).toEqual({ by0: 0, by1: 1, by2: 2, by3: 3, by4: 4 });
    const tag = { 'if-match': String(headers.get('etag')) };
    const racing = await Promise.all(
      patches.map((_, index) => writing.send('PATCH', '/flags/one', { owner: `o${index}` }, tag)),
    );
    expect(racing.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
  });
});
