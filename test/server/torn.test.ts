import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEvaluator } from '../../src/engine/evaluator.js';
import type { Definitions } from '../../src/model/definitions.js';
import type { Flag } from '../../src/model/flag.js';
import type { Segment } from '../../src/model/segment.js';
import { makeRepository, runGit, type TestRepository } from '../repository.js';
import { startTestServer, type TestServer } from './running.js';
import { listenTo } from './stream/listener.js';

/** How often the files are written. */
const TIMES = 25;

/**
 * One version: a segment and two flags that serve the version's number to its members. In each version the segment
 * has other rules, which let in `ada` and never `eve`.
 */
function versionOf(number: number): Record<string, string> {
  const attribute = number % 2 === 0 ? 'even' : 'odd';
  const flag = (key: string) => `key: ${key}
type: number
expose: [server, client]
variants: { out: -1, here: ${number} }
default: out
rules:
  - conditions: [{ operator: in_segment, value: staff }]
    serve: here
`;
  return {
    'staff.segment.yaml': `key: staff\nconditions: [{ attribute: ${attribute}, operator: eq, value: yes }]\n`,
    'one.flag.yaml': flag('one'),
    'two.flag.yaml': flag('two'),
  };
}

const ADA = { targetingKey: 'ada', even: 'yes', odd: 'yes' };
const EVE = { targetingKey: 'eve', even: 'no', odd: 'no' };
const PROJECT = { 'flagstaff.yaml': 'environments: [production]\n' };

let home: string;
let repository: TestRepository;
let servers: TestServer[];

beforeEach(async () => {
  servers = [];
  home = await mkdtemp(join(tmpdir(), 'flagstaff-torn-'));
  repository = await makeRepository([{ files: { ...PROJECT, ...versionOf(0) } }]);
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await repository.remove();
  await rm(home, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startTestServer>[0]): Promise<TestServer> {
  const server = await startTestServer(options, repository.environment);
  servers.push(server);
  return server;
}

/** Both flags for a user, from one answer. */
async function both({ url }: TestServer, context: object): Promise<readonly unknown[]> {
  const answer = await fetch(`${url}/ofrep/v1/evaluate/flags`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ context }),
  });
  const { flags } = (await answer.json()) as { readonly flags: readonly { readonly value: unknown }[] };
  return flags.map(({ value }) => value);
}

async function single({ url }: TestServer, context: object): Promise<unknown> {
  const answer = await fetch(`${url}/ofrep/v1/evaluate/flags/one`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ context }),
  });
  return ((await answer.json()) as { readonly value: unknown }).value;
}

/** What a server of flags has told that cannot be. */
interface Watch {
  readonly torn: unknown[];
  readonly asked: () => number;
  stop(): Promise<void>;
}

/** Asks without pause, in bulk and singly, for one who is in every version and one who is in none. */
function askWithoutPause(server: TestServer): Watch {
  const torn: unknown[] = [];
  let asked = 0;
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      const [[one, two], [...outside], alone] = await Promise.all([
        both(server, ADA),
        both(server, EVE),
        single(server, EVE),
      ]);
      if (one !== two || typeof one !== 'number' || one < 0) torn.push({ one, two });
      if ([...outside, alone].some((value) => value !== -1)) torn.push({ outside, alone });
      asked += 1;
    }
  })();
  return {
    torn,
    asked: () => asked,
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

/** Applies batches whole, as a client must, and evaluates after each one. */
async function followStream(server: TestServer, until: number): Promise<unknown[]> {
  const listener = await listenTo(`${server.url}/stream`);
  const flags = new Map<string, Flag>();
  const segments = new Map<string, Segment>();
  const torn: unknown[] = [];
  for (let last = -1; last < until; ) {
    const { event, data } = await listener.next();
    const change = JSON.parse(data) as Definitions & { readonly flag: Flag; readonly segment: Segment };
    if (event === 'snapshot') for (const flag of change.flags) flags.set(flag.key, flag);
    if (event === 'snapshot') for (const segment of change.segments) segments.set(segment.key, segment);
    if (event === 'flag_updated') flags.set(change.flag.key, change.flag);
    if (event === 'segment_updated') segments.set(change.segment.key, change.segment);
    if (event !== 'snapshot' && event !== 'commit') continue;
    const definitions = { environment: 'production', flags: [...flags.values()], segments: [...segments.values()] };
    const evaluator = createEvaluator(definitions);
    const [one, two, eve] = [
      evaluator.evaluate('one', ADA, 0).value,
      evaluator.evaluate('two', ADA, 0).value,
      evaluator.evaluate('one', EVE, 0).value,
    ];
    if (one !== two || Number(one) <= last || eve !== -1) torn.push({ one, two, eve, last });
    last = Number(one);
  }
  listener.close();
  return torn;
}

async function clone(name: string): Promise<string> {
  const dir = join(home, name);
  const from = pathToFileURL(repository.dir).href;
  await runGit(home, repository.environment, ['clone', '--quiet', from, dir]);
  return dir;
}

const LONG = 60_000;

describe('no answer mixes two versions', () => {
  it('of commits, through two servers, singly, in bulk and over the stream', { timeout: LONG }, async () => {
    const git = { ref: 'main', remote: 'origin' };
    const [one, other] = [
      await start({ root: await clone('one'), git, poll: 20 }),
      await start({ root: await clone('other'), git, poll: 30 }),
    ];
    const watches = [one, other].map(askWithoutPause);
    const streams = [one, other].map((server) => followStream(server, TIMES));
    for (let number = 1; number <= TIMES; number += 1) await repository.commit({ files: versionOf(number) });
    expect(await Promise.all(streams)).toEqual([[], []]);
    await Promise.all(watches.map((watch) => watch.stop()));
    expect(watches.map(({ torn }) => torn)).toEqual([[], []]);
    expect(watches.every(({ asked }) => asked() > 0)).toBe(true);
  });

  it('of a working tree that is saved whole', { timeout: LONG }, async () => {
    const server = await start({ root: repository.dir });
    const watch = askWithoutPause(server);
    const stream = followStream(server, TIMES);
    for (let number = 1; number <= TIMES; number += 1) {
      await saveWhole(versionOf(number));
      if (number % 5 === 0) await expect.poll(() => both(server, ADA), { timeout: 10_000 }).toEqual([number, number]);
    }
    expect(await stream).toEqual([]);
    await watch.stop();
    expect(watch.torn).toEqual([]);
  });
});

/** As an editor saves several files: each beside the old one first, then all are renamed. */
async function saveWhole(files: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.entries(files).map(([name, text]) => ({ path: repository.path(name), text }));
  await Promise.all(names.map(({ path, text }) => writeFile(`${path}.part`, text)));
  await Promise.all(names.map(({ path }) => rename(`${path}.part`, path)));
}
