import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtProgram } from '../built.js';
import { makeRepository, runGit, type TestRepository } from '../repository.js';
import { type Listener, listenTo } from './stream/listener.js';

const flag = (value: 'on' | 'off') => `key: banner\ntype: boolean\ndefault: ${value}\n`;

let repository: TestRepository;
let home: string;
let children: ChildProcess[];
let listeners: Listener[];

beforeEach(async () => {
  [children, listeners] = [[], []];
  home = await mkdtemp(join(tmpdir(), 'flagstaff-resume-'));
  const files = { 'flagstaff.yaml': 'environments: [production]\n', 'banner.flag.yaml': flag('off') };
  repository = await makeRepository([{ files }]);
});

afterEach(async () => {
  for (const listener of listeners) listener.close();
  await Promise.all(children.map(kill));
  await rm(home, { recursive: true, force: true });
  await repository.remove();
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
}

async function start(cwd: string): Promise<string> {
  const args = [await builtProgram(), 'serve', '.', '--port', '0', '--source', 'git', '--ref', 'main'];
  const child = spawn(process.execPath, args, {
    cwd,
    env: repository.environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return line.toString().replace('listening on ', '').trim();
}

async function listen(url: string, lastEventId?: string): Promise<Listener> {
  const listener = await listenTo(`${url}/stream`, lastEventId === undefined ? {} : { 'last-event-id': lastEventId });
  listeners.push(listener);
  return listener;
}

const isCommit = ({ event }: { readonly event?: string | undefined }) => event === 'commit';

describe('a stream that is resumed', () => {
  it('goes on after the process was killed and started again, with what it has missed', async () => {
    const { id } = await (await listen(await start(repository.dir))).next();
    await Promise.all(children.map(kill));
    await repository.commit({ files: { 'banner.flag.yaml': flag('on') } });
    const listener = await listen(await start(repository.dir), id);
    await listener.next(isCommit);
    expect(listener.events.map(({ event }) => event)).toEqual(['flag_updated', 'commit']);
  });

  it('goes on at another replica of the same history', async () => {
    const { id } = await (await listen(await start(repository.dir))).next();
    await repository.commit({ files: { 'banner.flag.yaml': flag('on') } });
    await runGit(home, repository.environment, ['clone', '--quiet', '--bare', repository.dir, 'replica']);
    const listener = await listen(await start(join(home, 'replica')), id);
    await listener.next(isCommit);
    expect(listener.events.map(({ event }) => event)).toEqual(['flag_updated', 'commit']);
  });

  it('begins anew after a restart on a history that was rewritten', async () => {
    await repository.commit({ files: { 'banner.flag.yaml': flag('on') } });
    const { id } = await (await listen(await start(repository.dir))).next();
    await Promise.all(children.map(kill));
    await repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    await repository.commit({ files: { 'banner.flag.yaml': `${flag('on')}tags: [new]\n` } });
    const listener = await listen(await start(repository.dir), id);
    expect((await listener.next()).event).toBe('snapshot');
  });
});
