import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../running.js';

const flag = (value: string) => `key: banner\ntype: boolean\ndefault: ${value}\n`;

let dir: string;
let server: TestServer | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'flagstaff-serve-'));
  await writeFile(join(dir, 'flagstaff.yaml'), 'environments: [production]\n');
  await writeFile(join(dir, 'banner.flag.yaml'), flag('off'));
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(dir, { recursive: true, force: true });
});

const cacheOf = () => ({ snapshotCache: join(dir, 'cache.json') });

async function get(path: string): Promise<Record<string, unknown>> {
  return (await fetch(`${server?.url}${path}`)).json() as Promise<Record<string, unknown>>;
}

async function servedDefault(): Promise<unknown> {
  const { flags } = (await get('/snapshot')) as { readonly flags: readonly { readonly default: unknown }[] };
  return flags[0]?.default;
}

describe('a server of a working tree', () => {
  it('serves what is saved, by whatever way an editor saves', async () => {
    server = await startTestServer({ root: dir });
    expect(await servedDefault()).toBe('off');
    await writeFile(join(dir, 'banner.flag.yaml.new'), flag('on'));
    await rename(join(dir, 'banner.flag.yaml.new'), join(dir, 'banner.flag.yaml'));
    await expect.poll(servedDefault, { timeout: 10_000 }).toBe('on');
  });

  it('keeps what it has when the tree does not pass, says where, and goes on when it is mended', async () => {
    server = await startTestServer({ root: dir });
    const before = await get('/snapshot');
    await writeFile(join(dir, 'banner.flag.yaml'), flag('maybe'));
    await expect
      .poll(() => get('/status'), { timeout: 10_000 })
      .toMatchObject({
        refused: { reason: 'gate', diagnostics: [{ file: 'banner.flag.yaml', range: { start: { line: 3 } } }] },
        reloads: { accepted: 1, refused: 1 },
      });
    expect(await get('/snapshot')).toEqual(before);
    expect(server.logged()).toContain('banner.flag.yaml:3:10');
    await writeFile(join(dir, 'banner.flag.yaml'), flag('on'));
    await expect.poll(servedDefault, { timeout: 10_000 }).toBe('on');
    expect(await get('/status')).not.toHaveProperty('refused');
  });

  it('does not start from a tree that does not pass, and says where', async () => {
    await writeFile(join(dir, 'banner.flag.yaml'), flag('maybe'));
    await expect(startTestServer({ root: dir })).rejects.toThrow(/banner\.flag\.yaml:3: /);
  });

  it('starts from the cache when the tree does not pass, and leaves it when the tree is mended', async () => {
    server = await startTestServer({ root: dir, ...cacheOf() });
    await server.close();
    await writeFile(join(dir, 'banner.flag.yaml'), flag('maybe'));
    server = await startTestServer({ root: dir, ...cacheOf() });
    expect(await get('/status')).toMatchObject({ serving: { origin: 'cache' } });
    expect(server.logged()).toContain('from the snapshot cache');
    await writeFile(join(dir, 'banner.flag.yaml'), flag('on'));
    await expect.poll(servedDefault, { timeout: 10_000 }).toBe('on');
    expect(await get('/status')).toMatchObject({ serving: { origin: 'worktree' } });
  });

  it('starts without the directory, and follows it when it comes', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'flagstaff-cache-'));
    const options = { root: dir, snapshotCache: join(cache, 'cache.json'), poll: 50 };
    server = await startTestServer(options);
    await server.close();
    await rename(dir, `${dir}.away`);
    server = await startTestServer(options);
    expect(await servedDefault()).toBe('off');
    await rename(`${dir}.away`, dir);
    await expect.poll(() => get('/status'), { timeout: 10_000 }).toMatchObject({ serving: { origin: 'worktree' } });
    await rm(cache, { recursive: true });
  });

  it('takes a cache that is not as it was written for none', async () => {
    server = await startTestServer({ root: dir, ...cacheOf() });
    await server.close();
    server = undefined;
    await writeFile(join(dir, 'banner.flag.yaml'), flag('maybe'));
    const { readFile } = await import('node:fs/promises');
    const text = await readFile(join(dir, 'cache.json'), 'utf8');
    await writeFile(join(dir, 'cache.json'), text.replace('default: off', 'default: on'));
    await expect(startTestServer({ root: dir, ...cacheOf() })).rejects.toThrow(/do not pass the gate/);
  });

  it('serves on when the directory goes', async () => {
    server = await startTestServer({ root: dir });
    await rm(dir, { recursive: true });
    const answer = await fetch(`${server.url}/reload`, { method: 'POST' });
    expect(answer.status).toBe(503);
    await answer.text();
    expect(await servedDefault()).toBe('off');
    expect(await get('/status')).toMatchObject({ unreadable: expect.stringContaining('there is no directory') });
  });
});
