import { chmod, cp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { TestServer } from '../running.js';
import { FILES, isOn, KillWorld, kill, kills, LONG, SECRET } from './kill-world.js';
import { send } from './writing-server.js';

const world = new KillWorld();
const NOWHERE = '/nowhere/flags.git';
const OVERRIDE = 'pay.production.override.yaml';
const ON = { [OVERRIDE]: FILES[OVERRIDE] };
const OFF = { [OVERRIDE]: `${FILES[OVERRIDE]}enabled: false\n` };
const BAD = { 'other.flag.yaml': 'key: other\n' };
const LATER = 2 * 3_600_000;

/** Onto the branch that is served, without having it checked out. */
async function commit(files: Readonly<Record<string, string | null>>): Promise<void> {
  await world.repository.commit({ on: 'main', files });
  await world.repository.git('switch', '--quiet', 'elsewhere');
}

function ended(server: TestServer, on: boolean): Promise<void> {
  return vi.waitFor(async () => expect([await kills(server), await isOn(server)]).toEqual([[], on]), LONG);
}

const turnOn = ({ url }: TestServer) =>
  send(url, 'PATCH', '/flags/pay', { environments: { production: { enabled: null } } });

describe('a kill', () => {
  it('that has turned nothing off here is not over at a restart: the flag may be on elsewhere', async () => {
    await commit(OFF);
    const late = await world.clone('late');
    const first = await world.startOn(late.dir);
    await late.remote(NOWHERE);
    await commit(ON);
    expect((await kill(first)).status).toBe(202);
    await world.stop(first);
    const second = await world.startOn(late.dir);
    await vi.waitFor(() => expect(second.logged()).toContain('not in the repository yet'), LONG);
    expect(await kills(second)).toMatchObject([{ flag: 'pay' }]);
    await late.remote();
    await vi.waitFor(async () => expect(await world.override()).toContain('enabled: false'), LONG);
    await ended(second, false);
  });

  it('that is committed does not end by its time while its commit is not served', async () => {
    const first = await world.start();
    await commit(BAD);
    await send(first.url, 'POST', '/reload');
    await kill(first, { environment: 'production', reason: 'INC-7', expires_in: '1h' });
    await vi.waitFor(() => expect(first.logged()).toContain('is in the repository'), LONG);
    await world.stop(first);
    const second = await world.start({}, () => Date.now() + LATER);
    expect([await isOn(second), await kills(second)]).toMatchObject([false, [{ flag: 'pay' }]]);
    await commit({ 'other.flag.yaml': null });
    await ended(second, false);
  });

  it('is committed once more when the commit of before is taken away from the branch', async () => {
    const server = await world.start();
    await commit(BAD);
    await send(server.url, 'POST', '/reload');
    await kill(server);
    await vi.waitFor(() => expect(server.logged()).toContain('is in the repository'), LONG);
    const { repository } = world;
    await repository.git('branch', '--force', 'main', repository.commits[0] ?? '');
    await commit({ 'new.flag.yaml': 'key: new\ntype: boolean\ndefault: on\n' });
    await vi.waitFor(async () => expect(await world.override()).toContain('enabled: false'), LONG);
    await ended(server, false);
  });

  it('whose push got lost ends without a commit when its time is over by the time that is known', async () => {
    const { dir } = world.repository;
    const hook = world.repository.path('.git', 'hooks', 'pre-receive');
    await writeFile(hook, `#!/bin/sh\nmv '${dir}' '${dir}.gone'; kill -9 $PPID\n`);
    await chmod(hook, 0o755);
    const { dir: root } = await world.clone('clone');
    const first = await world.startOn(root);
    await kill(first, { environment: 'production', reason: 'INC-7', expires_in: '1h' });
    await vi.waitFor(() => expect(first.logged()).toContain('there was no answer to commit'), LONG);
    await world.stop(first);
    const second = await world.startOn(root, {}, () => Date.now() + LATER);
    expect(await isOn(second)).toBe(false);
    await rm(join(`${dir}.gone`, '.git', 'hooks', 'pre-receive'));
    await rename(`${dir}.gone`, dir);
    await ended(second, true);
    expect(await world.count()).toBe('1');
  });

  it('of a replica whose clock is ahead is not committed over what was decided since', async () => {
    const [mine, others] = [join(world.home, 'data'), join(world.home, 'other')];
    await world.lockBranch();
    const first = await world.start({ dataDir: mine }, () => Date.now() + 240_000);
    await kill(first);
    await world.stop(first);
    await cp(mine, others, { recursive: true });
    await rm(world.lock);
    const server = await world.start({ dataDir: others });
    await ended(server, false);
    expect((await turnOn(server)).status).toBe(200);
    await ended(await world.start({ dataDir: mine }), true);
    expect(await world.count()).toBe('3');
  });
});

describe('a kill at a replica that only reads', () => {
  it('is over once its commit is served, though nobody could tell', async () => {
    const { dir, remote } = await world.clone('reading');
    const options = { root: dir, git: { ref: 'main', remote: 'origin' }, hookSecret: SECRET, dataDir: `${dir}-data` };
    const reader = await world.startReading(options);
    await world.lockBranch();
    const server = await world.start({ hookSecret: SECRET, peers: [reader.url] });
    await kill(server);
    await vi.waitFor(async () => expect(await isOn(reader)).toBe(false), LONG);
    await world.stop(reader);
    await remote(NOWHERE);
    await rm(world.lock);
    await ended(server, false);
    expect((await turnOn(server)).status).toBe(200);
    await remote();
    await ended(await world.startReading(options), true);
  });
});

describe('a kill of what a working tree has on, and its branch off', () => {
  it('goes on: there is nothing to commit, and nothing that takes its place', async () => {
    await world.repository.git('switch', '--quiet', 'main');
    await world.repository.commit({ files: OFF });
    await world.repository.write(ON);
    const server = await world.startInTree();
    expect(await isOn(server)).toBe(true);
    await kill(server);
    await vi.waitFor(() => expect(server.logged()).toContain('is in the repository'), LONG);
    await send(server.url, 'POST', '/reload');
    for (let count = 0; count < 20; count += 1) expect(await isOn(server)).toBe(false);
    await world.repository.git('checkout', '--quiet', '--', OVERRIDE);
    await ended(server, false);
  });
});
