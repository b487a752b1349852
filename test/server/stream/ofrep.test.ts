import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatKey, hashKey, type StoredKey } from '../../../src/server/access/key.js';
import { startTestServer, type TestServer } from '../running.js';
import { type Listener, listenTo } from './listener.js';

const flag = (value: string, more = '') => `key: banner\ntype: boolean\ndefault: ${value}\nexpose: [client]\n${more}`;

let dir: string;
let server: TestServer;
let listeners: Listener[];

beforeEach(async () => {
  listeners = [];
  dir = await mkdtemp(join(tmpdir(), 'flagstaff-serve-'));
  await writeFile(join(dir, 'flagstaff.yaml'), 'environments: [staging, production]\n');
  await writeFile(join(dir, 'banner.flag.yaml'), flag('off'));
});

afterEach(async () => {
  for (const listener of listeners) listener.close();
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

const save = (text: string) => writeFile(join(dir, 'banner.flag.yaml'), text);

async function listen(path: string, headers: Record<string, string> = {}): Promise<Listener> {
  const listener = await listenTo(server.url + path, headers);
  listeners.push(listener);
  return listener;
}

interface Bulk {
  readonly flags: readonly { readonly value: unknown }[];
  readonly eventStreams?: readonly { readonly endpoint: { readonly requestUri: string } }[];
}

async function bulk(headers: Record<string, string> = {}): Promise<Bulk> {
  const answer = await fetch(`${server.url}/ofrep/v1/evaluate/flags`, { method: 'POST', headers });
  return (await answer.json()) as Bulk;
}

async function streamUrl(headers: Record<string, string> = {}): Promise<string> {
  return (await bulk(headers)).eventStreams?.[0]?.endpoint.requestUri ?? 'there is none';
}

const dataOf = ({ data }: { readonly data: string }) =>
  JSON.parse(data) as { readonly type: string; readonly etag?: string };

describe('the stream of OFREP notifications', () => {
  it('says nothing to whoever is up to date, and tells of a change once it can be had', async () => {
    server = await startTestServer({ root: dir });
    const listener = await listen(await streamUrl());
    expect(listener.status).toBe(200);
    await save(flag('on'));
    const event = await listener.next();
    expect(dataOf(event)).toEqual({ type: 'refetchEvaluation', etag: event.id });
    expect((await bulk()).flags).toMatchObject([{ value: true }]);
    expect(listener.events).toHaveLength(1);
  });

  it('says at once what was missed between the answer and the stream', async () => {
    server = await startTestServer({ root: dir });
    const path = await streamUrl();
    await save(flag('on'));
    await expect.poll(async () => (await bulk()).flags, { timeout: 10_000 }).toMatchObject([{ value: true }]);
    expect(dataOf(await (await listen(path)).next()).type).toBe('refetchEvaluation');
  });

  it('goes by what the client saw last when it comes back', async () => {
    server = await startTestServer({ root: dir });
    const path = await streamUrl();
    const listener = await listen(path);
    await save(flag('on'));
    const { id = '' } = await listener.next();
    const again = await listen(path, { 'last-event-id': id });
    await save(flag('off'));
    expect((await again.next()).id).not.toBe(id);
    expect(again.events).toHaveLength(1);
  });

  it('is left out of answers when all streams are taken, and then ends at once with a hint', async () => {
    server = await startTestServer({ root: dir, maxStreams: 1 });
    const path = await streamUrl();
    await listen(path);
    expect(await bulk()).not.toHaveProperty('eventStreams');
    const full = await listen(path);
    expect(full.status).toBe(200);
    expect(await full.ended()).toBe('retry: 60000\n\ndata: {"type":"refetchEvaluation"}\n\n');
  });

  it('tells when time changes a flag', async () => {
    const starts = new Date(Date.now() + 1500).toISOString();
    await save(flag('on', `off_variant: off\nstarts_at: ${starts}\n`));
    server = await startTestServer({ root: dir });
    const listener = await listen(await streamUrl());
    expect((await bulk()).flags).toMatchObject([{ value: false }]);
    const event = await listener.next();
    expect(event.id).toMatch(/^[0-9a-f]{12}-1$/);
    expect((await bulk()).flags).toMatchObject([{ value: true }]);
  });
});

describe('the stream of OFREP notifications, with keys', () => {
  const hour = 3_600_000;
  let now: number;
  let text: string;
  let stored: StoredKey;

  beforeEach(async () => {
    now = Date.parse('2026-12-01T12:59:59Z');
    const made = formatKey(new Uint8Array(5), new Uint8Array(32).fill(7));
    text = made.text;
    stored = {
      id: made.id,
      name: 'web',
      role: 'client',
      environment: 'production',
      sha256: hashKey(made.text),
      created_at: '2026-01-01T00:00:00Z',
    };
    const keyRing = { keys: new Map([[stored.id, stored]]) };
    server = await startTestServer({ root: dir, server: { keyRing } }, undefined, () => now);
  });

  it('opens with the token in the URL, and without any key', async () => {
    const path = await streamUrl({ authorization: `Bearer ${text}` });
    expect(path).not.toContain(text);
    const listener = await listen(path);
    await save(flag('on'));
    expect(dataOf(await listener.next()).type).toBe('refetchEvaluation');
  });

  it.each([
    ['no token', (path: string) => path.replace(/token=[^&]*/, '')],
    [
      'a token that was changed',
      (path: string) => path.replace(/token=(.)/, (_, first) => `token=${first === 'W' ? 'X' : 'W'}`),
    ],
    ['a signature that was changed', (path: string) => `${path.slice(0, -4)}AAAA`],
  ])('turns away whoever comes with %s, with 200', async (_, change) => {
    const path = change(await streamUrl({ authorization: `Bearer ${text}` }));
    expect(await (await listen(path)).ended()).toContain('retry: 60000');
  });

  it('turns away whoever comes with a token that has expired', async () => {
    const path = await streamUrl({ authorization: `Bearer ${text}` });
    now += hour + 1000;
    const other = await streamUrl({ authorization: `Bearer ${text}` });
    expect(other).not.toBe(path);
    expect(await (await listen(path)).ended()).toContain('retry: 60000');
  });

  it('gives no definitions to a client key', async () => {
    const headers = { authorization: `Bearer ${text}` };
    for (const path of ['/snapshot', '/stream']) {
      const answer = await fetch(server.url + path, { headers });
      expect(answer.status).toBe(403);
      await answer.text();
    }
  });
});
