import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gitWriter } from '../../src/write/git-writer.js';
import type { Writer } from '../../src/write/writer.js';
import { makeRepository, runGit, type TestRepository } from '../repository.js';
import { appending, PROJECT, planning, refused, request, textOf, writerAt } from './writing.js';

let repository: TestRepository;
let writer: Writer;

beforeEach(async () => {
  const files = { 'flags/flagstaff.yaml': PROJECT, 'flags/a.flag.yaml': 'key: a\n', 'app.js': '1\n' };
  repository = await makeRepository([{ files }]);
  writer = writerAt(repository);
});

afterEach(async () => {
  writer.close();
  await repository.remove();
});

const read = (path: string) => readFile(repository.path(path), 'utf8');
const show = (path: string, at = 'main') => repository.git('show', `${at}:${path}`);
const status = () => repository.git('status', '--porcelain');
const head = (ref = 'main') => repository.git('rev-parse', ref);
const litter = async () => (await readdir(repository.path('.git'))).filter((name) => /flagstaff-|lock/.test(name));

async function hook(name: string, script: string): Promise<void> {
  await repository.write({ [`.git/hooks/${name}`]: `#!/bin/sh\n${script}\n` });
  await chmod(repository.path('.git/hooks', name), 0o755);
}

describe('a write', () => {
  beforeEach(() => repository.git('switch', '--quiet', '--create', 'elsewhere'));

  it('is one commit by its author, made by Flagstaff, with its reason and request', async () => {
    const written = await writer.write(appending('a.flag.yaml', 'x: 1', { reason: 'because', requestId: 'r-1' }));
    expect(written).toEqual({ commit: await head(), changed: true, leftAlone: [] });
    expect(await repository.git('log', '-1', '--format=%an <%ae>|%cn <%ce>|%at|%ct|%P', 'main')).toBe(
      `Ada <ada@example.com>|Flagstaff <flagstaff@localhost>|1780315200|1780315200|${repository.commits[0]}`,
    );
    expect(await repository.git('log', '-1', '--format=%B', 'main')).toBe(
      'a.flag.yaml: x: 1\n\nReason: because\nRequest-Id: r-1\n',
    );
    expect(await repository.git('show', '--format=', '--numstat', 'main')).toBe('1\t0\tflags/a.flag.yaml');
    expect(await repository.git('reflog', '-1', '--format=%gs', 'main')).toBe('flagstaff');
  });

  it('leaves the working tree alone where another branch is checked out', async () => {
    await repository.write({ 'app.js': '2\n' });
    await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(await status()).toBe(' M app.js');
    expect(await read('flags/a.flag.yaml')).toBe('key: a\n');
  });

  it('may make, change and remove several files at once', async () => {
    await writer.write(
      planning([
        { path: 'new/b.flag.yaml', after: 'key: b\n' },
        { path: 'a.flag.yaml', before: 'key: a\n' },
        { path: 'flagstaff.yaml', before: PROJECT, after: `${PROJECT}# more\n` },
      ]),
    );
    expect(await repository.git('ls-tree', '-r', '--name-only', 'main')).toBe(
      'app.js\nflags/flagstaff.yaml\nflags/new/b.flag.yaml',
    );
    await writer.write(planning([{ path: 'new/b.flag.yaml', before: 'key: b\n' }]));
    expect(await repository.git('ls-tree', '-r', '--name-only', 'main')).toBe('app.js\nflags/flagstaff.yaml');
  });

  it('that changes nothing makes no commit', async () => {
    const before = await head();
    expect(await writer.write(request(() => undefined))).toEqual({ commit: before, changed: false, leftAlone: [] });
    expect(await writer.write(planning([]))).toEqual({ commit: before, changed: false, leftAlone: [] });
    expect(await head()).toBe(before);
  });

  it('ends with what its plan throws', async () => {
    const boom = new Error('stale');
    const plan = () => {
      throw boom;
    };
    await expect(writer.write(request(plan))).rejects.toBe(boom);
    await expect(writer.write(appending('a.flag.yaml', 'x: 1'))).resolves.toMatchObject({ changed: true });
  });

  it('is planned again when somebody else moves the branch meanwhile', async () => {
    const states: (string | undefined)[] = [];
    const written = await writer.write(
      request((state) => {
        states.push(state.commit);
        if (states.length === 1) moveMainNow();
        const before = textOf(state, 'a.flag.yaml') ?? '';
        return { edits: [{ path: 'a.flag.yaml', before, after: `${before}mine\n` }], message: 'mine' };
      }),
    );
    expect(states).toEqual([repository.commits[0], await head('main~1')]);
    expect(written.commit).toBe(await head());
    expect(await show('flags/a.flag.yaml')).toBe('key: a\ntheirs\nmine');
  });

  it('gives up on a branch that never stands still', async () => {
    const restless = writerAt(repository, { tries: 3 });
    const moving = request((state) => {
      moveMainNow();
      const before = textOf(state, 'a.flag.yaml') ?? '';
      return { edits: [{ path: 'a.flag.yaml', before, after: `${before}mine\n` }], message: 'mine' };
    });
    await expect(restless.write(moving)).rejects.toMatchObject(refused('contended', /moved away 3 times/));
    restless.close();
    expect(await show('flags/a.flag.yaml')).not.toContain('mine');
  });

  it.each(['../x.flag.yaml', '/x.flag.yaml', '.git/x.flag.yaml', 'a\0.flag.yaml', 'aux.flag.yaml', 'app.js'])(
    'to %j is refused',
    async (path) => {
      const before = await head();
      const writing = writer.write(planning([{ path, after: 'x' }]));
      await expect(writing).rejects.toMatchObject(refused('invalid-argument'));
      expect(await head()).toBe(before);
    },
  );

  it('through a link in the tree is refused, and to a name that differs by case', async () => {
    await mkdir(repository.path('outside'));
    await symlink('../outside', repository.path('flags/link'));
    await repository.commit({ on: 'main' });
    const through = writer.write(planning([{ path: 'link/b.flag.yaml', after: 'x' }]));
    await expect(through).rejects.toMatchObject(refused('invalid-argument', /`link` is a link or a file/));
    const colliding = writer.write(planning([{ path: 'A.flag.yaml', after: 'x' }]));
    await expect(colliding).rejects.toMatchObject(refused('already-exists', /differs only by case/));
  });

  it('of one file twice is a bug', async () => {
    const edit = { path: 'a.flag.yaml', before: 'key: a\n', after: 'x' };
    await expect(writer.write(planning([edit, edit]))).rejects.toThrow('edits one file twice');
  });

  it('needs a branch', async () => {
    await repository.git('tag', 'v1');
    const onTag = writerAt(repository, { ref: 'v1' });
    await expect(onTag.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('not-found'));
    onTag.close();
    await repository.git('switch', '--quiet', '--detach');
    const detached = writerAt(repository, { ref: undefined } as object);
    await expect(detached.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('unavailable'));
    detached.close();
  });

  it('needs a first commit', async () => {
    const fresh = await makeRepository();
    const early = writerAt(fresh);
    await expect(early.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('no-commits'));
    early.close();
    await fresh.remove();
  });

  it('needs a repository, and waits for one that is gone for a moment', async () => {
    await rename(repository.path('.git'), repository.path('git'));
    await expect(writer.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('not-a-git-repository'));
    writer.close();
    await rename(repository.path('git'), repository.path('.git'));
    await expect(writer.write(appending('a.flag.yaml', 'x'))).resolves.toMatchObject({ changed: true });
  });

  it('may be closed while its repository is not found', async () => {
    const lost = writerAt(repository, { root: repository.path('none') });
    const listing = lost.proposals();
    lost.close();
    await expect(listing).rejects.toMatchObject(refused('not-a-directory'));
  });

  it('goes to a bare repository too', async () => {
    await runGit(repository.path('..'), repository.environment, ['clone', '-q', '--bare', 'repository', 'bare']);
    const bare = writerAt(repository, { root: repository.path('..', 'bare'), ref: 'refs/heads/main' });
    await bare.write(appending('a.flag.yaml', 'x: 1'));
    bare.close();
    const text = await runGit(repository.path('..', 'bare'), repository.environment, [
      'show',
      'main:flags/a.flag.yaml',
    ]);
    expect(text).toBe('key: a\nx: 1');
  });

  it('goes to a bare repository with a linked working tree, whose files follow', async () => {
    const linked = repository.path('..', 'linked');
    await runGit(repository.path('..'), repository.environment, ['clone', '-q', '--bare', 'repository', 'bare']);
    const inBare = (...args: string[]) => runGit(repository.path('..', 'bare'), repository.environment, args);
    await inBare('symbolic-ref', 'HEAD', 'refs/heads/elsewhere');
    await inBare('worktree', 'add', '--quiet', linked, 'main');
    const bare = writerAt(repository, { root: repository.path('..', 'bare') });
    await bare.write(appending('a.flag.yaml', 'x: 1'));
    bare.close();
    expect(await readFile(`${linked}/flags/a.flag.yaml`, 'utf8')).toBe('key: a\nx: 1\n');
  });

  it('is made by whoever is said to make it, with nothing else configured', async () => {
    const { dir, environment } = repository;
    const plain = { root: dir, ref: 'main', timeout: 5000, environment, random: () => 0 };
    const named = gitWriter({ ...plain, committer: { name: 'Bot', email: 'bot@example.com' } });
    await named.write(appending('a.flag.yaml', 'x: 1'));
    named.close();
    expect(await repository.git('log', '-1', '--format=%cn <%ce>', 'main')).toBe('Bot <bot@example.com>');
    gitWriter(plain).close();
  });

  it('goes to a repository of SHA-256 too, and is signed there', async () => {
    const dir = repository.path('..', 'sha256');
    const git = (...args: string[]) => runGit(dir, repository.environment, args);
    await runGit(repository.path('..'), repository.environment, [
      'init',
      '-q',
      '-b',
      'main',
      '--object-format=sha256',
      dir,
    ]);
    await writeFile(`${dir}/flagstaff.yaml`, PROJECT);
    await git('add', '.');
    await git('commit', '-qm', 'first');
    const key = await makeKey();
    const other = writerAt(repository, { root: dir, signingKey: key });
    await other.write(appending('b.flag.yaml', 'key: b'));
    other.close();
    expect(await git('cat-file', 'commit', 'main')).toContain('gpgsig-sha256 -----BEGIN SSH SIGNATURE-----');
    expect(await git('fsck', '--strict')).toBe('');
    expect(await git('status', '--porcelain')).toBe('');
  });
});

/** A commit on main by somebody else, at once. */
function moveMainNow(): void {
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const options = { cwd: repository.dir, env: repository.environment };
  const git = (args: string[], input = '') =>
    execFileSync('git', args, { ...options, input })
      .toString()
      .trim();
  const index = { ...options, env: { ...repository.environment, GIT_INDEX_FILE: repository.path('..', 'theirs') } };
  const text = `${git(['show', 'main:flags/a.flag.yaml'])}\ntheirs\n`;
  const blob = git(['hash-object', '-w', '--stdin'], text);
  execFileSync('git', ['read-tree', 'main'], index);
  execFileSync('git', ['update-index', '--cacheinfo', `100644,${blob},flags/a.flag.yaml`], index);
  const tree = execFileSync('git', ['write-tree'], index).toString().trim();
  git(['update-ref', 'refs/heads/main', git(['commit-tree', tree, '-p', 'main', '-m', 'theirs'])]);
}

async function makeKey(): Promise<string> {
  const key = repository.path('..', 'key');
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'flagstaff', '-f', key]);
  const line = `flagstaff@localhost ${await readFile(`${key}.pub`, 'utf8')}`;
  await writeFile(repository.path('..', 'signers'), line);
  await repository.git('config', 'gpg.ssh.allowedSignersFile', repository.path('..', 'signers'));
  return key;
}

describe('what is planned on', () => {
  beforeEach(() => repository.git('switch', '--quiet', '--create', 'elsewhere'));

  it('is the flag repository as a whole reading would give it, however the branch came there', async () => {
    const check = async () => {
      const commit = await head();
      const other = writerAt(repository);
      expect(await writer.filesAt(commit)).toEqual(await other.filesAt(commit));
      other.close();
    };
    await check();
    await writer.write(appending('z/b.flag.yaml', 'key: b'));
    await check();
    await repository.git('switch', '--quiet', 'main');
    await repository.commit({
      files: { 'flags/0.flag.yaml': 'key: 0\n', 'flags/b.txt': 'x', 'flags/c.yaml': 'x', 'flags/a.flag.yaml': null },
    });
    await check();
    await symlink('0.flag.yaml', repository.path('flags/1.flag.yaml'));
    await repository.commit({});
    await check();
    await repository.git('mv', 'flags', 'elsewhere');
    await repository.commit({});
    await check();
    await repository.git('mv', 'elsewhere/flagstaff.yaml', 'elsewhere/z', '.');
    await repository.commit({});
    await check();
    await writer.write(appending('z/b.flag.yaml', 'more: 1'));
    await check();
  });

  it('is read anew when the last commit is gone', async () => {
    await repository.git('switch', '--quiet', '-c', 'gone');
    const gone = await repository.commit({ files: { 'flags/a.flag.yaml': 'key: gone\n' } });
    await writer.filesAt(gone);
    await repository.git('switch', '--quiet', 'elsewhere');
    await repository.git('branch', '--quiet', '-D', 'gone');
    await repository.git('reflog', 'expire', '--expire=now', '--all');
    await repository.git('prune', '--expire=now');
    await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(await show('flags/a.flag.yaml')).toBe('key: a\nx: 1');
  });
});

describe('a signature', () => {
  it('is by the configured key, and git finds it good', async () => {
    const signing = writerAt(repository, { signingKey: await makeKey() });
    await signing.write(appending('a.flag.yaml', 'x: 1'));
    signing.close();
    expect(await repository.git('log', '-1', '--format=%G? %GS', 'main')).toBe('G flagstaff@localhost');
  });

  it.each([
    ['is not there', async (_key: string) => undefined],
    ['is no key', (key: string) => writeFile(key, 'x')],
  ])('by a key that %s keeps everything as it was', async (_, make) => {
    const key = repository.path('..', 'no-key');
    await make(key);
    const signing = writerAt(repository, { signingKey: key });
    const writing = signing.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('unavailable', /cannot sign with/));
    signing.close();
    expect(await head()).toBe(repository.commits[0]);
  });
});

describe('where the branch is checked out', () => {
  it('the files and the index follow', async () => {
    await writer.write(appending('a.flag.yaml', 'x: 1'));
    await writer.write(appending('new/b.flag.yaml', 'key: b'));
    expect(await read('flags/a.flag.yaml')).toBe('key: a\nx: 1\n');
    expect(await read('flags/new/b.flag.yaml')).toBe('key: b\n');
    await writer.write(planning([{ path: 'new/b.flag.yaml', before: 'key: b\n' }]));
    expect(await status()).toBe('');
    expect(await readdir(repository.path('flags'))).toEqual(['a.flag.yaml', 'flagstaff.yaml']);
    expect(await litter()).toEqual([]);
  });

  it('they follow in the served branch of whoever does not name one', async () => {
    const unnamed = writerAt(repository, { ref: undefined } as object);
    await unnamed.write(appending('a.flag.yaml', 'x: 1'));
    unnamed.close();
    expect(await read('flags/a.flag.yaml')).toBe('key: a\nx: 1\n');
  });

  it('files with changes of their own are left alone, and named', async () => {
    await repository.write({ 'app.js': '2\n', 'untracked.txt': 'x', 'flags/flagstaff.yaml': `${PROJECT}# mine\n` });
    await repository.git('add', 'flags/flagstaff.yaml');
    await repository.write({ 'flags/flagstaff.yaml': `${PROJECT}# mine, more\n` });
    const written = await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(written.leftAlone).toEqual(['app.js', 'flags/flagstaff.yaml']);
    expect(await status()).toBe(' M app.js\nMM flags/flagstaff.yaml\n?? untracked.txt');
    expect(await read('flags/a.flag.yaml')).toBe('key: a\nx: 1\n');
  });

  it.each([
    ['changed', () => repository.write({ 'flags/a.flag.yaml': 'key: a\nmine: 1\n' })],
    ['staged', () => repository.write({ 'flags/a.flag.yaml': 'x' }).then(() => repository.git('add', '.'))],
    ['removed', () => repository.write({ 'flags/a.flag.yaml': null })],
  ])('a file concerned that is %s keeps everything as it was', async (_, change) => {
    await change();
    const before = await status();
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('uncommitted', /`flags\/a\.flag\.yaml` has changes/));
    expect(await status()).toBe(before);
    expect(await head()).toBe(repository.commits[0]);
    expect(await litter()).toEqual([]);
  });

  it.each([
    ['untracked', { 'flags/b.flag.yaml': 'mine' }],
    ['ignored', { 'flags/b.flag.yaml': 'mine', '.git/info/exclude': 'b.flag.yaml' }],
  ])('an %s file keeps its place', async (_, files) => {
    await repository.write(files);
    const writing = writer.write(planning([{ path: 'b.flag.yaml', after: 'theirs' }]));
    await expect(writing).rejects.toMatchObject(refused('uncommitted'));
    expect(await read('flags/b.flag.yaml')).toBe('mine');
    expect(await head()).toBe(repository.commits[0]);
  });

  it.each([
    ['a file', () => repository.write({ 'flags/new': 'mine' })],
    ['a link out of the repository', () => symlink(repository.path('..'), repository.path('flags/new'))],
  ])('%s where a folder must be keeps everything as it was', async (_, make) => {
    await make();
    const writing = writer.write(planning([{ path: 'new/b.flag.yaml', after: 'theirs' }]));
    await expect(writing).rejects.toMatchObject(refused('uncommitted'));
    expect(await readdir(repository.path('..'))).not.toContain('b.flag.yaml');
    expect(await head()).toBe(repository.commits[0]);
  });

  it('leaves a file alone that a hand has edited in the very second of the last checkout, to the same size', async () => {
    // git tells such an edit by comparing the times of file and index; so nothing else may tell here.
    await repository.git('config', 'core.trustctime', 'false');
    const file = repository.path('flags', 'a.flag.yaml');
    const then = 1_780_000_000;
    await utimes(file, then, then);
    await repository.git('update-index', '--refresh');
    await writeFile(file, 'key: b\n');
    await utimes(file, then, then);
    await utimes(repository.path('.git', 'index'), then, then);
    expect(await repository.git('--no-optional-locks', 'status', '--porcelain')).toBe(' M flags/a.flag.yaml');
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('uncommitted'));
    const other = await writer.write(appending('b.flag.yaml', 'key: b'));
    expect(other.leftAlone).toEqual(['flags/a.flag.yaml']);
    expect([await read('flags/a.flag.yaml'), await status()]).toEqual(['key: b\n', ' M flags/a.flag.yaml']);
  });

  it('a merge that is stuck keeps everything as it was', async () => {
    await repository.commit({ on: 'side', files: { 'app.js': 'side\n' } });
    const base = await repository.commit({ on: 'main', files: { 'app.js': 'main\n' } });
    await repository.git('merge', 'side').catch(() => undefined);
    await expect(writer.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('uncommitted'));
    expect(await head()).toBe(base);
    expect(await status()).toBe('UU app.js');
  });

  it('a file that was only touched is not changed', async () => {
    await utimes(repository.path('flags/a.flag.yaml'), 1, 1);
    await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(await status()).toBe('');
  });

  it('it may be in a linked working tree', async () => {
    await repository.git('switch', '--quiet', '--create', 'elsewhere');
    const linked = repository.path('..', 'linked');
    await repository.git('worktree', 'add', '--quiet', linked, 'main');
    await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(await readFile(`${linked}/flags/a.flag.yaml`, 'utf8')).toBe('key: a\nx: 1\n');
    expect(await runGit(linked, repository.environment, ['status', '--porcelain'])).toBe('');
    await rm(linked, { recursive: true });
    await writer.write(appending('a.flag.yaml', 'x: 2'));
    expect(await show('flags/a.flag.yaml')).toBe('key: a\nx: 1\nx: 2');
  });

  it('a linked working tree that is broken keeps everything as it was', async () => {
    await repository.git('switch', '--quiet', '--create', 'elsewhere');
    const linked = repository.path('..', 'linked');
    await repository.git('worktree', 'add', '--quiet', linked, 'main');
    await writeFile(`${linked}/.git`, 'gitdir: /nowhere\n');
    await expect(writer.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('not-a-git-repository'));
    expect(await head()).toBe(repository.commits[0]);
  });

  it('an index that is broken keeps everything as it was', async () => {
    await repository.write({ '.git/index': 'no index' });
    await expect(writer.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('git-failed'));
    expect(await head()).toBe(repository.commits[0]);
    expect(await litter()).toEqual([]);
  });

  it('an index that cannot be read keeps everything as it was', async () => {
    await rename(repository.path('.git/index'), repository.path('.git/old'));
    await mkdir(repository.path('.git/index'));
    await expect(writer.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(
      refused('unwritable', /EISDIR|ENOTSUP/),
    );
    expect(await head()).toBe(repository.commits[0]);
    expect(await litter()).toEqual([]);
  });

  it('an index that is not there yet has everything removed, so a file concerned has changes', async () => {
    await rm(repository.path('.git/index'));
    await expect(writer.write(appending('a.flag.yaml', 'x'))).rejects.toMatchObject(refused('uncommitted'));
  });

  it('a write stands even when the index cannot follow at last', async () => {
    await hook('reference-transaction', '[ "$1" = committed ] && rm -f .git/index && mkdir -p .git/index; true');
    const written = await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(written).toMatchObject({ changed: true, leftAlone: ['flags/a.flag.yaml'] });
    expect(await show('flags/a.flag.yaml')).toBe('key: a\nx: 1');
  });

  it('a file that somebody changes at the last moment stays, and the index follows', async () => {
    await hook('reference-transaction', '[ "$1" = prepared ] && echo mine >> flags/a.flag.yaml; true');
    const written = await writer.write(appending('a.flag.yaml', 'x: 1'));
    expect(written).toMatchObject({ leftAlone: ['flags/a.flag.yaml'], stayed: true });
    expect(await read('flags/a.flag.yaml')).toContain('key: a\nmine\n');
    expect(await repository.git('diff', '--cached', '--name-only')).toBe('');
    expect(await show('flags/a.flag.yaml')).toBe('key: a\nx: 1');
  });

  it('somebody who switches to another branch meanwhile is not disturbed', async () => {
    await repository.git('branch', 'elsewhere');
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    let switched = false;
    await writer.write(
      request((state) => {
        if (!switched)
          execFileSync('git', ['switch', '--quiet', 'elsewhere'], { cwd: repository.dir, env: repository.environment });
        switched = true;
        const before = textOf(state, 'a.flag.yaml') ?? '';
        return { edits: [{ path: 'a.flag.yaml', before, after: `${before}x\n` }], message: 'x' };
      }),
    );
    expect(await repository.git('branch', '--show-current')).toBe('elsewhere');
    expect(await status()).toBe('');
    expect(await read('flags/a.flag.yaml')).toBe('key: a\n');
    expect(await show('flags/a.flag.yaml')).toBe('key: a\nx');
  });
});

describe('a writer that died while the files were to follow', () => {
  /** The commit that it made, on main or not. */
  async function commitOnly(line: string, ref: string): Promise<string> {
    const { branch, commit } = await writer.propose(appending('a.flag.yaml', line), { stem: 'made' });
    await repository.git('branch', '--quiet', '-D', branch);
    await repository.git('update-ref', ref, commit);
    return commit;
  }

  async function dieWith(to: string): Promise<void> {
    const from = repository.commits[0];
    const note = JSON.stringify({ holder: 'flagstaff', id: 'dead', journey: { from, to } });
    await repository.write({ '.git/index.lock': note });
    await utimes(repository.path('.git/index.lock'), 1, 1);
  }

  it('after the branch moved has its journey finished by the next one', async () => {
    await dieWith(await commitOnly('x: 1', 'refs/heads/main'));
    expect(await status()).toBe('MM flags/a.flag.yaml'.replace('MM', 'M '));
    const written = await writer.write(appending('b.flag.yaml', 'key: b'));
    expect(written.leftAlone).toEqual([]);
    expect(await read('flags/a.flag.yaml')).toBe('key: a\nx: 1\n');
    expect(await status()).toBe('');
  });

  it('with the files in place already, too', async () => {
    await dieWith(await commitOnly('x: 1', 'refs/heads/main'));
    await repository.write({ 'flags/a.flag.yaml': 'key: a\nx: 1\n' });
    await writer.write(appending('a.flag.yaml', 'x: 2'));
    expect(await read('flags/a.flag.yaml')).toBe('key: a\nx: 1\nx: 2\n');
    expect(await status()).toBe('');
  });

  it('before the branch moved has done nothing', async () => {
    await dieWith(await commitOnly('x: 1', 'refs/heads/other'));
    await writer.write(appending('a.flag.yaml', 'x: 2'));
    expect(await read('flags/a.flag.yaml')).toBe('key: a\nx: 2\n');
    expect(await status()).toBe('');
  });
});

describe('a hook', () => {
  it('that does not come back is given up, and nobody claims to know what it did', async () => {
    const impatient = writerAt(repository, { timeout: 300 });
    await hook('reference-transaction', '[ "$1" = prepared ] && exec sleep 3; true');
    const writing = impatient.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('outcome-unknown'));
    impatient.close();
    await vi.waitFor(async () => expect(await litter()).toEqual([]));
  });

  it('that does not come back once is asked again', async () => {
    const impatient = writerAt(repository, { timeout: 500 });
    await hook('reference-transaction', '[ "$1" = prepared ] && [ ! -e slow ] && touch slow && exec sleep 3; true');
    const written = await impatient.write(appending('a.flag.yaml', 'x: 1'));
    impatient.close();
    expect(await head()).toBe(written.commit);
  });

  it('that does not come back once the branch has moved keeps neither the files nor the index back', async () => {
    const impatient = writerAt(repository, { timeout: 500 });
    await hook(
      'reference-transaction',
      '[ "$1" = committed ] && [ ! -e .git/slow ] && touch .git/slow && exec sleep 3; true',
    );
    const written = await impatient.write(appending('a.flag.yaml', 'x: 1'));
    impatient.close();
    expect(await head()).toBe(written.commit);
    expect([await status(), await read('flags/a.flag.yaml')]).toEqual(['', 'key: a\nx: 1\n']);
  });

  it('that refuses keeps everything as it was, and its words are told', async () => {
    await hook(
      'reference-transaction',
      '[ "$1" = prepared ] && { echo "flags are frozen until Monday" >&2; exit 1; }; true',
    );
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject({ ...refused('rejected'), help: 'flags are frozen until Monday' });
    expect(await head()).toBe(repository.commits[0]);
    expect(await status()).toBe('');
    expect(await litter()).toEqual([]);
  });

  it('that refuses silently is told as well', async () => {
    await hook('reference-transaction', '[ "$1" = committed ] || [ "$1" = aborted ]');
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject({ ...refused('rejected'), help: /did not say why/ });
  });
});

describe('a lock that stays', () => {
  it('on the index is told, and everything is as it was', async () => {
    await repository.write({ '.git/index.lock': 'DIRC' });
    const writing = writer.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('contended', /index\.lock/));
    expect(await head()).toBe(repository.commits[0]);
    expect(await litter()).toEqual(['index.lock']);
    await repository.write({ '.git/index.lock': null });
    await expect(writer.write(appending('a.flag.yaml', 'x: 1'))).resolves.toMatchObject({ changed: true });
  });

  it('on the branch is told, and everything is as it was', async () => {
    await repository.write({ '.git/refs/heads/main.lock': '' });
    const hasty = writerAt(repository, { tries: 4 });
    const writing = hasty.write(appending('a.flag.yaml', 'x: 1'));
    await expect(writing).rejects.toMatchObject(refused('contended', /refs\/heads\/main\.lock/));
    expect(await status()).toBe('');
    await repository.write({ '.git/refs/heads/main.lock': null });
    hasty.close();
    await expect(writer.write(appending('a.flag.yaml', 'x: 1'))).resolves.toMatchObject({ changed: true });
  });

  it('for a moment only is waited for', async () => {
    await repository.write({ '.git/index.lock': 'DIRC' });
    setTimeout(() => void rm(repository.path('.git/index.lock')), 200);
    await expect(writer.write(appending('a.flag.yaml', 'x: 1'))).resolves.toMatchObject({ changed: true });
  });
});

it('goes on, after one refusal at most, in a repository that took the place of its own', async () => {
  const own = await makeRepository([{ files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': 'key: a\n' } }]);
  const staying = writerAt(own);
  await staying.write(appending('a.flag.yaml', 'x: 1'));
  await cp(own.dir, `${own.dir}.new`, { recursive: true });
  await rm(own.dir, { recursive: true });
  await rename(`${own.dir}.new`, own.dir);
  await own.commit({ on: 'main', files: { 'b.flag.yaml': 'key: b\n' } });
  const first = await staying.write(appending('a.flag.yaml', 'x: 2')).catch((error) => error);
  const { commit } = first.commit === undefined ? await staying.write(appending('a.flag.yaml', 'x: 2')) : first;
  staying.close();
  expect(await own.git('rev-parse', 'main')).toBe(commit);
  await own.remove();
});
