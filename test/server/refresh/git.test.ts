import { createHmac } from 'node:crypto';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, runGit, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';

const flag = (value: string) => ({ 'banner.flag.yaml': `key: banner\ntype: boolean\ndefault: ${value}\n` });
const SECRET = 'a secret between a git host and a server';

let home: string;
let repository: TestRepository;
let servers: TestServer[];

beforeEach(async () => {
  servers = [];
  home = await mkdtemp(join(tmpdir(), 'flagstaff-serve-'));
  const files = { 'flagstaff.yaml': 'environments: [production]\n', ...flag('off') };
  repository = await makeRepository([{ files }]);
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await repository.remove();
  await rm(home, { recursive: true, force: true });
});

async function serve(options: Partial<Parameters<typeof startTestServer>[0]> = {}): Promise<TestServer> {
  const all = { root: repository.dir, git: { ref: 'main' }, ...options };
  const server = await startTestServer(all, repository.environment);
  servers.push(server);
  return server;
}

/** A clone of the repository that a server fetches into; the repository itself is the remote. */
async function clone(name: string, ...options: readonly string[]): Promise<string> {
  const dir = join(home, name);
  const from = pathToFileURL(repository.dir).href;
  await runGit(home, repository.environment, ['clone', '--quiet', ...options, from, dir]);
  return dir;
}

const REMOTE = { ref: 'main', remote: 'origin' };

async function get(server: TestServer, path: string): Promise<Record<string, unknown>> {
  return (await fetch(`${server.url}${path}`)).json() as Promise<Record<string, unknown>>;
}

async function post(server: TestServer, path: string, headers: Record<string, string> = {}, body?: string) {
  const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, ...(body !== undefined && { body }) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const version = async (server: TestServer) => (await get(server, '/snapshot')).version;
const LONG = { timeout: 15_000 };

describe('a server of a git ref', () => {
  it('serves the commit, whatever the working tree holds', async () => {
    await repository.write(flag('on'));
    const server = await serve();
    expect(await get(server, '/snapshot')).toMatchObject({ flags: [{ default: 'off' }] });
  });

  it('follows the ref without polling', async () => {
    const server = await serve();
    const second = await repository.commit({ files: flag('on') });
    await expect.poll(() => version(server), LONG).toBe(second);
    await repository.git('pack-refs', '--all');
    const third = await repository.commit({ files: flag('off') });
    await expect.poll(() => version(server), LONG).toBe(third);
  });

  it('counts a merge as all that it brings', async () => {
    await repository.commit({ files: flag('on'), on: 'side' });
    await repository.commit({ files: { 'readme.md': 'one' }, on: 'main' });
    const server = await serve();
    const merge = await repository.commit({ merge: 'side' });
    await expect.poll(() => get(server, '/snapshot'), LONG).toMatchObject({ id: `4-0-${merge.slice(0, 12)}` });
    expect(await get(await serve(), '/snapshot')).toMatchObject({ id: `4-0-${merge.slice(0, 12)}` });
  });

  it('keeps the last good commit when a bad one comes, and says so to whoever reloads', async () => {
    const server = await serve();
    const [good] = repository.commits;
    const bad = await repository.commit({ files: flag('maybe') });
    await expect.poll(() => get(server, '/status'), LONG).toMatchObject({ refused: { version: bad, reason: 'gate' } });
    expect(await version(server)).toBe(good);
    const { status, body } = await post(server, '/reload');
    expect({ status, body }).toMatchObject({
      status: 409,
      body: { code: 'reload_refused', errors: [{ pointer: 'banner.flag.yaml:3:10' }] },
    });
    expect(await get(server, '/status')).toMatchObject({ reloads: { refused: 1 } });
  });

  it('walks back at the start to the newest commit that passes', async () => {
    const good = await repository.commit({ files: { 'staff.segment.yaml': 'key: staff\nincluded: [ada]\n' } });
    await repository.commit({ files: flag('maybe') });
    const head = await repository.commit({ files: { 'readme.md': 'bad still' } });
    const server = await serve();
    expect(await get(server, '/status')).toMatchObject({
      serving: { version: good, height: 2 },
      refused: { version: head },
    });
  });

  it('does not start when no commit passes', async () => {
    const files = { 'flagstaff.yaml': 'environments: 1\n' };
    await repository.git('checkout', '--quiet', '--orphan', 'bad');
    await repository.commit({ files });
    await expect(serve({ git: { ref: 'bad' } })).rejects.toThrow(/flagstaff\.yaml:1: /);
  });

  it('refuses a history that was rewound, until it leads on', async () => {
    const [first = ''] = repository.commits;
    const second = await repository.commit({ files: flag('on') });
    const server = await serve();
    await repository.git('reset', '--quiet', '--hard', first);
    await expect
      .poll(() => get(server, '/status'), LONG)
      .toMatchObject({ refused: { version: first, reason: 'rewind' } });
    expect(await version(server)).toBe(second);
    await repository.git('reset', '--quiet', '--hard', second);
    await expect.poll(() => get(server, '/status'), LONG).not.toHaveProperty('refused');
  });

  it('goes back with the history when it may', async () => {
    const [first = ''] = repository.commits;
    await repository.commit({ files: flag('on') });
    const server = await serve({ allowRewind: true });
    await repository.git('reset', '--quiet', '--hard', first);
    await expect.poll(() => version(server), LONG).toBe(first);
  });

  it('serves on when the branch is deleted', async () => {
    const [first] = repository.commits;
    const server = await serve();
    await repository.git('checkout', '--quiet', '--detach');
    await repository.git('branch', '--quiet', '-D', 'main');
    await expect.poll(() => get(server, '/status'), LONG).toHaveProperty('unreadable');
    expect(await version(server)).toBe(first);
  });

  it('serves a bare repository', async () => {
    const bare = await clone('bare.git', '--bare');
    expect(await version(await serve({ root: bare }))).toBe(repository.commits[0]);
  });

  it('refuses a shallow clone that it cannot deepen, and deepens one that it can', async () => {
    const second = await repository.commit({ files: flag('on') });
    const shallow = await clone('shallow', '--depth=1');
    await expect(serve({ root: shallow })).rejects.toThrow(/shallow/);
    const server = await serve({ root: shallow, git: REMOTE });
    expect(await get(server, '/status')).toMatchObject({ serving: { version: second, height: 2 } });
  });
});

describe('the history that a server tells', () => {
  it('is that of the commit it serves, page by page', async () => {
    const second = await repository.commit({ files: flag('on'), message: 'Switch the banner on' });
    const third = await repository.commit({ files: flag('off') });
    const server = await serve();
    const first = await get(server, '/audit?limit=2');
    expect(first).toMatchObject({
      entries: [{ version: third }, { version: second, message: 'Switch the banner on' }],
    });
    const rest = await get(server, `/audit?cursor=${encodeURIComponent(String(first.next_cursor))}`);
    expect(rest).toMatchObject({ entries: [{ version: repository.commits[0] }] });
    expect(rest).not.toHaveProperty('next_cursor');
  });
});

describe('a server of a remote', () => {
  it('fetches by itself, and leaves the branches of the clone alone', async () => {
    const dir = await clone('clone');
    const refs = await runGit(dir, repository.environment, ['for-each-ref', 'refs/heads', 'refs/remotes']);
    const server = await serve({ root: dir, git: REMOTE, poll: 50 });
    const second = await repository.commit({ files: flag('on') });
    await expect.poll(() => version(server), LONG).toBe(second);
    expect(await runGit(dir, repository.environment, ['for-each-ref', 'refs/heads', 'refs/remotes'])).toBe(refs);
  });

  it('refuses a forced push, and takes it when it may', async () => {
    const second = await repository.commit({ files: flag('on') });
    const careful = await serve({ root: await clone('careful'), git: REMOTE });
    const willing = await serve({ root: await clone('willing'), git: REMOTE, allowRewind: true });
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    const other = await repository.commit({ files: { ...flag('off'), 'readme.md': 'another history' } });
    expect(await post(careful, '/reload')).toMatchObject({ status: 409 });
    expect(await version(careful)).toBe(second);
    expect(await post(willing, '/reload')).toEqual({ status: 200, body: { version: other } });
  });

  it.each([
    ['is not there', async (dir: string) => rename(dir, `${dir}.away`)],
    ['has lost the branch', async () => void (await repository.git('branch', '--quiet', '-m', 'main', 'trunk'))],
  ])('serves on when the remote %s, and starts without it', async (_, lose) => {
    const dir = await clone('clone');
    const server = await serve({ root: dir, git: REMOTE });
    await lose(repository.dir);
    expect(await post(server, '/reload')).toMatchObject({ status: 502, body: { code: 'fetch_failed' } });
    expect(await get(server, '/status')).toMatchObject({ fetch: { error: expect.stringContaining('cannot fetch') } });
    expect(await version(server)).toBe(repository.commits[0]);
    expect(await version(await serve({ root: dir, git: REMOTE }))).toBe(repository.commits[0]);
  });

  it('gives up a remote that hangs, and answers meanwhile', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { readonly port: number };
    const dir = await clone('clone');
    await runGit(dir, repository.environment, ['remote', 'set-url', 'origin', `git://127.0.0.1:${port}/flags`]);
    const server = await serve({ root: dir, git: REMOTE, fetchTimeout: 300 });
    const reloading = post(server, '/reload');
    expect(await version(server)).toBe(repository.commits[0]);
    expect(await reloading).toMatchObject({
      status: 502,
      body: { detail: expect.stringContaining('no answer within') },
    });
    silent.close();
  });

  it('starts from the cache when there is neither remote nor clone', async () => {
    const dir = await clone('clone');
    const options = { root: dir, git: REMOTE, snapshotCache: join(home, 'cache'), poll: 50 };
    await (await serve(options)).close();
    await rename(dir, `${dir}.away`);
    const server = await serve(options);
    expect(await get(server, '/status')).toMatchObject({
      serving: { origin: 'cache', version: repository.commits[0] },
    });
    await rename(`${dir}.away`, dir);
    const second = await repository.commit({ files: flag('on') });
    await expect.poll(() => version(server), LONG).toBe(second);
  });
});

describe('a push hook', () => {
  const sign = (body: string, secret = SECRET) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

  it.each([
    ['signs as GitHub does', { 'x-hub-signature-256': sign('{"ref":"refs/heads/main"}') }],
    ['shows its token as GitLab does', { 'x-gitlab-token': SECRET }],
  ])('brings what was pushed when it %s', async (_, headers) => {
    const server = await serve({ root: await clone('clone'), git: REMOTE, hookSecret: SECRET });
    const second = await repository.commit({ files: flag('on') });
    const body = '{"ref":"refs/heads/main"}';
    const { status } = await post(server, '/hooks/push', { 'content-type': 'application/json', ...headers }, body);
    expect(status).toBe(202);
    await expect.poll(() => version(server), LONG).toBe(second);
  });

  it.each([
    ['with another secret', { 'x-hub-signature-256': sign('{}', 'another') }],
    ['of another body', { 'x-hub-signature-256': sign('{ }') }],
    ['with another token', { 'x-gitlab-token': 'another' }],
    ['without any', {}],
  ])('does nothing when it is signed %s', async (_, headers) => {
    const server = await serve({ hookSecret: SECRET });
    const { status } = await post(server, '/hooks/push', { 'content-type': 'application/json', ...headers }, '{}');
    expect(status).toBe(401);
  });

  it('is not there without a secret', async () => {
    expect((await post(await serve(), '/hooks/push', { 'x-gitlab-token': '' })).status).toBe(404);
  });

  it('lets a replica that moves tell the others', async () => {
    const one = await serve({ root: await clone('one'), git: REMOTE, hookSecret: SECRET });
    const options = { git: REMOTE, hookSecret: SECRET, peers: [one.url] };
    const other = await serve({ root: await clone('other'), ...options });
    const second = await repository.commit({ files: flag('on') });
    expect(await post(other, '/reload')).toEqual({ status: 200, body: { version: second } });
    await expect.poll(() => version(one), LONG).toBe(second);
  });
});
