import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RefusalCode } from '../../src/diagnostics/refusal.js';
import { openRepository, type Repository, withRepository } from '../../src/sources/git.js';
import { makeRepository, runGit, type TestRepository } from '../repository.js';

const PROJECT = 'environments: [production]\n';

const made: TestRepository[] = [];
const opened: Repository[] = [];

async function make(...literals: Parameters<typeof makeRepository>): Promise<TestRepository> {
  const repository = await makeRepository(...literals);
  made.push(repository);
  return repository;
}

async function open(dir: string, environment: TestRepository['environment']): Promise<Repository> {
  const repository = await openRepository(dir, environment);
  opened.push(repository);
  return repository;
}

async function codeOf(promise: Promise<unknown>): Promise<RefusalCode | undefined> {
  return promise.then(
    () => undefined,
    (error) => error.code,
  );
}

afterAll(async () => {
  for (const repository of opened) repository.close();
  for (const repository of made) await repository.remove();
});

describe('a repository with a flags folder', () => {
  let real: TestRepository;
  let repository: Repository;

  beforeAll(async () => {
    real = await make([
      { files: { 'flags/flagstaff.yaml': PROJECT, 'flags/a.flag.yaml': 'key: a\n', 'README.md': 'hello' } },
      { files: { 'flags/sub/ünï.flag.yaml': 'key: u\n', 'flags/.hidden/x.flag.yaml': 'x', 'other.yaml': 'x' } },
      { files: { 'flags/a.flag.yaml': 'key: a # again\n', 'flags/notes.yaml': 'a: b\n' } },
    ]);
    repository = await open(real.path('flags'), real.environment);
  });

  test('knows its top and where the flags are', () => {
    expect(repository).toMatchObject({ root: real.dir, prefix: 'flags/', bare: false });
    expect(repository.boundary.size).toBe(0);
  });

  test('reads the files of a revision relative to the flags folder', async () => {
    const files = await repository.readRevision(real.commits[1] ?? '');
    expect(files).toEqual([
      { path: 'a.flag.yaml', text: 'key: a\n' },
      { path: 'flagstaff.yaml', text: PROJECT },
      { path: 'sub/ünï.flag.yaml', text: 'key: u\n' },
    ]);
  });

  test('gives a YAML file of unknown purpose by its name alone', async () => {
    const files = await repository.readRevision(await repository.resolve('HEAD'));
    expect(files).toContainEqual({ path: 'notes.yaml', text: '' });
  });

  test('lists blobs by id without reading them', async () => {
    const [entry] = await repository.listRevision(real.commits[0] ?? '');
    const oid = await real.git('rev-parse', `${real.commits[0]}:flags/a.flag.yaml`);
    expect(entry).toEqual({ path: 'a.flag.yaml', oid, link: false });
  });

  test('finds revisions by name', async () => {
    expect(await repository.resolve('main~1')).toBe(real.commits[1]);
    expect(await repository.resolve((real.commits[0] ?? '').slice(0, 10))).toBe(real.commits[0]);
  });

  test.each(['-x', '--output=/tmp/x', '', 'a\nb', 'a\0b'])('refuses %j as a revision', async (revision) => {
    expect(await codeOf(repository.resolve(revision))).toBe('invalid-argument');
  });

  test.each(['nope', 'HEAD~99', 'HEAD:README.md', 'HEAD^{tree}x', 'HEAD..main'])(
    'has no revision %j',
    async (revision) => {
      expect(await codeOf(repository.resolve(revision))).toBe('unknown-revision');
    },
  );

  test('has no files where the flags folder was not there yet', async () => {
    expect(await repository.at('nowhere/').readRevision(real.commits[0] ?? '')).toEqual([]);
  });

  test('walks the commits that touch a path, newest first, with blobs before and after', async () => {
    const walked = [];
    for await (const commit of repository.walk({ from: ['HEAD'], paths: ['flags/a.flag.yaml'] })) walked.push(commit);
    const blob = (at: number) => real.git('rev-parse', `${real.commits[at]}:flags/a.flag.yaml`);
    expect(walked.map(({ oid }) => oid)).toEqual([real.commits[2], real.commits[0]]);
    expect(walked.map(({ files }) => files)).toEqual([
      [{ path: 'flags/a.flag.yaml', before: await blob(0), after: await blob(2) }],
      [{ path: 'flags/a.flag.yaml', before: undefined, after: await blob(0) }],
    ]);
  });

  test('can end a walk early', async () => {
    for await (const commit of repository.walk({ from: ['HEAD'] })) {
      expect(commit.oid).toBe(real.commits[2]);
      break;
    }
  });
});

describe('commits', () => {
  test('say who, when and why', async () => {
    const message = 'Grow the rollout\n\nBecause it works.\n\nReason: it works\nReviewed-by: Bob <bob@example.com>\n';
    const real = await make([{ author: 'Ada Ü <ada@example.com>', message, at: '2026-03-04T05:06:07Z' }]);
    const repository = await open(real.dir, real.environment);
    expect(await repository.commit(await repository.resolve('HEAD'))).toEqual({
      oid: real.commits[0],
      parents: [],
      author: { name: 'Ada Ü', email: 'ada@example.com' },
      committer: { name: 'Committer', email: 'committer@example.com' },
      authored: Date.parse('2026-03-04T05:06:07Z'),
      committed: Date.parse('2026-03-04T05:06:07Z'),
      message: message.trim(),
      trailers: [
        { key: 'Reason', value: 'it works' },
        { key: 'Reviewed-by', value: 'Bob <bob@example.com>' },
      ],
    });
  });

  test('with messages that look like git output are told apart', async () => {
    const real = await make();
    const first = await real.commit({ files: { 'a.yaml': 'a' }, message: ':100644 100644 a b M' });
    const second = await real.commit({ files: { 'b.yaml': 'b' }, message: `${first}\n\n\x02:x` });
    const repository = await open(real.dir, real.environment);
    const walked = [];
    for await (const { oid, read, files } of repository.walk({ from: ['HEAD'] })) {
      walked.push({ oid, message: read().message, paths: files.map(({ path }) => path) });
    }
    expect(walked).toEqual([
      { oid: second, message: `${first}\n\n\x02:x`, paths: ['b.yaml'] },
      { oid: first, message: ':100644 100644 a b M', paths: ['a.yaml'] },
    ]);
  });

  test('of a merge stand for all that it brought', async () => {
    const real = await make([
      { files: { 'a.yaml': 'a' } },
      { on: 'feature', files: { 'b.yaml': 'b' } },
      { on: 'feature', files: { 'c.yaml': 'c' } },
      { on: 'main', files: { 'd.yaml': 'd' } },
      { on: 'main', merge: 'feature' },
    ]);
    const repository = await open(real.dir, real.environment);
    const walked = [];
    for await (const { files } of repository.walk({ from: ['HEAD'] })) walked.push(files.map(({ path }) => path));
    expect(walked).toEqual([['b.yaml', 'c.yaml'], ['d.yaml'], ['a.yaml']]);
  });

  test('that are not signed say so', async () => {
    const real = await make([{}]);
    const repository = await open(real.dir, real.environment);
    expect(await repository.signatures(real.commits)).toEqual(new Map([[real.commits[0], 'none']]));
  });
});

describe('files that cannot be text', () => {
  test('are named with their problem', async () => {
    const real = await make([
      {
        files: {
          'big.flag.yaml': 'x'.repeat(1024 * 1024 + 1),
          'just.flag.yaml': 'x'.repeat(1024 * 1024),
          'latin.flag.yaml': Buffer.from([0x6b, 0xe9]),
          'empty.flag.yaml': '',
        },
      },
    ]);
    const repository = await open(real.dir, real.environment);
    expect(await repository.readRevision(real.commits[0] ?? '')).toEqual([
      { path: 'big.flag.yaml', text: '', problem: 'too-large' },
      { path: 'empty.flag.yaml', text: '' },
      { path: 'just.flag.yaml', text: 'x'.repeat(1024 * 1024) },
      { path: 'latin.flag.yaml', text: '', problem: 'not-utf8' },
    ]);
  });

  test('links are not followed: left out when their file is there anyway, else unreadable', async () => {
    const real = await make([{ files: { 'flags/a.flag.yaml': 'key: a\n', 'b.flag.yaml': 'key: b\n' } }]);
    const { symlink } = await import('node:fs/promises');
    await symlink('a.flag.yaml', real.path('flags/same.flag.yaml'));
    await symlink('../b.flag.yaml', real.path('flags/outside.flag.yaml'));
    await symlink('/etc/passwd', real.path('flags/passwd.flag.yaml'));
    const commit = await real.commit({});
    const repository = await open(real.path('flags'), real.environment);
    expect(await repository.readRevision(commit)).toEqual([
      { path: 'a.flag.yaml', text: 'key: a\n' },
      { path: 'outside.flag.yaml', text: '', problem: 'unreadable' },
      { path: 'passwd.flag.yaml', text: '', problem: 'unreadable' },
    ]);
  });

  test('the files of a submodule belong to another repository', async () => {
    const inner = await make([{ files: { 'flagstaff.yaml': PROJECT, 'a.flag.yaml': 'key: a\n' } }]);
    const outer = await make([{ files: { 'b.flag.yaml': 'key: b\n' } }]);
    await outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.dir, 'flags');
    const commit = await outer.commit({});
    const above = await open(outer.dir, outer.environment);
    expect((await above.readRevision(commit)).map(({ path }) => path)).toEqual(['b.flag.yaml']);
    const below = await open(outer.path('flags'), outer.environment);
    expect(below).toMatchObject({ root: outer.path('flags'), prefix: '' });
    expect((await below.readRevision(await below.resolve('HEAD'))).map(({ path }) => path)).toEqual([
      'a.flag.yaml',
      'flagstaff.yaml',
    ]);
  });
});

describe('unusual repositories', () => {
  test('no repository', async () => {
    const real = await make();
    const outside = join(real.dir, '..', 'outside');
    await mkdir(outside);
    const environment = { ...real.environment, GIT_CEILING_DIRECTORIES: join(real.dir, '..') };
    await expect(openRepository(outside, environment)).rejects.toMatchObject({
      code: 'not-a-git-repository',
      message: `\`${outside}\` is not in a git repository`,
    });
  });

  test('no directory', async () => {
    const real = await make();
    expect(await codeOf(openRepository(real.path('nowhere'), real.environment))).toBe('not-a-directory');
  });

  test('no git', async () => {
    const real = await make();
    expect(await codeOf(openRepository(real.dir, { ...real.environment, PATH: '/nonexistent' }))).toBe('git-missing');
  });

  test('git is too old', async () => {
    const real = await make();
    const bin = join(real.dir, '..', 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'git'), '#!/bin/sh\necho git version 2.20.1\n', { mode: 0o755 });
    const environment = { ...real.environment, PATH: `${bin}:/usr/bin:/bin` };
    await expect(openRepository(real.dir, environment)).rejects.toMatchObject({
      code: 'git-too-old',
      message: 'git 2.20 is too old',
    });
  });

  test('no commits yet', async () => {
    const real = await make();
    const repository = await open(real.dir, real.environment);
    expect(await codeOf(repository.resolve('HEAD'))).toBe('no-commits');
    expect(await repository.currentBranch()).toBe('main');
  });

  test('a detached HEAD', async () => {
    const real = await make([{}, {}]);
    await real.git('checkout', '--quiet', '--detach', 'HEAD~1');
    const repository = await open(real.dir, real.environment);
    expect(await repository.currentBranch()).toBeUndefined();
    expect(await repository.resolve('HEAD')).toBe(real.commits[0]);
    expect(await repository.defaultBranch()).toEqual({ name: 'main', commit: real.commits[1] });
  });

  test('a linked worktree', async () => {
    const real = await make([{ files: { 'flags/flagstaff.yaml': PROJECT } }, { on: 'other' }]);
    const worktree = join(real.dir, '..', 'linked');
    await real.git('worktree', 'add', '--quiet', worktree, 'main');
    const repository = await open(join(worktree, 'flags'), real.environment);
    expect(repository).toMatchObject({ root: worktree, prefix: 'flags/' });
    expect(await repository.resolve('HEAD')).toBe(real.commits[0]);
  });

  test('a bare repository, with its flags in a folder', async () => {
    const real = await make([{ files: { 'flags/flagstaff.yaml': PROJECT } }]);
    const bare = join(real.dir, '..', 'bare.git');
    await real.git('clone', '--quiet', '--bare', real.dir, bare);
    const repository = await open(bare, real.environment);
    expect(repository).toMatchObject({ bare: true, prefix: '' });
    const files = await repository.at('flags/').readRevision(await repository.resolve('main'));
    expect(files).toEqual([{ path: 'flagstaff.yaml', text: PROJECT }]);
  });

  test('a shallow clone says what it does not have', async () => {
    const real = await make([{ files: { 'a.yaml': 'a' } }, {}, {}]);
    const shallow = join(real.dir, '..', 'shallow');
    await real.git('clone', '--quiet', '--depth=2', `file://${real.dir}`, shallow);
    const repository = await open(shallow, real.environment);
    expect([...repository.boundary]).toEqual([real.commits[1]]);
    expect(await codeOf(repository.resolve('HEAD~2'))).toBe('shallow');
    expect(await codeOf(repository.resolve(real.commits[0] ?? ''))).toBe('shallow');
    expect(await codeOf(repository.resolve('nope'))).toBe('unknown-revision');
    expect(await codeOf(repository.mergeBase(real.commits[2] ?? '', real.commits[1] ?? ''))).toBeUndefined();
  });

  test('a partial clone does not fetch what it lacks', async () => {
    const real = await make([{ files: { 'a.flag.yaml': 'key: a\n' } }]);
    await real.git('config', 'uploadpack.allowFilter', 'true');
    const partial = join(real.dir, '..', 'partial');
    await real.git('clone', '--quiet', '--no-checkout', '--filter=blob:none', `file://${real.dir}`, partial);
    const repository = await open(partial, real.environment);
    expect(await codeOf(repository.readRevision(real.commits[0] ?? ''))).toBe('incomplete');
  });

  test('a repository of somebody else', async () => {
    const real = await make([{}]);
    const environment = { ...real.environment, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
    await expect(openRepository(real.dir, environment)).rejects.toMatchObject({
      code: 'dubious-ownership',
      help: `if you trust it: \`git config --global --add safe.directory ${real.dir}\``,
    });
    await real.write({ 'flags/flagstaff.yaml': PROJECT });
    await expect(openRepository(join(real.dir, 'flags'), environment)).rejects.toMatchObject({
      help: `if you trust it: \`git config --global --add safe.directory ${real.dir}\``,
    });
  });
});

test('a repository that only a newer git can read says so', async () => {
  const real = await make([{}]);
  await real.git('config', 'core.repositoryformatversion', '1');
  await real.git('config', 'extensions.fromTheFuture', 'true');
  await expect(openRepository(real.dir, real.environment)).rejects.toMatchObject({
    code: 'git-too-old',
    help: 'install a newer git; this one does not know `fromthefuture`',
  });
});

describe('a branch', () => {
  test('is found where it is now, however often refs were packed within a moment', async () => {
    const real = await make([{}]);
    const repository = await open(real.dir, real.environment);
    const commits = await Promise.all(
      ['one', 'two', 'three'].map((message) => real.git('commit-tree', 'HEAD^{tree}', '-m', message)),
    );
    for (let count = 1; count <= 16; count += 1) {
      await real.git('update-ref', 'refs/heads/main', commits[count % 3] ?? '');
      await real.git('pack-refs', '--all');
      // Every second time, so that git's file has the same number as when it was last looked at.
      if (count % 2 === 0) expect(await repository.resolve('main')).toBe(commits[count % 3]);
    }
  });
});

describe('merge bases', () => {
  test('are where two branches parted', async () => {
    const real = await make([{}, { on: 'feature' }, { on: 'main' }]);
    const repository = await open(real.dir, real.environment);
    expect(await repository.mergeBase(real.commits[1] ?? '', real.commits[2] ?? '')).toBe(real.commits[0]);
  });

  test('of strangers do not exist', async () => {
    const real = await make([{}]);
    await real.git('checkout', '--quiet', '--orphan', 'stranger');
    const stranger = await real.commit({});
    const repository = await open(real.dir, real.environment);
    expect(await codeOf(repository.mergeBase(real.commits[0] ?? '', stranger))).toBe('no-merge-base');
  });

  test('are unknown where a shallow clone cuts off the way to them', async () => {
    const real = await make([{}, { on: 'feature' }, { on: 'feature' }, { on: 'main' }, { on: 'main' }]);
    const shallow = join(real.dir, '..', 'shallow');
    await real.git('clone', '--quiet', '--depth=1', '--no-single-branch', `file://${real.dir}`, shallow);
    const repository = await open(shallow, real.environment);
    const [main, feature] = [await repository.resolve('origin/main'), await repository.resolve('origin/feature')];
    expect(await codeOf(repository.mergeBase(main, feature))).toBe('shallow');
  });
});

describe('the default branch', () => {
  test('is what origin says', async () => {
    const real = await make([{}, { on: 'trunk' }]);
    const clone = join(real.dir, '..', 'clone');
    await real.git('clone', '--quiet', real.dir, clone);
    await runGit(clone, real.environment, ['checkout', '--quiet', 'main']);
    const repository = await open(clone, real.environment);
    expect(await repository.defaultBranch()).toEqual({ name: 'trunk', commit: real.commits[1] });
  });

  test('is the one on origin where it is ahead', async () => {
    const real = await make([{}, {}]);
    const clone = join(real.dir, '..', 'clone');
    await real.git('clone', '--quiet', real.dir, clone);
    await runGit(clone, real.environment, ['reset', '--quiet', '--hard', 'HEAD~1']);
    const repository = await open(clone, real.environment);
    expect(await repository.defaultBranch()).toEqual({ name: 'origin/main', commit: real.commits[1] });
  });

  test('is the current one where no other is known', async () => {
    const real = await make([{}]);
    await real.git('branch', '--move', 'main', 'stable');
    const repository = await open(real.dir, real.environment);
    expect(await repository.defaultBranch()).toEqual({ name: 'stable', commit: real.commits[0] });
  });

  test('is unknown without one', async () => {
    const real = await make([{}]);
    await real.git('branch', '--move', 'main', 'stable');
    await real.git('checkout', '--quiet', '--detach');
    const repository = await open(real.dir, real.environment);
    expect(await codeOf(repository.defaultBranch())).toBe('no-default-branch');
  });
});

describe('unchanged blobs', () => {
  test('are read once: the same string comes back', async () => {
    const real = await make([{ files: { 'a.flag.yaml': 'key: a\n'.repeat(50) } }, { files: { 'b.flag.yaml': 'b' } }]);
    const counted = await withRepository(real.dir, real.environment, async (repository) => {
      await repository.readRevision(real.commits[0] ?? '');
      await real.git('repack', '-adq');
      const [entry] = await repository.listRevision(real.commits[1] ?? '');
      return [repository.readBlob(entry?.oid ?? ''), repository.readBlob(entry?.oid ?? '')];
    });
    expect(counted[0]).toBe(counted[1]);
  });

  test('can be read again after close', async () => {
    const real = await make([{ files: { 'a.flag.yaml': 'key: a\n', 'b.flag.yaml': 'key: b\n' } }]);
    const repository = await open(real.dir, real.environment);
    const [a, b] = await repository.listRevision(real.commits[0] ?? '');
    await repository.readBlob(a?.oid ?? '');
    repository.close();
    expect(await repository.readBlob(b?.oid ?? '')).toEqual({ text: 'key: b\n' });
  });
});
