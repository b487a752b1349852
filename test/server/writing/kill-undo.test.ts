import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { TestServer } from '../running.js';
import { isOn, KillWorld, kill, kills, LONG, SECRET, undo } from './kill-world.js';

const world = new KillWorld();
const NOWHERE = '/nowhere/flags.git';

describe('a kill that one of three replicas has committed', () => {
  it('stays in force at all of them when another one is asked to take it back', async () => {
    const [mine, others, writing] = await Promise.all(['mine', 'others', 'writing'].map((name) => world.clone(name)));
    if (mine === undefined || others === undefined || writing === undefined) return;
    const committing = await world.startOn(writing.dir);
    const waiting = await world.startOn(others.dir);
    const asked = await world.startOn(mine.dir, { peers: [waiting.url, committing.url] });
    await Promise.all([mine.remote(NOWHERE), others.remote(NOWHERE)]);
    expect((await kill(asked)).status).toBe(202);
    await vi.waitFor(async () => expect(await world.count()).toBe('2'), LONG);
    await vi.waitFor(async () => expect(await isOn(waiting)).toBe(false), LONG);
    expect(await undo(asked)).toMatchObject({ status: 404, body: { help: expect.stringContaining('PATCH') } });
    for (const one of [asked, waiting, committing]) expect(await isOn(one)).toBe(false);
    expect([await kills(asked), await kills(waiting)]).toMatchObject([[{ flag: 'pay' }], [{ flag: 'pay' }]]);
    await Promise.all([mine.remote(), others.remote()]);
    for (const one of [asked, waiting]) {
      await vi.waitFor(async () => expect([await kills(one), await isOn(one)]).toEqual([[], false]), LONG);
    }
    expect(await world.count()).toBe('2');
  });
});

describe('a kill of which nobody knows whether the remote has it', () => {
  it('is not taken back before that is known, nor after a restart', async () => {
    const { dir } = world.repository;
    const hook = world.repository.path('.git', 'hooks', 'reference-transaction');
    await writeFile(hook, `#!/bin/sh\n[ "$1" = committed ] || exit 0\nmv '${dir}' '${dir}.gone'; kill -9 $PPID\n`);
    await chmod(hook, 0o755);
    const clone = await world.clone('clone');
    const first = await world.startOn(clone.dir);
    expect((await kill(first)).status).toBe(202);
    await vi.waitFor(() => expect(first.logged()).toContain('there was no answer to commit'), LONG);
    expect(await undo(first)).toMatchObject({ status: 504, body: { code: 'outcome_unknown' } });
    await world.stop(first);
    const second = await world.startOn(clone.dir);
    expect([await isOn(second), (await undo(second)).status, await isOn(second)]).toEqual([false, 504, false]);
    await rm(join(`${dir}.gone`, '.git', 'hooks', 'reference-transaction'));
    await rename(`${dir}.gone`, dir);
    await vi.waitFor(async () => expect([await kills(second), await isOn(second)]).toEqual([[], false]), LONG);
    expect((await undo(second)).status).toBe(404);
    expect(await world.count()).toBe('2');
  });
});

describe('a replica that was not there', () => {
  it('is told as soon as it is back that a flag is killed, and that this was taken back', async () => {
    await world.lockBranch();
    const door = await openDoor();
    const options = { hookSecret: SECRET, dataDir: join(world.home, 'other') };
    const server = await world.start({ hookSecret: SECRET, peers: [door.url] });
    expect((await kill(server)).status).toBe(202);
    const other = await world.start(options);
    expect(await isOn(other)).toBe(true);
    door.leadTo(other);
    await vi.waitFor(async () => expect(await isOn(other)).toBe(false), LONG);
    door.leadTo(undefined);
    await world.stop(other);
    expect((await undo(server)).status).toBe(200);
    const back = await world.start(options);
    expect(await isOn(back)).toBe(false);
    door.leadTo(back);
    await vi.waitFor(async () => expect([await kills(back), await isOn(back)]).toEqual([[], true]), LONG);
    await rm(world.lock);
    door.close();
  });
});

interface Door {
  readonly url: string;
  /** Nobody is there: connections are ended. */
  leadTo(server: TestServer | undefined): void;
  close(): void;
}

/** One address for replicas that come and go. */
async function openDoor(): Promise<Door> {
  let port: number | undefined;
  const listener = createServer((socket) => {
    const ends = port === undefined ? [socket] : [socket, connect(port, '127.0.0.1')];
    for (const end of ends) end.on('error', () => undefined);
    const [from, to] = ends;
    if (to === undefined) from?.destroy();
    else from?.pipe(to).pipe(from);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
    leadTo: (server) => {
      port = server && Number(new URL(server.url).port);
    },
    close: () => void listener.close(),
  };
}

describe('a kill that waits for review', () => {
  it('stays one proposal when a server starts after the branch has moved', async () => {
    const writing = { mode: 'proposal' as const };
    const first = await world.start({ writing });
    expect((await kill(first)).status).toBe(202);
    await vi.waitFor(() => expect(first.logged()).toMatch(/pay is in the repository/), LONG);
    await world.stop(first);
    await world.repository.commit({ on: 'main', files: { 'new.flag.yaml': 'key: new\ntype: boolean\ndefault: on\n' } });
    await world.repository.git('switch', '--quiet', 'elsewhere');
    const second = await world.start({ writing });
    await vi.waitFor(() => expect(second.logged()).toMatch(/pay is in the repository/), LONG);
    const branches = await world.repository.git('for-each-ref', '--format=%(refname)', 'refs/heads/flagstaff/');
    expect(branches.split('\n')).toEqual([expect.stringMatching(/flagstaff\/pay-[0-9a-f]{8}$/)]);
  });
});
