import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FlagstaffClient, fileSink, httpSink, memorySink, saltedHash } from '../../../src/sdk/index.js';
import { makeRepository, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../../server/running.js';

const FLAGS = {
  'flagstaff.yaml': 'environments: [production]\n',
  'button.flag.yaml':
    'key: button\ntype: string\nvariants: { grey: g, green: n }\ndefault: grey\noverrides: { green: [boss] }\nrules: [{ name: r, conditions: [{ attribute: vip, operator: eq, value: true }], split: { grey: 50, green: 50 } }]\nexperiment: { percent: 50, split: { grey: 50, green: 50 } }\n',
  'plain.flag.yaml': 'key: plain\ntype: boolean\ndefault: off\nrollout: { split: { on: 50 } }\n',
};

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function begin(): Promise<{ repository: TestRepository; server: TestServer; data: string }> {
  const data = await mkdtemp(join(tmpdir(), 'flagstaff-data-'));
  const repository = await makeRepository([{ files: FLAGS }]);
  const server = await startTestServer(
    { root: repository.dir, git: { ref: 'main' }, dataDir: data },
    repository.environment,
  );
  cleanups.push(
    () => rm(data, { recursive: true, force: true }),
    () => repository.remove(),
    () => server.close(),
  );
  return { repository, server, data };
}

async function report(server: TestServer): Promise<ReturnType<typeof JSON.parse>> {
  return (await fetch(`${server.url}/flags/button/exposures`)).json();
}

const total = (windows: readonly { variants: readonly { unique_users: number }[] }[]) =>
  windows.flatMap(({ variants }) => variants).reduce((sum, { unique_users }) => sum + unique_users, 0);

describe('exposures of the SDK', () => {
  it('are of the experiment alone: no rule, override, rollout, or look at all flags', async () => {
    const { server } = await begin();
    const sink = memorySink();
    const client = new FlagstaffClient({ url: server.url, exposures: { sink } });
    await client.ready();
    const assigned = new Map<string, string>();
    for (let user = 0; user < 40; user += 1) {
      const targetingKey = `u${user}`;
      const { variant, reason } = client.stringDetails('button', '', { targetingKey });
      if (reason === 'SPLIT' && variant !== null) assigned.set(targetingKey, variant);
      client.string('button', '', { targetingKey });
      client.boolean('plain', false, { targetingKey });
    }
    client.string('button', '', { targetingKey: 'boss' });
    client.string('button', '', { targetingKey: 'guest', vip: true });
    client.allFlags({ targetingKey: 'prefetched' });
    client.track('bought', { targetingKey: 'u1' }, { value: 3, basket: 'large' });
    expect(sink.exposures).toEqual([]);
    await client.close();
    expect(new Map(sink.exposures.map(({ user_id, variant_key }) => [user_id, variant_key]))).toEqual(assigned);
    expect(sink.exposures).toHaveLength(assigned.size);
    expect(assigned.size).toBeGreaterThan(5);
    expect(assigned.size).toBeLessThan(40);
    const { version, environment } = client.status();
    expect(sink.exposures[0]).toMatchObject({ flag_key: 'button', reason: 'SPLIT', environment, version });
    expect(sink.events).toMatchObject([
      { name: 'bought', user_id: 'u1', value: 3, attributes: { basket: 'large' }, environment: 'production' },
    ]);
  });

  it('go to the server, each once, also when it was away', async () => {
    const { repository, server, data } = await begin();
    const port = Number(new URL(server.url).port);
    const backoff = { min: 20, max: 100 };
    const client = new FlagstaffClient({ url: server.url, exposures: { flushInterval: 50 }, backoff });
    cleanups.push(() => client.close());
    await client.ready();
    await server.close();
    const users = new Set<string>();
    for (let user = 0; user < 300; user += 1) {
      const targetingKey = `u${user}`;
      if (client.stringDetails('button', '', { targetingKey }).reason === 'SPLIT') users.add(targetingKey);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(client.status().exposures).toEqual({ pending: users.size, dropped: 0 });
    const again = await startTestServer(
      { root: repository.dir, git: { ref: 'main' }, dataDir: data, port },
      repository.environment,
    );
    cleanups.push(() => again.close());
    await expect.poll(() => client.status().exposures?.pending, { timeout: 20_000 }).toBe(0);
    expect(total((await report(again)).windows)).toBe(users.size);
  });

  it('of another environment than that of the key are let go, and those of its own are told', async () => {
    const { server, repository } = await begin();
    await repository.commit({ files: { 'flagstaff.yaml': 'environments: [production, staging]\n' } });
    await server.reload();
    const bootstrap = await (await fetch(`${server.url}/snapshot?environment=staging`)).text();
    const refusing: typeof fetch = async (input, init) => {
      const isForeign = String(init?.body).includes('"environment":"staging"');
      return isForeign ? new Response(null, { status: 403 }) : fetch(input, init);
    };
    const sink = httpSink({ urls: [`${server.url}/`], fetch: refusing });
    const exposures = { sink, flushInterval: 20 };
    const [foreign, own] = ['staging', 'production'].map((environment) => {
      return new FlagstaffClient({ ...(environment === 'staging' ? { bootstrap } : { url: server.url }), exposures });
    });
    for (const client of [foreign, own]) {
      await client?.ready();
      for (let user = 0; user < 20; user += 1) client?.string('button', '', { targetingKey: `u${user}` });
      await client?.close();
    }
    expect(foreign?.status().exposures).toEqual({ pending: 0, dropped: expect.any(Number) });
    expect(foreign?.status().exposures?.dropped).toBeGreaterThan(2);
    expect(own?.status().exposures).toEqual({ pending: 0, dropped: 0 });
    expect(total((await report(server)).windows)).toBeGreaterThan(2);
  });

  it('go the same way when the flags come from files', async () => {
    const { repository } = await begin();
    const sink = memorySink();
    const client = FlagstaffClient.fromFiles(repository.dir, { watch: false, exposures: { sink, flushSize: -1 } });
    const errors: unknown[] = [];
    client.on('error', (error) => errors.push(error));
    client.track('early');
    await client.ready({ timeout: 20_000 });
    for (let user = 0; user < 20; user += 1) client.string('button', '', { targetingKey: `u${user}` });
    client.track('bought', { targetingKey: 'u1' });
    const { version, exposures } = client.status();
    expect(exposures?.dropped).toBe(1);
    await client.close();
    expect(sink.exposures.length).toBeGreaterThan(2);
    expect(sink.exposures[0]).toMatchObject({ flag_key: 'button', environment: 'production', version });
    expect(sink.events).toMatchObject([{ name: 'bought', user_id: 'u1' }]);
    expect(errors).toEqual([{ code: 'options', message: '`exposures.flushSize` is no positive number' }]);
  });

  it('go into a file, users by a hash', async () => {
    const { server } = await begin();
    const directory = await mkdtemp(join(tmpdir(), 'flagstaff-sink-'));
    cleanups.push(() => rm(directory, { recursive: true, force: true }));
    const client = new FlagstaffClient({
      url: server.url,
      exposures: { sink: fileSink(directory), hashUser: saltedHash('salt') },
    });
    await client.ready();
    for (let user = 0; user < 20; user += 1) client.string('button', '', { targetingKey: `user-${user}` });
    client.track('bought', { targetingKey: 'user-1' });
    await client.close();
    const text = await readFile(join(directory, '000001.ndjson'), 'utf8');
    expect(text).not.toContain('user-1');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(3);
    for (const { user_id } of lines) expect(user_id).toMatch(/^[0-9a-f]{32}$/);
    expect(lines.at(-1)).toMatchObject({ event: true, name: 'bought' });
  });

  it('never give an id away when its hash fails, and never throw', async () => {
    const { server } = await begin();
    const sink = memorySink();
    const hashUser = () => {
      throw new Error('no salt');
    };
    const client = new FlagstaffClient({ url: server.url, exposures: { sink, hashUser } });
    await client.ready();
    for (let user = 0; user < 20; user += 1) client.string('button', '', { targetingKey: `u${user}` });
    client.track('bought', { targetingKey: 'u1' });
    await client.close();
    expect(sink.exposures).toEqual([]);
    expect(sink.events).toMatchObject([{ name: 'bought' }]);
    expect(JSON.stringify(sink.events)).not.toContain('u1');
  });
});
