import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { openKeyRing } from '../../../src/server/access/key-ring.js';
import { makeDirectory, memoryTerminal } from '../../cli/memory-terminal.js';
import { FLAGS } from '../ofrep/flags.js';
import { serve } from '../serving.js';

let dir: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ dir, remove } = await makeDirectory({}));
});
afterEach(() => remove());

async function keys(...argv: readonly string[]) {
  const terminal = memoryTerminal({ cwd: dir });
  const code = await main(['keys', ...argv, '--keys', 'keys.json'], terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

const file = () => join(dir, 'keys.json');

describe('flagstaff keys', () => {
  it('shows a new key once and keeps only its hash, for its owner alone', async () => {
    const { code, out } = await keys('add', '--role', 'server', '--env', 'production', '--name', 'the shop');
    expect(code).toBe(0);
    expect(out).toMatch(/^flagstaff_[a-z2-7]{8}_[A-Za-z0-9_-]{43}\n$/);
    const text = await readFile(file(), 'utf8');
    expect(text).not.toContain(out.trim().slice(20));
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['keys.json']);
    const listed = await keys('list');
    expect(listed.out).toContain('the shop');
    expect(listed.out).not.toContain('sha256');
    expect(JSON.parse((await keys('list', '--format', 'json')).out)).toEqual([
      {
        id: out.slice(10, 18),
        name: 'the shop',
        role: 'server',
        environment: 'production',
        created_at: '2026-12-01T12:00:00Z',
      },
    ]);
  });

  it('adds beside what is there, and revokes by id', async () => {
    const first = await keys('add', '--role', 'admin');
    const second = await keys('add', '--role', 'client', '--env', 'production', '--tag', 'web');
    expect((await keys('revoke', first.out.slice(10, 18))).code).toBe(0);
    const left = JSON.parse((await keys('list', '--format', 'json')).out);
    expect(left).toMatchObject([{ id: second.out.slice(10, 18), tags: ['web'] }]);
  });

  it.each([
    [['add'], 'role'],
    [['add', '--role', 'server'], 'needs an environment'],
    [['add', '--role', 'server', '--env', 'production', '--tag', 'web'], '`--tag`'],
    [['revoke', 'nobody'], 'there is no key file'],
    [['list'], 'there is no key file'],
  ])('refuses %j in one line', async (argv, message) => {
    const { code, err } = await keys(...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^ +at /m);
    expect(await readdir(dir)).toEqual([]);
  });

  it.each([
    '{',
    '[]',
    '{"keys":[{"id":"a"}]}',
    '{"keys":[{"id":"a","name":"b","role":"server","sha256":"00","created_at":"x"}]}',
  ])('takes %s for no key file, and leaves it as it is', async (text) => {
    await writeFile(file(), text);
    expect((await keys('add', '--role', 'admin')).err).toContain('is no key file');
    expect(await readFile(file(), 'utf8')).toBe(text);
  });

  it('does not write while somebody else does', async () => {
    await writeFile(`${file()}.lock`, '');
    expect((await keys('add', '--role', 'admin')).err).toContain('somebody else is changing the keys');
    expect(await readdir(dir)).toEqual(['keys.json.lock']);
  });
});

describe('a running server', () => {
  it('takes keys that are added and refuses keys that are revoked, without a restart', async () => {
    const first = (await keys('add', '--role', 'server', '--env', 'production')).out.trim();
    const failures: string[] = [];
    const ring = await openKeyRing(file(), { failed: ({ message }) => failures.push(message), interval: 20 });
    const serving = await serve(FLAGS, { keyRing: ring });
    const ask = async (key: string) => (await serving.get('/flags', { authorization: `Bearer ${key}` })).status;
    expect(await ask(first)).toBe(200);

    const second = (await keys('add', '--role', 'server', '--env', 'production')).out.trim();
    await vi.waitFor(async () => expect(await ask(second)).toBe(200), 10_000);
    await keys('revoke', first.slice(10, 18));
    await vi.waitFor(async () => expect(await ask(first)).toBe(401), 10_000);

    await writeFile(file(), 'broken');
    await vi.waitFor(() => expect(failures).not.toEqual([]), 10_000);
    expect(await ask(second)).toBe(200);
    ring.close();
    await serving.close();
  });
});
