import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';

const PROJECT = 'environments: [production]\n';
const BUTTON = (a: number) => `
key: button
type: string
variants: { grey: g, green: n }
default: grey
overrides: { green: [boss] }
experiment:
  hypothesis: green is better
  split: { grey: ${a}, green: ${100 - a} }
`;

let repository: TestRepository;
let data: string;
let server: TestServer;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'flagstaff-data-'));
  repository = await makeRepository([{ files: { 'flagstaff.yaml': PROJECT, 'button.flag.yaml': BUTTON(50) } }]);
  server = await start();
});
afterEach(async () => {
  await server.close();
  await repository.remove();
  await rm(data, { recursive: true, force: true });
});

const start = () =>
  startTestServer({ root: repository.dir, git: { ref: 'main' }, dataDir: data }, repository.environment);

/** What a test reads of an answer that it knows. */
type Body = ReturnType<typeof JSON.parse>;

interface Answer {
  readonly status: number;
  readonly body: Body;
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(server.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const evaluate = (user: string) => ask('POST', '/flags/button/evaluate', { user_id: user });

/** The beginning of the last whole hour. */
const LATELY = new Date(Math.floor(Date.now() / 3_600_000 - 1) * 3_600_000).toISOString();

function exposure(user: string, variant: string, more: object = {}) {
  const timestamp = LATELY;
  const version = repository.commits.at(-1);
  const names = { flag_key: 'button', variant_key: variant, user_id: user };
  return { ...names, timestamp, reason: 'SPLIT', environment: 'production', version, ...more };
}

const send = (id: string, exposures: readonly object[]) =>
  ask('POST', '/exposures', { exposures }, { 'idempotency-key': id });

async function windows(query = ''): Promise<Body> {
  return (await ask('GET', `/flags/button/exposures${query}`)).body.windows;
}

const users = (window: Body) =>
  window.variants.map(({ variant_key, unique_users }: Body) => `${variant_key} ${unique_users}`);

describe('exposures over HTTP', () => {
  it('are counted once for each idempotency key, and are there after a restart', async () => {
    const batch = [exposure('u1', 'grey'), exposure('u2', 'green'), exposure('u2', 'green')];
    expect((await send('a', batch)).body).toEqual({ accepted: 3, ignored: 0, duplicate: false });
    expect((await send('a', batch)).body).toEqual({ accepted: 0, ignored: 0, duplicate: true });
    const [before] = await windows();
    expect(before.variants).toEqual([
      { variant_key: 'grey', evaluations: 1, unique_users: 1, share: 0.5, expected_share: 0.5 },
      { variant_key: 'green', evaluations: 2, unique_users: 1, share: 0.5, expected_share: 0.5 },
    ]);
    await server.close();
    server = await start();
    expect((await send('a', batch)).body.duplicate).toBe(true);
    expect(await windows()).toEqual([before]);
    expect((await windows(`?to=${LATELY}&interval=hour`))[0].series).toEqual([]);
  });

  it('are split where a commit changed the experiment, also for clients that lag behind', async () => {
    const old = exposure('u1', 'grey');
    await send('a', [old]);
    await repository.commit({ files: { 'button.flag.yaml': `${BUTTON(50)}description: no change\n` } });
    await server.reload();
    await send('b', [exposure('u2', 'green')]);
    await repository.commit({ files: { 'button.flag.yaml': BUTTON(90) } });
    await server.reload();
    await send('c', [
      exposure('u3', 'grey'),
      { ...old, user_id: 'u4' },
      exposure('u5', 'grey', { version: 'nobody knows' }),
    ]);
    const found = await windows();
    expect(found.map(({ known }: Body) => known).sort()).toEqual([false, true, true]);
    expect(found.map(users)).toContainEqual(['grey 2', 'green 1']);
    expect(found.map(users)).toContainEqual(['grey 1', 'green 0']);
    expect(found.map(users)).toContainEqual(['grey 1']);
  });

  it('are made of single answers in which the experiment decided, and of no others', async () => {
    for (let user = 0; user < 40; user += 1) await evaluate(`u${user}`);
    await evaluate('u1');
    await evaluate('boss');
    await ask('POST', '/flags/evaluate-bulk', { user_id: 'bulk' });
    await ask('POST', '/ofrep/v1/evaluate/flags', { context: { targetingKey: 'prefetched' } });
    await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: server.url }));
    const client = OpenFeature.getClient();
    for (let user = 0; user < 10; user += 1) await client.getStringValue('button', '', { targetingKey: `o${user}` });
    await OpenFeature.close();
    await server.close();
    server = await start();
    const [window] = await windows();
    const counts = window.variants.map(({ unique_users }: Body) => unique_users);
    expect(counts[0] + counts[1]).toBe(50);
    expect(window.variants[0].evaluations + window.variants[1].evaluations).toBe(50);
    expect(window.several_variants).toBe(0);
  });

  it('of a user are noted in each environment that asks for them at the same time', async () => {
    await repository.commit({ files: { 'flagstaff.yaml': 'environments: [production, staging]\n' } });
    await server.reload();
    const environments = ['production', 'staging'];
    for (const environment of environments) {
      await ask('POST', '/flags/button/evaluate', { user_id: 'u1', environment });
    }
    await server.close();
    server = await start();
    const found = await Promise.all(environments.map((environment) => windows(`?environment=${environment}`)));
    expect(found.map((all) => all.map(users))).toEqual([[expect.anything()], [expect.anything()]]);
  });

  it('of a user whom no batch could tell of are let go: what callers make up does not fill the memory', async () => {
    await evaluate('u'.repeat(513));
    await evaluate('u'.repeat(512));
    expect((await ask('GET', '/status')).body.exposures).toMatchObject({ pending: 1, dropped: 1 });
  });

  it('stand first in the window that the experiment is in now, also when it is back there', async () => {
    await send('a', [exposure('u1', 'grey')]);
    for (const share of [90, 50]) {
      await repository.commit({ files: { 'button.flag.yaml': BUTTON(share) } });
      await server.reload();
      await send(`to-${share}`, [exposure(`u${share}`, 'green')]);
    }
    const found = await windows();
    expect(found.map(users)).toEqual([
      ['grey 1', 'green 1'],
      ['grey 0', 'green 1'],
    ]);
    expect(found.map(({ current }: Body) => current)).toEqual([true, false]);
  });

  it('of revisions that nobody knows are no leaks', async () => {
    await send('a', [exposure('u1', 'grey', { version: 'nobody knows' })]);
    const [window] = await windows();
    expect(window).toMatchObject({ known: false, current: false, sample_ratio: { state: 'too_few', leaks: [] } });
  });

  it('of what is no experiment are ignored, and what is made up takes no room', async () => {
    const answer = await send('a', [
      exposure('u1', 'grey'),
      exposure('u2', 'grey', { flag_key: 'made-up' }),
      exposure('u3', 'grey', { environment: 'made-up' }),
      exposure('u4', 'made-up'),
      exposure('u5', 'grey', { reason: 'MADE_UP' }),
      exposure('u6', 'grey', { reason: 'OVERRIDE' }),
    ]);
    expect(answer.body).toEqual({ accepted: 4, ignored: 2, duplicate: false });
    const [window] = await windows();
    expect(users(window)).toEqual(['grey 1', 'green 0']);
    expect(window.others).toEqual({ UNKNOWN_VARIANT: 1, OTHER: 1, OVERRIDE: 1 });
  });

  it('of clocks that are wrong count now, or 90 days ago', async () => {
    const times = ['2999-01-01T00:00:00Z', '1970-01-01T00:00:00Z', new Date(Date.now() + 7_200_000).toISOString()];
    await send(
      'a',
      times.map((timestamp, user) => exposure(`u${user}`, 'grey', { timestamp })),
    );
    const [{ series, variants }] = await windows('?interval=hour');
    const ages = series.map(({ start }: Body) => Math.floor((Date.now() - Date.parse(start)) / 86_400_000));
    expect(ages).toEqual([90, 0]);
    expect(variants[0]).toMatchObject({ evaluations: 3, unique_users: 3 });
  });

  it('tell a skewed split', async () => {
    const grey = Array.from({ length: 900 }, (_, user) => exposure(`g${user}`, 'grey'));
    const green = Array.from({ length: 600 }, (_, user) => exposure(`n${user}`, 'green'));
    await send('a', [...grey, ...green]);
    const [window] = await windows();
    expect(window.sample_ratio).toMatchObject({ state: 'skewed', leaks: [] });
    expect(window.sample_ratio.deviation).toBeCloseTo(10, 5);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('flagstaff_experiments_skewed 0');
    const { exposures } = (await ask('GET', '/status')).body;
    expect(exposures).toEqual({ kind: 'embedded', pending: 0, dropped: 0, skewed: [] });
  });

  it.each<[string, unknown, string]>([
    ['no object', [], 'the body is not an object'],
    ['an unknown field', { exposure: [] }, '/exposure is unknown'],
    ['no list', { exposures: {} }, '/exposures must be a list'],
    ['a missing field', { exposures: [{ flag_key: 'f' }] }, '/exposures/0/variant_key must be a text'],
    [
      'a wrong time',
      { exposures: [{ ...exposureShape(), timestamp: 'now' }] },
      '/exposures/0/timestamp must be an RFC 3339',
    ],
    [
      'a wrong value',
      { events: [{ name: 'n', timestamp: '2026-11-22', environment: 'e', value: '1' }] },
      '/events/0/value must be a number',
    ],
  ])('are refused with %s', async (_, body, detail) => {
    const answer = await ask('POST', '/exposures', body, { 'idempotency-key': 'x' });
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toContain(detail);
  });

  it('need a key that tells batches apart', async () => {
    const answer = await ask('POST', '/exposures', { exposures: [] });
    expect(answer.status).toBe(400);
    expect(answer.body.help).toContain('new for each batch');
  });

  it('say what is wrong with a question', async () => {
    expect((await ask('GET', '/flags/nothing/exposures')).status).toBe(404);
    expect((await ask('GET', '/flags/button/exposures?interval=week')).body.detail).toContain('one of hour, day');
    expect((await ask('GET', '/flags/button/exposures?from=yesterday')).body.detail).toContain('RFC 3339');
    const turned = await ask('GET', '/flags/button/exposures?from=2026-11-22&to=2026-11-21');
    expect([turned.status, turned.body.detail]).toEqual([400, 'the parameter `to`: a time after `from`']);
  });
});

function exposureShape() {
  const names = { flag_key: 'f', variant_key: 'v', user_id: 'u', reason: 'SPLIT' };
  return { ...names, timestamp: '2026-11-22T09:00:00Z', environment: 'e', version: 'v' };
}

describe('GET /flags/{key}/metrics', () => {
  it('tells evaluations by hour, variant and reason', async () => {
    for (const user of ['boss', 'boss', 'u1']) await evaluate(user);
    const { body } = await ask('GET', '/flags/button/metrics?hours=2');
    expect(body).toMatchObject({ flag_key: 'button', environment: 'production' });
    expect(Date.now() - Date.parse(body.since)).toBeLessThan(3_600_000);
    expect(Date.parse(body.since)).toBeLessThanOrEqual(Date.now());
    const all = body.hours.flatMap(({ evaluations }: Body) => evaluations);
    expect(all).toContainEqual({ variant_key: 'green', reason: 'OVERRIDE', count: 2 });
    expect(all.map(({ count }: Body) => count)).toEqual([2, 1]);
    expect((await ask('GET', '/flags/button/metrics?hours=0')).body.detail).toContain('from 1 to 168');
    expect((await ask('GET', '/flags/nothing/metrics')).status).toBe(404);
  });
});
