import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { agesInTree } from '../../../src/server/lifecycle/ages.js';
import type { ServeOptions } from '../../../src/server/start.js';
import { makeDirectory, memoryTerminal } from '../../cli/memory-terminal.js';
import { FLAGSTAFF } from '../../project/files.js';
import { makeRepository, runGit, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';
import { keyRingOf, makeKey, NOON, type Serving, serve } from '../serving.js';

const NOW = Date.parse('2026-11-22T00:00:00Z');
const DAY = 86_400_000;
const KNOWN = ['new', 'active', 'launched', 'potentially_stale', 'zombie'];

const flag = (key: string, more = '') => `key: ${key}\ntype: boolean\nowner: team-${key}\ndefault: off\n${more}`;
const production = (key: string, more: string) => `flag: ${key}\nenvironment: production\n${more}`;

const BEGINNING = {
  'flags/flagstaff.yaml': 'environments: [staging, production]\nprotected: [production]\n',
  'flags/done.flag.yaml': flag('done', 'purpose: release\n'),
  'flags/done.production.override.yaml': production('done', 'default: on\n'),
  'flags/asks.flag.yaml': flag('asks', 'purpose: permission\nprerequisites: [{ flag: done, variants: [on] }]\n'),
  'flags/split.flag.yaml': flag('split'),
  'flags/split.production.override.yaml': production('split', 'default: off\nrollout: { split: { on: 50 } }\n'),
  'flags/overdue.flag.yaml': flag('overdue', 'purpose: permission\nremove_by: 2026-11-01\n'),
  'flags/late.flag.yaml': flag('late', 'snooze: { until: 2027-04-01, reason: later }\n'),
  'flags/stop.flag.yaml': flag('stop', 'purpose: kill_switch\n'),
  'flags/stop.production.override.yaml': production('stop', 'default: on\noff_variant: off\n'),
  'flags/dead.flag.yaml': flag('dead', 'state: archived\n'),
  'flags/gone.flag.yaml': flag('gone', 'state: archived\n'),
};

const STATES = {
  new: ['fresh'],
  active: ['asks', 'stop', 'young'],
  launched: ['soon'],
  potentially_stale: ['done', 'late', 'overdue', 'split'],
  zombie: ['dead'],
};

let repository: TestRepository;
beforeAll(async () => {
  repository = await makeRepository([
    { at: '2026-07-01T00:00:00Z', files: BEGINNING },
    {
      at: '2026-11-11T00:00:00Z',
      files: {
        'flags/soon.flag.yaml': flag('soon'),
        'flags/young.flag.yaml': flag('young'),
        'flags/young.production.override.yaml': production('young', 'default: off\nrollout: { split: { on: 50 } }\n'),
      },
    },
    { at: '2026-11-19T00:00:00Z', files: { 'flags/fresh.flag.yaml': flag('fresh') } },
    { at: '2026-11-21T00:00:00Z', files: { 'flags/done.flag.yaml': `# done\n${BEGINNING['flags/done.flag.yaml']}` } },
  ]);
});
afterAll(() => repository.remove());

let servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function start(options: Partial<ServeOptions> = {}, now = () => NOW): Promise<TestServer> {
  const all = { root: repository.path('flags'), ...options };
  const server = await startTestServer(all, repository.environment, now);
  servers.push(server);
  return server;
}

interface Body {
  readonly status: number;
  readonly version: string;
  readonly flags: readonly { readonly key: string; readonly enabled: boolean; readonly lifecycle?: string }[];
  readonly ages: object;
  readonly detail: string;
}

async function read({ url }: { readonly url: string }, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/flags?${query}`, { headers });
  return (await response.json()) as Body;
}

const keys = ({ flags }: Body) => flags.map(({ key }) => key);

/** What the server says of each state. */
async function served(server: { readonly url: string }): Promise<Record<string, readonly string[]>> {
  const told = KNOWN.map(async (state) => [state, keys(await read(server, `lifecycle=${state}`))] as const);
  return Object.fromEntries(await Promise.all(told));
}

/** The same, of `flagstaff stale`. */
async function stale(...argv: string[]): Promise<Record<string, readonly string[]>> {
  const terminal = memoryTerminal({ cwd: repository.path('flags'), now: () => NOW });
  await main(['stale', '--all', '--format', 'json', ...argv], { ...terminal, env: repository.environment });
  const entries = JSON.parse(terminal.out()) as { flag: string; state: string }[];
  const of = (wanted: string) => entries.filter(({ state }) => state === wanted).map(({ flag: key }) => key);
  return Object.fromEntries(KNOWN.map((state) => [state, of(state).sort()]));
}

async function evaluate({ url }: { readonly url: string }, key: string): Promise<void> {
  await fetch(`${url}/ofrep/v1/evaluate/flags/${key}`, { method: 'POST' });
}

describe('GET /flags?lifecycle', () => {
  it('tells of a commit what `flagstaff stale` tells of it, each state, and so in each flag where it is asked for', async () => {
    const server = await start({ git: { ref: 'main' } });
    await evaluate(server, 'dead');
    expect(await served(server)).toEqual(STATES);
    expect(await stale('--server', server.url)).toEqual(STATES);
    const { flags, ages } = await read(server, 'lifecycle=potentially_stale&owner=team-late');
    expect(flags).toMatchObject([{ key: 'late', lifecycle: 'potentially_stale' }]);
    expect(ages).toEqual({ known: true });
    const all = await read(server, 'owner=team-late');
    expect(Object.keys(all)).not.toContain('ages');
    expect(Object.keys(all.flags[0] ?? {})).not.toContain('lifecycle');
  });

  it('tells of a working tree what `flagstaff stale` tells of it: what is not committed happened just now', async () => {
    const changed = { 'flags/done.production.override.yaml': production('done', 'default: off\n') };
    await repository.write({ ...changed, 'flags/extra.flag.yaml': flag('extra') });
    const server = await start();
    const told = { ...(await stale()), zombie: [] };
    expect(await served(server)).toEqual(told);
    expect(told).toMatchObject({ new: ['extra', 'fresh'], potentially_stale: ['late', 'overdue', 'split'] });
    await repository.git('checkout', '--', '.');
    await repository.write({ 'flags/extra.flag.yaml': null });
    await server.reload();
    expect(await served(server)).toEqual({ ...STATES, zombie: [] });
  });

  it('is not confused by a kill', async () => {
    const server = await start({ git: { ref: 'main' }, writing: { mode: 'proposal' } });
    const body = JSON.stringify({ environment: 'production', reason: 'INC-7' });
    const headers = { 'content-type': 'application/json' };
    const before = await served(server);
    const kill = await fetch(`${server.url}/flags/young/kill`, { method: 'POST', headers, body });
    expect(kill.status).toBe(202);
    expect(await served(server)).toEqual(before);
    const { flags } = await read(server, 'lifecycle=active&environment=production&owner=team-young');
    expect(flags).toMatchObject([{ key: 'young', enabled: false }]);
  });

  it('goes with the time, and with what is served', async () => {
    let now = NOW;
    const server = await start({ git: { ref: 'main' } }, () => now);
    expect(keys(await read(server, 'lifecycle=new'))).toEqual(['fresh']);
    now += 4 * DAY;
    expect(keys(await read(server, 'lifecycle=new'))).toEqual([]);
    const later = await repository.commit({
      on: 'later',
      at: new Date(now - DAY).toISOString(),
      files: { 'flags/newest.flag.yaml': flag('newest') },
    });
    await repository.git('checkout', '--quiet', 'main');
    await repository.git('update-ref', 'refs/heads/main', later);
    await repository.git('reset', '--quiet', '--hard');
    await server.reload();
    expect(keys(await read(server, 'lifecycle=new'))).toEqual(['newest']);
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1');
  });

  it('says so where a shallow clone hides how old the flags are, and calls nothing stale for its age', async () => {
    const clone = repository.path('..', 'shallow');
    await runGit(repository.path('..'), repository.environment, [
      'clone',
      '--quiet',
      '--depth=2',
      `file://${repository.dir}`,
      clone,
    ]);
    const server = await start({ root: `${clone}/flags` });
    const { ages, flags } = await read(server, 'lifecycle=potentially_stale');
    expect(ages).toEqual({ known: true, cut_off_at: repository.commits[2] });
    expect(flags.map(({ key }) => key)).toEqual(['overdue']);
  });

  it('says so where there is no git, and calls nothing stale for its age', async () => {
    const { dir, remove } = await makeDirectory({
      'flagstaff.yaml': FLAGSTAFF,
      'old.flag.yaml': flag('old'),
      'overdue.flag.yaml': flag('overdue', 'remove_by: 2026-11-01\n'),
    });
    const server = await start({ root: dir });
    const { ages, flags } = await read(server, 'lifecycle=potentially_stale');
    expect(ages).toEqual({ known: false, reason: expect.stringContaining('git') });
    expect(flags).toMatchObject([{ key: 'overdue', lifecycle: 'potentially_stale' }]);
    expect(keys(await read(server, 'lifecycle=active'))).toEqual(['old']);
    await remove();
  });
});

describe('the evidence of a server', () => {
  const FLAGS = { 'flagstaff.yaml': FLAGSTAFF, 'used.flag.yaml': flag('used') };
  const [adminKey, admin] = makeKey(1, { role: 'admin' });
  const [serverKey, server] = makeKey(2, { role: 'server', environment: 'production' });
  let serving: Serving;
  let now = NOON;
  let reading = 0;
  let readings = 0;
  let atATime = 0;

  beforeAll(async () => {
    const tree = agesInTree(repository.path('flags'), repository.environment);
    const counted: typeof tree = {
      lasting: true,
      read: async (...asked) => {
        readings += 1;
        reading += 1;
        atATime = Math.max(atATime, reading);
        await turn();
        reading -= 1;
        return tree.read(...asked);
      },
    };
    serving = await serve(FLAGS, { keyRing: keyRingOf([admin, server]), clock: () => now, ages: counted });
  });
  afterAll(() => serving.close());

  const ask = (state: string, key = adminKey) => read(serving, `lifecycle=${state}`, { 'x-api-key': key });

  it.each(['ready_for_code_removal', 'needs_monitoring', 'ready_to_archive', 'ghost'])(
    'does not say who is %s: that depends on code',
    async (state) => {
      const { status, detail } = await ask(state);
      expect(status).toBe(400);
      expect(detail).toContain(`\`${state}\` depends on code`);
      expect(detail).toContain('`flagstaff stale --code DIR`');
    },
  );

  it('is not asked for a state that is none: those there are, are listed', async () => {
    const { status, detail } = await ask('toString');
    expect(status).toBe(400);
    expect(detail).toContain(`one of ${KNOWN.join(', ')}`);
  });

  it('is read once for each state of the flags, and of one after the other', async () => {
    await Promise.all([ask('new'), ask('active'), ask('zombie')]);
    now += 3_600_000;
    await ask('new');
    expect(readings).toBe(1);
    const first = ask('new');
    serving.publish({ 'more.flag.yaml': flag('more') });
    const second = ask('new');
    serving.publish({ 'most.flag.yaml': flag('most') });
    const answers = await Promise.all([first, second, ask('new')]);
    expect(answers.map(({ version }) => version).at(-1)).toBe(serving.store.current?.revision.version);
    expect(keys(answers.at(-1) as Body)).toContain('most');
    expect(atATime).toBe(1);
  });

  it('makes a zombie of what is asked for while it is archived, not of what was before; only admins see it', async () => {
    const asked = () => serving.post('/ofrep/v1/evaluate/flags/used', {}, { 'x-api-key': serverKey });
    await asked();
    serving.publish({ 'used.flag.yaml': flag('used', 'state: archived\n') });
    expect(keys(await ask('zombie'))).toEqual([]);
    expect((await asked()).status).toBe(404);
    now += 60_000;
    expect((await ask('zombie')).flags).toMatchObject([{ key: 'used', lifecycle: 'zombie' }]);
    expect(keys(await ask('zombie', serverKey))).toEqual([]);
    const metrics = await (await serving.get('/metrics')).text();
    expect(metrics).toContain('flag="used",variant="",reason="ARCHIVED"} 1\n');
  });
});
