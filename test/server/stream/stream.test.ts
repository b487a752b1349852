import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';
import { type Listener, listenTo } from './listener.js';

const PROJECT = 'environments: [staging, production]\n';
const flag = (value: 'on' | 'off') => `key: banner\ntype: boolean\ndefault: ${value}\n`;
const STAFF = 'key: staff\nincluded: [ada]\n';

let repository: TestRepository;
let servers: TestServer[];
let listeners: Listener[];

beforeEach(async () => {
  servers = [];
  listeners = [];
  repository = await makeRepository([{ files: { 'flagstaff.yaml': PROJECT, 'banner.flag.yaml': flag('off') } }]);
});

afterEach(async () => {
  for (const listener of listeners) listener.close();
  await Promise.all(servers.map((server) => server.close()));
  await repository.remove();
});

async function serve(options: Partial<Parameters<typeof startTestServer>[0]> = {}): Promise<TestServer> {
  const root = repository.dir;
  const server = await startTestServer({ root, git: { ref: 'main' }, ...options }, repository.environment);
  servers.push(server);
  return server;
}

async function listen(server: TestServer, lastEventId?: string): Promise<Listener> {
  const headers = lastEventId === undefined ? undefined : { 'last-event-id': lastEventId };
  const listener = await listenTo(`${server.url}/stream`, headers);
  listeners.push(listener);
  return listener;
}

const isCommit = ({ event }: { readonly event?: string | undefined }) => event === 'commit';

describe('a stream of definitions', () => {
  it('begins with everything, and goes on with one batch for each commit', async () => {
    const server = await serve();
    const listener = await listen(server);
    const [first = ''] = repository.commits;
    const snapshot = await listener.next();
    expect(snapshot).toMatchObject({ event: 'snapshot', id: `1-0-${first.slice(0, 12)}` });
    expect(JSON.parse(snapshot.data)).toMatchObject({ format: 1, environment: 'staging', version: first });
    const second = await repository.commit({ files: { 'banner.flag.yaml': flag('on'), 'staff.segment.yaml': STAFF } });
    await listener.next(isCommit);
    expect(listener.events.slice(1).map(({ event, id }) => [event, id])).toEqual([
      ['segment_updated', `2-2-${second.slice(0, 12)}`],
      ['flag_updated', `2-1-${second.slice(0, 12)}`],
      ['commit', `2-0-${second.slice(0, 12)}`],
    ]);
    expect(JSON.parse(listener.events[2]?.data ?? '')).toMatchObject({ flag: { default: 'on' }, version: second });
  });

  it('resumes from any ancestor out of git, on a server that never served it', async () => {
    const [first = ''] = repository.commits;
    await repository.commit({ files: { 'banner.flag.yaml': flag('on') } });
    const third = await repository.commit({ files: { 'staff.segment.yaml': STAFF } });
    const listener = await listen(await serve(), `1-0-${first.slice(0, 12)}`);
    await listener.next(isCommit);
    expect(listener.events.map(({ event, id }) => [event, id])).toEqual([
      ['segment_updated', `3-2-${third.slice(0, 12)}`],
      ['flag_updated', `3-1-${third.slice(0, 12)}`],
      ['commit', `3-0-${third.slice(0, 12)}`],
    ]);
  });

  it('says nothing to whoever has everything', async () => {
    const [first = ''] = repository.commits;
    const listener = await listen(await serve(), `1-0-${first.slice(0, 12)}`);
    await repository.commit({ files: { 'banner.flag.yaml': flag('on') } });
    await listener.next(isCommit);
    expect(listener.events.map(({ event }) => event)).toEqual(['flag_updated', 'commit']);
  });

  it.each([
    ['is not an id', () => 'nonsense'],
    ['is unknown', () => '1-0-000000000000'],
    ['comes from the future', (first: string) => `9-0-${first}`],
    ['stands in the middle of a batch', (first: string) => `1-1-${first}`],
  ])('begins anew when the id %s', async (_, id) => {
    const [first = ''] = repository.commits;
    await repository.commit({ files: { 'banner.flag.yaml': flag('on') } });
    const listener = await listen(await serve(), id(first.slice(0, 12)));
    expect((await listener.next()).event).toBe('snapshot');
  });

  it('begins anew when history was rewritten', async () => {
    await repository.commit({ files: { 'banner.flag.yaml': flag('on') }, on: 'other' });
    const [, other = ''] = repository.commits;
    await repository.git('checkout', '--quiet', 'main');
    await repository.commit({ files: { 'staff.segment.yaml': STAFF } });
    const listener = await listen(await serve(), `2-0-${other.slice(0, 12)}`);
    expect((await listener.next()).event).toBe('snapshot');
  });

  it('is one for each environment', async () => {
    const server = await serve();
    const listener = await listenTo(`${server.url}/stream?environment=production`);
    listeners.push(listener);
    await listener.next();
    const part = 'environments: { staging: { default: on } }\n';
    await repository.commit({ files: { 'banner.flag.yaml': flag('off') + part } });
    await listener.next(isCommit);
    expect(listener.events.map(({ event }) => event)).toEqual(['snapshot', 'commit']);
  });

  it('is refused when all are taken, and there again when one has gone', async () => {
    const server = await serve({ maxStreams: 1 });
    const first = await listen(server);
    const refused = await fetch(`${server.url}/stream`);
    expect({ status: refused.status, after: refused.headers.get('retry-after') }).toEqual({ status: 503, after: '5' });
    await refused.text();
    first.close();
    await expect.poll(async () => (await listen(server)).status).toBe(200);
  });

  it('shows a sign of life, and ends with a hint when the server does', async () => {
    const server = await serve({ keepalive: 20 });
    const listener = await listen(server);
    await listener.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.close();
    expect(await listener.ended()).toMatch(/: keepalive\n\n(: keepalive\n\n)*retry: 1000\n\n$/);
  });
});

describe('GET /snapshot', () => {
  it('gives what a stream begins with, and where to go on from', async () => {
    const server = await serve();
    const body = await (await fetch(`${server.url}/snapshot`)).text();
    const stream = await listen(server);
    expect((await stream.next()).data).toBe(body);
    const onwards = await listen(server, (JSON.parse(body) as { id: string }).id);
    await repository.commit({ files: { 'banner.flag.yaml': flag('on') } });
    expect((await onwards.next()).event).toBe('flag_updated');
  });

  it('is not sent to whoever has it', async () => {
    const server = await serve();
    const first = await fetch(`${server.url}/snapshot`);
    await first.text();
    const again = await fetch(`${server.url}/snapshot`, {
      headers: { 'if-none-match': first.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it('is compressed for whoever can read that', async () => {
    const { url } = await serve();
    const { request } = await import('node:http');
    const zipped = await new Promise<Buffer>((resolve, reject) => {
      const asked = request(`${url}/snapshot`, { headers: { 'accept-encoding': 'gzip' } }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        resolve(Buffer.concat(chunks));
      });
      asked.on('error', reject).end();
    });
    expect(gunzipSync(zipped).toString()).toBe(await (await fetch(`${url}/snapshot`)).text());
  });
});
