import { execFile } from 'node:child_process';
import { chmod, cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoredKey } from '../../../src/server/access/key.js';
import { signBody } from '../../../src/server/access/signature.js';
import type { ServeOptions } from '../../../src/server/start.js';
import type { TestRepository } from '../../repository.js';
import type { TestServer } from '../running.js';
import { keyRingOf, makeKey } from '../serving.js';
import { FILES, isOn, KillWorld, kill, kills, LONG, SECRET, undo, undoInTheEnd, WISH } from './kill-world.js';
import { send } from './writing-server.js';

const world = new KillWorld();
let home: string;
let repository: TestRepository;

beforeEach(() => {
  home = world.home;
  repository = world.repository;
});

const start = (options?: Partial<ServeOptions>, now?: () => number) => world.start(options, now);
const stop = (server: TestServer) => world.stop(server);
const override = () => world.override();
const lock = () => world.lock;

describe('a kill', () => {
  it('turns the flag off at once, there and nowhere else, and is in the repository soon', async () => {
    const server = await start();
    const answer = await kill(server);
    expect(answer).toMatchObject({
      status: 202,
      body: { flag: 'pay', environment: 'production', enabled: false, kept: true, reason: WISH.reason },
    });
    expect([await isOn(server), await isOn(server, 'staging')]).toEqual([false, true]);
    await vi.waitFor(async () => expect(await kills(server)).toEqual([]), LONG);
    expect(await override()).toBe(`${FILES['pay.production.override.yaml']}enabled: false`);
    expect(await repository.git('log', '-1', '--format=%B', 'main')).toContain(`Reason: ${WISH.reason}`);
    expect(await isOn(server)).toBe(false);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^flagstaff_kills 0$/m);
    expect(metrics).toMatch(/^flagstaff_kills_total 1$/m);
    expect(await kill(server)).toMatchObject({ status: 202, body: { enabled: false } });
    await vi.waitFor(async () => expect(await kills(server)).toEqual([]), LONG);
    expect(await repository.git('rev-list', '--count', 'main')).toBe('2');
  });

  it('is in the repository soon as well when it is made while another one is being written', async () => {
    const server = await start();
    for (const environment of ['production', 'staging']) await kill(server, { ...WISH, environment });
    await vi.waitFor(async () => expect(await kills(server)).toEqual([]), LONG);
    expect(await repository.git('rev-list', '--count', 'main')).toBe('3');
  });

  it('holds while the repository cannot be written, survives a restart, and is written then', async () => {
    await writeFile(lock(), '');
    const first = await start();
    expect((await kill(first)).status).toBe(202);
    await vi.waitFor(() => expect(first.logged()).toContain('not in the repository yet'), LONG);
    expect(await kills(first)).toMatchObject([{ flag: 'pay', environment: 'production', by: 'local' }]);
    await stop(first);
    const second = await start();
    expect(await isOn(second)).toBe(false);
    await rm(lock());
    await vi.waitFor(async () => expect(await kills(second)).toEqual([]), LONG);
    expect(await override()).toContain('enabled: false');
  });

  it('holds while the remote is down, and reaches it when it is back', async () => {
    const { dir: root } = await world.clone('clone');
    const server = await start({ root, git: { ref: 'main', remote: 'origin' }, fetchTimeout: 5000 });
    await rename(repository.dir, `${repository.dir}.gone`);
    expect((await kill(server)).status).toBe(202);
    expect(await isOn(server)).toBe(false);
    await vi.waitFor(() => expect(server.logged()).toContain('not in the repository yet'), LONG);
    await rename(`${repository.dir}.gone`, repository.dir);
    await vi.waitFor(async () => expect(await kills(server)).toEqual([]), LONG);
    expect(await override()).toContain('enabled: false');
  });

  it('works while the newest flags are refused, and goes on top of them', async () => {
    const server = await start();
    await repository.commit({ on: 'main', files: { 'other.flag.yaml': 'key: other\n' } });
    await repository.git('switch', '--quiet', 'elsewhere');
    await send(server.url, 'POST', '/reload');
    expect((await kill(server)).status).toBe(202);
    expect(await isOn(server)).toBe(false);
    await vi.waitFor(async () => expect(await override()).toContain('enabled: false'), LONG);
    expect(await kills(server)).toHaveLength(1);
    await repository.commit({ on: 'main', files: { 'other.flag.yaml': null } });
    await repository.git('switch', '--quiet', 'elsewhere');
    await vi.waitFor(async () => expect(await kills(server)).toEqual([]), LONG);
    expect(await isOn(server)).toBe(false);
  });

  it('is over once what it was committed on is served, though the flag is on again by then', async () => {
    const server = await start();
    await repository.commit({ on: 'main', files: { 'other.flag.yaml': 'key: other\n' } });
    await repository.git('switch', '--quiet', 'elsewhere');
    await kill(server);
    await vi.waitFor(() => expect(server.logged()).toContain('is in the repository'), LONG);
    expect([await isOn(server), await kills(server)]).toMatchObject([false, [{ flag: 'pay' }]]);
    const files = { 'other.flag.yaml': null, 'pay.production.override.yaml': FILES['pay.production.override.yaml'] };
    await repository.commit({ on: 'main', files });
    await repository.git('switch', '--quiet', 'elsewhere');
    await vi.waitFor(async () => expect([await isOn(server), await kills(server)]).toEqual([true, []]), LONG);
  });

  it('ends when its time is over and it never could be written', async () => {
    await writeFile(lock(), '');
    const server = await start();
    await kill(server, { ...WISH, expires_in: '1s' });
    expect(await isOn(server)).toBe(false);
    await vi.waitFor(async () => expect(await isOn(server)).toBe(true), LONG);
    expect(await kills(server)).toEqual([]);
    await rm(lock());
  });

  it('is streamed as a state of its own, from which nobody resumes elsewhere', async () => {
    await writeFile(lock(), '');
    const server = await start();
    const end = new AbortController();
    const stream = await fetch(`${server.url}/stream?environment=production`, { signal: end.signal });
    const before = (await (await fetch(`${server.url}/snapshot?environment=production`)).json()) as { id: string };
    const { headers } = await kill(server);
    const text = await readUntil(stream, 'flag_updated');
    end.abort();
    expect(text).toMatch(/event: flag_updated\ndata: .*"enabled":false/);
    expect(headers.get('flagstaff-event-id')).not.toBe(before.id);
    expect(text).toContain(String(headers.get('flagstaff-event-id')).split('-')[2]);
    await rm(lock());
  });

  it('reaches replicas, signed', async () => {
    await writeFile(lock(), '');
    const other = await start({ hookSecret: SECRET, dataDir: join(home, 'other') });
    const server = await start({ hookSecret: SECRET, peers: [other.url] });
    await kill(server);
    await vi.waitFor(async () => expect(await isOn(other)).toBe(false), LONG);
    const message = messageOf('lifted', 1);
    expect(await tell(other, message, 'another secret')).toBe(401);
    expect(await tell(other, message)).toBe(202);
    expect(await isOn(other)).toBe(false);
    await rm(lock());
    await vi.waitFor(async () => expect([await kills(server), await kills(other)]).toEqual([[], []]), LONG);
    expect(await repository.git('rev-list', '--count', 'main')).toBe('2');
  });
});

const EVE = { name: 'eve', email: 'eve@example.com' };

const messageOf = (what: string, at: number, expires = at + 86_400_000) =>
  JSON.stringify({ [what]: { ...WISH, flag: 'pay', author: EVE, at, expires } });

async function tell({ url }: TestServer, body: string, secret = SECRET): Promise<number> {
  const headers = { 'x-hub-signature-256': signBody(body, secret) };
  return (await fetch(`${url}/hooks/kill`, { method: 'POST', body, headers })).status;
}

describe('a message of a replica', () => {
  it('counts when it is of now, whole, and news', async () => {
    await writeFile(lock(), '');
    const server = await start({ hookSecret: SECRET });
    const now = Date.now();
    const old = messageOf('killed', now - 600_000);
    const endless = messageOf('killed', now, now + 31 * 86_400_000);
    const unfit = [old, messageOf('killed', now + 600_000), endless, '{"killed":{}}', '{"killed":1}', '[]', '{}', '{'];
    for (const message of unfit) expect([message, await tell(server, message)]).toEqual([message, 400]);
    expect([await isOn(server), await kills(server)]).toEqual([true, []]);
    const killed = messageOf('killed', now);
    expect([await tell(server, killed), await isOn(server)]).toEqual([202, false]);
    expect([await tell(server, messageOf('undone', now)), await isOn(server)]).toEqual([202, true]);
    expect([await tell(server, killed), await isOn(server)]).toEqual([202, true]);
    await rm(lock());
  });

  it('that the repository has the kill ends it only where that can be seen', async () => {
    await writeFile(lock(), '');
    const server = await start({ hookSecret: SECRET });
    const now = Date.now();
    await tell(server, messageOf('killed', now));
    await rm(lock());
    await repository.commit({ on: 'main', files: { 'other.flag.yaml': 'key: other\n' } });
    await repository.git('switch', '--quiet', 'elsewhere');
    expect(await tell(server, messageOf('lifted', now))).toBe(202);
    expect(await isOn(server)).toBe(false);
  });
});

describe('a kill that is not on the branch', () => {
  it('can be made longer, and taken back, here and on replicas', async () => {
    await writeFile(lock(), '');
    const other = await start({ hookSecret: SECRET, dataDir: join(home, 'other') });
    const server = await start({ hookSecret: SECRET, peers: [other.url] });
    const first = await kill(server);
    const second = await kill(server, { ...WISH, expires_in: '48h' });
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(Date.parse(String(second.body.expires_at))).toBeGreaterThan(Date.parse(String(first.body.expires_at)));
    await vi.waitFor(async () => expect(await isOn(other)).toBe(false), LONG);
    expect(await undo(server, 'staging')).toMatchObject({ status: 404 });
    expect(await undoInTheEnd(server)).toMatchObject({
      status: 200,
      body: { environment: 'production', enabled: true },
    });
    expect(await isOn(server)).toBe(true);
    await vi.waitFor(async () => expect(await isOn(other)).toBe(true), LONG);
    await rm(lock());
    expect(await undo(server)).toMatchObject({ status: 404, body: { help: expect.stringContaining('PATCH') } });
    expect(await repository.git('rev-list', '--count', 'main')).toBe('1');
  });

  it.each([0, 1500])(
    'is taken back everywhere or nowhere, though a replica may be writing it just then (%i ms)',
    async (after) => {
      await writeFile(lock(), '');
      const other = await start({ hookSecret: SECRET, dataDir: join(home, 'other') });
      const server = await start({ hookSecret: SECRET, peers: [other.url] });
      expect((await kill(server)).status).toBe(202);
      await vi.waitFor(async () => expect(await isOn(other)).toBe(false), LONG);
      const undoing = undoInTheEnd(server);
      await sleep(after);
      await rm(lock());
      const { status } = await undoing;
      for (const one of [server, other]) {
        await vi.waitFor(async () => expect([await kills(one), await isOn(one)]).toEqual([[], status === 200]), LONG);
      }
      expect([200, 404]).toContain(status);
      expect(await repository.git('rev-list', '--count', 'main')).toBe(status === 200 ? '1' : '2');
    },
  );
});

describe('a further kill', () => {
  it('counts, though the clock was set back since the last one', async () => {
    await writeFile(lock(), '');
    let time = Date.now();
    const server = await start({}, () => time);
    for (const step of [0, -60_000]) {
      time += step;
      expect(await kill(server)).toMatchObject({ status: 202, body: { kept: true } });
      expect(await isOn(server)).toBe(false);
      const undone = await send(server.url, 'DELETE', '/flags/pay/kill?environment=production');
      expect(undone).toMatchObject({ status: 200, body: { enabled: true } });
    }
    await rm(lock());
  });
});

describe('a kill that is on the branch', () => {
  it('is over, though somebody has turned the flag on again before that was seen here', async () => {
    const on = FILES['pay.production.override.yaml'];
    await repository.write({
      '.git/hooks/reference-transaction': `#!/bin/sh
[ "$1" = committed ] && grep -q refs/heads/main && [ ! -e .git/turned-on ] || exit 0
touch .git/turned-on
blob=$(printf '${on.replaceAll('\n', '\\n')}' | git hash-object -w --stdin)
tree=$(git ls-tree main | sed "s/blob [0-9a-f]*\\(.*production\\)/blob $blob\\1/" | git mktree)
git update-ref refs/heads/main $(git commit-tree -p main -m 'on again' $tree)
`,
    });
    await chmod(repository.path('.git/hooks/reference-transaction'), 0o755);
    const server = await start();
    expect((await kill(server)).status).toBe(202);
    await vi.waitFor(async () => expect(await repository.git('rev-list', '--count', 'main')).toBe('3'), LONG);
    expect(await override()).not.toContain('enabled: false');
    await vi.waitFor(async () => expect([await kills(server), await isOn(server)]).toEqual([[], true]), LONG);
  });

  it('goes on where the working tree is served, and did not come along since somebody edits the file', async () => {
    await repository.git('switch', '--quiet', 'main');
    await repository.write({
      '.git/hooks/reference-transaction': `#!/bin/sh
        [ "$1" = prepared ] && echo '# by hand' >> pay.production.override.yaml; true`,
    });
    await chmod(repository.path('.git/hooks/reference-transaction'), 0o755);
    const server = await world.startInTree();
    await kill(server);
    await vi.waitFor(async () => expect(await repository.git('rev-list', '--count', 'main')).toBe('2'), LONG);
    expect(await override()).toContain('enabled: false');
    expect(await readFile(repository.path('pay.production.override.yaml'), 'utf8')).toContain('# by hand');
    await vi.waitFor(() => expect(server.logged()).toContain('is in the repository'), LONG);
    await sleep(500);
    expect(await isOn(server)).toBe(false);
    expect(await kills(server)).toMatchObject([{ flag: 'pay' }]);
  });
});

describe('a kill at a replica that does not know yet that the flag is on', () => {
  it('turns it off wherever it is on, and in the repository', async () => {
    const server = await start({ hookSecret: SECRET });
    await send(server.url, 'PATCH', '/flags/pay', { environments: { production: { enabled: false } } });
    const { dir, remote } = await world.clone('late');
    const late = await world.startOn(dir, { poll: 300, peers: [server.url] });
    await remote(join(home, 'nowhere'));
    await vi.waitFor(
      async () => expect((await send(late.url, 'GET', '/status')).body.fetch).toHaveProperty('error'),
      LONG,
    );
    await send(server.url, 'PATCH', '/flags/pay', { environments: { production: { enabled: null } } });
    expect([await isOn(server), await isOn(late)]).toEqual([true, false]);
    expect((await kill(late)).status).toBe(202);
    await remote();
    await vi.waitFor(async () => expect(await isOn(server)).toBe(false), LONG);
    await vi.waitFor(async () => expect([await kills(server), await kills(late)]).toEqual([[], []]), LONG);
    expect([await isOn(server), await isOn(late)]).toEqual([false, false]);
    expect(await override()).toContain('enabled: false');
  });
});

describe('a kill that another replica has committed', () => {
  it('is not committed once more by one that comes late, over what was decided since', async () => {
    const [main, late] = [await world.clone('main'), await world.clone('late')];
    const away = await world.startOn(late.dir, { poll: 300 });
    await late.remote(join(home, 'nowhere'));
    const server = await world.startOn(main.dir, { poll: 300, peers: [away.url] });
    expect((await kill(server)).status).toBe(202);
    await vi.waitFor(async () => expect([await kills(server), await isOn(away)]).toEqual([[], false]), LONG);
    const on = { environments: { production: { enabled: null } } };
    expect((await send(server.url, 'PATCH', '/flags/pay', on)).status).toBe(200);
    await late.remote();
    await vi.waitFor(async () => expect([await kills(away), await isOn(away)]).toEqual([[], true]), LONG);
    expect(await isOn(server)).toBe(true);
    expect(await repository.git('rev-list', '--count', 'main')).toBe('3');
  });
});

describe('a kill of before', () => {
  it('is not committed once more by a replica that was not there meanwhile, over what was decided since', async () => {
    const [mine, others] = [join(home, 'data'), join(home, 'other')];
    await writeFile(lock(), '');
    const away = await start({ dataDir: mine });
    expect((await kill(away)).status).toBe(202);
    await stop(away);
    await cp(mine, others, { recursive: true });
    await rm(lock());
    const server = await start({ dataDir: others });
    await vi.waitFor(async () => expect(await kills(server)).toEqual([]), LONG);
    const on = { environments: { production: { enabled: null } } };
    expect((await send(server.url, 'PATCH', '/flags/pay', on)).status).toBe(200);
    const back = await start({ dataDir: mine });
    await vi.waitFor(async () => expect([await kills(back), await isOn(back)]).toEqual([[], true]), LONG);
    expect(await repository.git('rev-list', '--count', 'main')).toBe('3');
    expect((await kill(back)).status).toBe(202);
    await vi.waitFor(async () => expect(await kills(back)).toEqual([]), LONG);
    expect(await repository.git('rev-list', '--count', 'main')).toBe('4');
  });
});

describe('a kill that waits for review', () => {
  it('is one proposal, whichever replica makes it, and however often they start', async () => {
    const parts = { hookSecret: SECRET, writing: { mode: 'proposal' as const } };
    const other = await start({ ...parts, dataDir: join(home, 'other') });
    const server = await start({ ...parts, peers: [other.url] });
    const proposed = (one: TestServer) =>
      vi.waitFor(() => expect(one.logged()).toMatch(/pay is in the repository/), LONG);
    expect((await kill(server)).status).toBe(202);
    await Promise.all([server, other].map(proposed));
    await stop(server);
    // A commit knows its time to the second.
    await sleep(1100);
    await proposed(await start(parts));
    const branches = await repository.git('for-each-ref', '--format=%(refname)', 'refs/heads/flagstaff/');
    expect(branches.split('\n')).toEqual([expect.stringMatching(/flagstaff\/pay-[0-9a-f]{8}$/)]);
  });
});

describe('a repository that nobody can write', () => {
  const run = promisify(execFile);

  it('keeps no flag on: the kill holds, and other writes say why they cannot be', async ({ skip }) => {
    const { dir } = repository;
    if (process.getuid?.() !== 0) skip('only root may mount');
    await run('mount', ['--bind', dir, dir]).catch(() => skip('may not mount here'));
    try {
      await run('mount', ['-o', 'remount,bind,ro', dir]);
      const server = await start();
      expect(await kill(server)).toMatchObject({ status: 202, body: { kept: true } });
      expect(await isOn(server)).toBe(false);
      const patch = await send(server.url, 'PATCH', '/flags/pay', { owner: 'x' });
      expect(patch).toMatchObject({ status: 503, body: { code: 'unwritable' } });
      await run('mount', ['-o', 'remount,bind,rw', dir]);
      await vi.waitFor(async () => expect(await kills(server)).toEqual([]), LONG);
      expect(await override()).toContain('enabled: false');
    } finally {
      await run('umount', ['--lazy', dir]);
    }
  });
});

describe('who may kill what', () => {
  const keys: [string, StoredKey][] = [
    makeKey(1, { role: 'admin', scopes: ['flags:write'] }),
    makeKey(2, { role: 'admin', scopes: ['flags:kill'], environments: ['staging'] }),
    makeKey(3, { role: 'admin', scopes: ['flags:kill'] }),
  ];

  it('is a matter of scope and environment, and a reason is needed', async () => {
    const server = await start({ server: { keyRing: keyRingOf(keys.map(([, stored]) => stored)) } });
    const ask = async (key: number, body: object, path = '/flags/pay/kill') => {
      const answer = await send(server.url, 'POST', path, body, { 'x-api-key': String(keys[key]?.[0]) });
      return [answer.status, answer.body.errors?.[0]?.pointer];
    };
    expect(await ask(0, WISH)).toEqual([403, undefined]);
    expect(await ask(1, WISH)).toEqual([403, undefined]);
    expect(await ask(2, { ...WISH, environment: 'nowhere' })).toEqual([400, '/environment']);
    expect(await ask(2, { environment: 'production' })).toEqual([400, '/reason']);
    expect(await ask(2, { ...WISH, expires_in: '1y' })).toEqual([400, '/expires_in']);
    expect(await ask(2, { ...WISH, force: true })).toEqual([400, '/force']);
    expect(await ask(2, WISH, '/flags/nothing/kill')).toEqual([404, undefined]);
    expect(await ask(1, { ...WISH, environment: 'staging' })).toEqual([202, undefined]);
    const undo = async (key: number) => {
      const headers = { 'x-api-key': String(keys[key]?.[0]) };
      return (await send(server.url, 'DELETE', '/flags/pay/kill?environment=production', undefined, headers)).status;
    };
    expect([await undo(0), await undo(1), await undo(2)]).toEqual([403, 403, 404]);
  });

  it('is kept in memory alone without a directory for it, and says so; a damaged file is put aside', async () => {
    await writeFile(lock(), '');
    const server = await world.startInTree({ git: { ref: 'main' } });
    expect((await kill(server)).body).toMatchObject({ kept: false });
    const keeping = await start();
    await kill(keeping);
    await stop(keeping);
    await writeFile(join(home, 'data', 'kills.json'), 'sha256:0\n[]\n');
    const again = await start();
    expect(again.logged()).toContain('kills.json.damaged');
    expect(await isOn(again)).toBe(true);
    await rm(lock());
  });
});

async function readUntil(stream: Response, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes(wanted) && text.slice(text.indexOf(wanted)).includes('event: commit')) break;
  }
  return text;
}
