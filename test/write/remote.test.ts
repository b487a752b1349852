import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchedRef } from '../../src/sources/git-fetch.js';
import type { GitWriterOptions } from '../../src/write/git-writer.js';
import type { Writer } from '../../src/write/writer.js';
import { makeRepository, runGit, type TestRepository } from '../repository.js';
import { appending, PROJECT, refused, request, textOf, writerAt } from './writing.js';

/** `repository` is a clone of the bare `remote` beside it. */
let repository: TestRepository;
let writer: Writer;

beforeEach(async () => {
  repository = await makeRepository([{ files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': 'key: a\n' } }]);
  await runGit(repository.path('..'), repository.environment, ['clone', '-q', '--bare', 'repository', 'remote']);
  await repository.git('remote', 'add', 'origin', remotePath());
  writer = remoteWriter();
});

afterEach(async () => {
  writer.close();
  await repository.remove();
});

const remotePath = (...names: string[]) => repository.path('..', 'remote', ...names);
const remoteWriter = (options: Partial<GitWriterOptions> = {}) =>
  writerAt(repository, { remote: 'origin', ...options });
const atRemote = (...args: string[]) => runGit(remotePath(), repository.environment, args);
const text = () => atRemote('show', 'main:a.flag.yaml');
const count = async () => Number(await atRemote('rev-list', '--count', 'main'));

async function remoteHook(name: string, script: string): Promise<void> {
  await writeFile(remotePath('hooks', name), `#!/bin/sh\n${script}\n`);
  await chmod(remotePath('hooks', name), 0o755);
}

/** A commit by somebody else, pushed at once. */
function moveRemoteNow(): void {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const script = `rm -rf theirs && git clone -q remote theirs && cd theirs && echo theirs >> a.flag.yaml &&
    git commit -qam theirs && git push -q`;
  execFileSync('sh', ['-c', script], { cwd: repository.path('..'), env: repository.environment, stdio: 'ignore' });
}

/** Those that run, and do not only wait for somebody to ask how they ended. */
function living(pids: readonly number[]): string[] {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pids.join(',')], { encoding: 'utf8' });
  return stdout.split('\n').filter((state) => /^[^Z\s]/.test(state));
}

describe('a write to a remote', () => {
  it('is there before it is acknowledged, and nothing else moves here', async () => {
    const written = await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(await atRemote('rev-parse', 'main')).toBe(written.commit);
    expect(await text()).toBe('key: a\nx: 1');
    expect(await repository.git('rev-parse', fetchedRef('origin', 'main'))).toBe(written.commit);
    expect(await repository.git('rev-parse', 'main')).toBe(repository.commits[0]);
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('stands on what others pushed', async () => {
    moveRemoteNow();
    await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(await text()).toBe('key: a\ntheirs\nx: 1');
  });

  it('is planned again when it is rejected', async () => {
    let plans = 0;
    await writer.write(
      request((state) => {
        if (plans++ === 0) moveRemoteNow();
        const before = textOf(state, 'a.flag.yaml') ?? '';
        return { edits: [{ path: 'a.flag.yaml', before, after: `${before}mine\n` }], message: 'mine' };
      }),
    );
    expect(plans).toBe(2);
    expect(await text()).toBe('key: a\ntheirs\nmine');
  });

  it('goes to a URL as well', async () => {
    const byUrl = remoteWriter({ remote: `file://${remotePath()}` });
    await byUrl.write(appending('a.flag.yaml', 'x: 1'));
    byUrl.close();
    expect(await text()).toBe('key: a\nx: 1');
  });

  it('waits for others who fetch at the same time', async () => {
    const others = Array.from({ length: 4 }, () => remoteWriter());
    await Promise.all(others.map((other, index) => other.write(appending('a.flag.yaml', `x${index}`))));
    for (const other of others) other.close();
    expect((await text()).split('\n').sort()).toEqual(['key: a', 'x0', 'x1', 'x2', 'x3']);
  });

  it('needs a branch there', async () => {
    const other = remoteWriter({ ref: 'none' });
    await expect(other.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('not-found'));
    other.close();
  });

  it('needs the name of a remote that is none of an option', async () => {
    const other = remoteWriter({ remote: '--upload-pack=x' });
    await expect(other.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('invalid-argument'));
    other.close();
  });
});

describe('a remote that says no', () => {
  it('by a hook is told in its words, and nothing is changed', async () => {
    await remoteHook('pre-receive', 'echo "flags are frozen"; exit 1');
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject({ ...refused('rejected'), help: 'flags are frozen' });
    expect(await count()).toBe(1);
    expect(await repository.git('rev-parse', fetchedRef('origin', 'main'))).toBe(repository.commits[0]);
  });

  it('by a silent hook is told as git tells it', async () => {
    await remoteHook('pre-receive', 'exit 1');
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject({ ...refused('rejected'), help: /pre-receive hook declined/ });
  });

  it('because it may only be read is told', async () => {
    const receive = repository.path('..', 'receive');
    await writeFile(receive, '#!/bin/sh\necho "ERROR: Permission to acme/flags denied to flagstaff." >&2\nexit 1\n');
    await chmod(receive, 0o755);
    await repository.git('config', 'remote.origin.receivepack', receive);
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject({ ...refused('rejected'), help: /Permission to acme\/flags denied/ });
  });

  it('is not even asked when the hook `pre-push` says no here', async () => {
    await repository.write({ '.git/hooks/pre-push': '#!/bin/sh\necho "not on a Sunday" >&2\nexit 1\n' });
    await chmod(repository.path('.git/hooks/pre-push'), 0o755);
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject({ ...refused('rejected'), help: /not on a Sunday/ });
    expect(await count()).toBe(1);
  });
});

describe('a hook that takes its time', () => {
  it('is ended with the push that is given up, and nobody is left behind', async () => {
    const pids = repository.path('..', 'sleepers');
    await repository.write({
      '.git/hooks/pre-push': `#!/bin/sh\necho $$ >> '${pids}'\nsleep 60 & echo $! >> '${pids}'\nwait\n`,
    });
    await chmod(repository.path('.git/hooks/pre-push'), 0o755);
    const impatient = remoteWriter({ timeout: 1500 });
    await expect(impatient.write(appending('a.flag.yaml', 'x: 1'))).rejects.toMatchObject(refused('outcome-unknown'));
    impatient.close();
    const started = (await readFile(pids, 'utf8')).trim().split('\n').map(Number);
    expect(started.length).toBeGreaterThanOrEqual(2);
    await vi.waitFor(() => expect(living(started)).toEqual([]), { timeout: 10_000 });
    expect(await count()).toBe(1);
  });
});

describe('a remote that is down', () => {
  it('is told, nothing is committed, and the next write works', async () => {
    await rename(remotePath(), repository.path('..', 'away'));
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('remote-unavailable'));
    await rename(repository.path('..', 'away'), remotePath());
    await writer.write(appending('a.flag.yaml', 'x: 2'));
    expect(await text()).toBe('key: a\nx: 2');
  });

  it('or hangs is given up', async () => {
    const { server, port } = await silentServer();
    const hanging = remoteWriter({ remote: `git://127.0.0.1:${port}/flags`, timeout: 300 });
    const writing = hanging.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('remote-unavailable', /no answer within 0\.3 s/));
    hanging.close();
    server.close();
  });
});

/** Takes connections and never says a word. */
async function silentServer(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket: Socket) => socket.unref());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server: server.unref(), port: typeof address === 'object' && address !== null ? address.port : 0 };
}

it('a ref that stays locked is told', async () => {
  await repository.write({ [`.git/${fetchedRef('origin', 'main')}.lock`]: '' });
  const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
  await expect(writing).rejects.toMatchObject(refused('contended', /\.lock/));
  expect(await count()).toBe(1);
});

describe('a connection that is lost', () => {
  /** The commit is taken, and then nobody hears of it. */
  const drop = (script: string) =>
    remoteHook(
      'reference-transaction',
      `[ "$1" = committed ] || exit 0; [ -e dropped ] && exit 0; touch dropped; ${script}`,
    );

  it('after the remote has the commit makes it neither lost nor doubled', async () => {
    await drop('kill -9 $PPID');
    const written = await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(written.changed).toBe(true);
    expect(await atRemote('rev-parse', 'main')).toBe(written.commit);
    expect(await count()).toBe(2);
    await writer.write(appending('a.flag.yaml', 'x: 2'));
    expect(await text()).toBe('key: a\nx: 1\nx: 2');
  });

  it('after that, while others push on, neither', async () => {
    await drop(`cd ../ && rm -rf theirs && env -u GIT_DIR -u GIT_QUARANTINE_PATH sh -c '
      git clone -q remote theirs && cd theirs && echo theirs >> a.flag.yaml && git commit -qam theirs && git push -q
    '; kill -9 $PPID`);
    const written = await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(await atRemote('rev-parse', 'main~1')).toBe(written.commit);
    expect(await text()).toBe('key: a\nx: 1\ntheirs');
  });

  it('before the remote has the commit is tried again', async () => {
    await remoteHook('pre-receive', '[ -e dropped ] && exit 0; touch dropped; kill -9 $PPID');
    await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(await count()).toBe(2);
    expect(await text()).toBe('key: a\nx: 1');
  });

  it('again and again is given up, and the outcome is said to be unknown', async () => {
    await remoteHook('pre-receive', 'kill -9 $PPID');
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('outcome-unknown'));
    expect(await count()).toBe(1);
  });

  it('leaves the outcome unknown, though the next push is refused: the first one may come through yet', async () => {
    await remoteHook('pre-receive', '[ -e dropped ] && exit 1; touch dropped; kill -9 $PPID');
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('outcome-unknown'));
    expect(await count()).toBe(1);
  });

  it('for good leaves the outcome unknown', async () => {
    await drop('mv ../remote ../away; kill -9 $PPID');
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject({ ...refused('outcome-unknown'), help: /read the object again/ });
    await rename(repository.path('..', 'away'), remotePath());
    await expect(writer.write(request(() => undefined))).resolves.toMatchObject({ changed: false });
    expect(await text()).toBe('key: a\nx: 1');
  });

  it('by a hook that takes too long is not waited for', async () => {
    const impatient = remoteWriter({ timeout: 1500 });
    await remoteHook('pre-receive', '[ -e slow ] && exit 0; touch slow; exec sleep 5');
    const written = await impatient.write(appending('a.flag.yaml', 'x: 1'));
    impatient.close();
    expect(await atRemote('rev-parse', 'main')).toBe(written.commit);
    expect(await count()).toBe(2);
  });
});

describe('a proposal on a remote', () => {
  it('is a branch there, and is listed while it is', async () => {
    await repository.git('config', 'remote.origin.url', 'https://github.com/acme/flags.git');
    await repository.git('config', `url.file://${remotePath()}.insteadOf`, 'https://github.com/acme/flags.git');
    const first = await writer.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a' });
    expect(await writer.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a' })).toEqual(first);
    await writer.propose(appending('a.flag.yaml', 'x: 2'), { stem: 'a', branch: first.branch });
    expect(await writer.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a' })).toEqual(first);
    expect(await atRemote('show', `${first.branch}:a.flag.yaml`)).toBe('key: a\nx: 1\nx: 2');
    expect(await text()).toBe('key: a');
    const [listed, ...others] = await writer.proposals();
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ branch: first.branch, base: repository.commits[0] });
    expect(listed?.commits).toHaveLength(2);
    await atRemote('branch', '-D', first.branch);
    expect(await writer.proposals()).toEqual([]);
  });

  it('that is not there is told', async () => {
    const place = { stem: 'a', branch: 'flagstaff/none-12345678' };
    await expect(writer.propose(appending('a.flag.yaml', 'x'), place)).rejects.toMatchObject(refused('not-found'));
  });

  it('has a link where the host is known', async () => {
    await repository.git('config', `url.${remotePath()}.insteadOf`, 'github.com:acme/flags');
    const linked = remoteWriter({ remote: 'github.com:acme/flags' });
    const { branch, url } = await linked.propose(appending('a.flag.yaml', 'x: 1'), { stem: 'a' });
    expect(url).toBe(`https://github.com/acme/flags/compare/main...${branch}?expand=1`);
    expect((await linked.proposals())[0]?.url).toBe(url);
    linked.close();
  });
});

it('keeps the words of a remote free of secrets', async () => {
  const secret = remoteWriter({ remote: `http://user:s3cret@127.0.0.1:1/flags`, timeout: 3000 });
  const error = await secret.write(appending('a.flag.yaml', 'x')).catch((refusal) => refusal);
  secret.close();
  expect(error).toMatchObject(refused('remote-unavailable'));
  expect(`${error.message} ${error.help}`).not.toContain('s3cret');
  expect(await readFile(repository.path('a.flag.yaml'), 'utf8')).toBe('key: a\n');
});
