import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { logTo } from '../../../src/server/log.js';
import { createServer } from '../../../src/server/server.js';
import { Store } from '../../../src/server/store.js';
import { startTestServer } from '../running.js';
import { keyRingOf, makeKey, NOON, serve } from '../serving.js';
import { listenTo } from '../stream/listener.js';
import { FLAGS } from './flags.js';

const [clientKey, client] = makeKey(1, { role: 'client', environment: 'development' });

let ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended) await end();
  ended = [];
});

describe('what OFREP clients are told when nothing can be answered', () => {
  it('is 500 with the key where a definition cannot be evaluated, singly, and a row in bulk', async () => {
    const serving = await serve(FLAGS, { keyRing: keyRingOf([client]) });
    ended.push(() => serving.close());
    breakFlag(serving.store, 'plain');
    const ask = (path: string) =>
      serving.post(`/ofrep/v1/evaluate/flags${path}`, { context: { plan: 'x' } }, { 'x-api-key': clientKey });
    const single = await ask('/plain');
    expect(single.status).toBe(500);
    expect(await single.json()).toEqual({
      key: 'plain',
      errorCode: 'PARSE_ERROR',
      errorDetails: 'the flag cannot be evaluated',
      metadata: {},
    });
    const bulk = await ask('');
    expect(bulk.status).toBe(200);
    const { flags } = (await bulk.json()) as { flags: readonly { key: string; errorCode?: string }[] };
    expect(flags.filter(({ errorCode }) => errorCode !== undefined).map(({ key }) => key)).toEqual(['plain']);
  });

  it('is 503 as OFREP says, with seconds to wait, while no flags are served', async () => {
    const log = logTo(() => undefined, 'fatal', false);
    const app = await createServer({ store: new Store(), log, clock: () => NOON });
    ended.push(() => app.close());
    for (const url of ['/ofrep/v1/evaluate/flags/plain', '/ofrep/v1/evaluate/flags']) {
      const answer = await app.inject({ method: 'POST', url, headers: { host: 'localhost' }, payload: {} });
      expect(answer.statusCode).toBe(503);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.json()).toMatchObject({ errorCode: 'GENERAL', errorDetails: expect.any(String), metadata: {} });
    }
  });
});

describe('the stream that OFREP clients listen to', () => {
  it('begins with a bare id, has default events of one line and comments, and outlives reloads', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'flagstaff-serve-'));
    const save = (value: string) =>
      writeFile(join(dir, 'banner.flag.yaml'), `key: banner\ntype: boolean\ndefault: ${value}\n`);
    await writeFile(join(dir, 'flagstaff.yaml'), 'environments: [production]\n');
    await save('off');
    const server = await startTestServer({ root: dir, keepalive: 50 });
    ended.push(() => rm(dir, { recursive: true, force: true }));
    const answer = await fetch(`${server.url}/ofrep/v1/evaluate/flags`, { method: 'POST' });
    const { eventStreams } = (await answer.json()) as { eventStreams: [{ endpoint: { requestUri: string } }] };
    const listener = await listenTo(server.url + eventStreams[0].endpoint.requestUri);
    await save('on');
    await listener.next();
    await save('off');
    await listener.next();
    await server.close();
    const frames = (await listener.ended()).split('\n\n').filter((frame) => frame !== '');
    expect(frames.filter((frame) => frame.startsWith(': ')).length).toBeGreaterThan(0);
    const [first, ...events] = frames.filter((frame) => !frame.startsWith(': '));
    expect(first).toMatch(/^id: [0-9a-f]{12}-0$/);
    expect(events).toHaveLength(3);
    for (const event of events.slice(0, 2))
      expect(event).toMatch(/^id: ([0-9a-f]{12}-0)\ndata: \{"type":"refetchEvaluation","etag":"\1"\}$/);
    expect(events[2]).toBe('retry: 1000');
  });

  it('has a URL whose token runs out, and with it the ETag of the answer that names it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'flagstaff-serve-'));
    await writeFile(join(dir, 'flagstaff.yaml'), 'environments: [development]\n');
    let now = Date.parse('2026-12-01T12:10:00Z');
    const server = await startTestServer({ root: dir, server: { keyRing: keyRingOf([client]) } }, undefined, () => now);
    ended.push(server.close, () => rm(dir, { recursive: true, force: true }));
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${server.url}/ofrep/v1/evaluate/flags`, {
        method: 'POST',
        headers: { 'x-api-key': clientKey, ...headers },
      });
    const etag = (await ask()).headers.get('etag') ?? '';
    now += 40 * 60_000;
    expect((await ask({ 'if-none-match': etag })).status).toBe(304);
    now += 20 * 60_000;
    expect((await ask({ 'if-none-match': etag })).status).toBe(200);
  });
});

/** What passes the gate can be evaluated; so this goes around the gate. */
function breakFlag(store: Store, key: string): void {
  const { current } = store;
  if (current === undefined) throw new Error('nothing is served');
  const conditions = [{ attribute: 'plan', operator: 'matches' as const, value: '(' }];
  const definitions = [...current.snapshot.definitions].map(([environment, all]) => {
    const flags = all.flags.map((flag) =>
      flag.key === key ? { ...flag, rules: [{ name: 'broken', conditions, serve: 'on' }] } : flag,
    );
    return [environment, { ...all, flags }] as const;
  });
  store.publish({ ...current, snapshot: { ...current.snapshot, definitions: new Map(definitions) } });
}
