import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { readCode, type Unread } from '../../src/sources/code.js';
import { codeChanges } from '../../src/sources/code-changes.js';
import { makeRepository, runGit, type TestRepository } from '../repository.js';

let repository: TestRepository;
afterEach(() => repository.remove());

async function read(directory = '.') {
  const unread: Unread[] = [];
  const files: string[] = [];
  const from = repository.path(directory);
  for await (const { path } of readCode(from, repository.environment, (one) => unread.push(one))) files.push(path);
  return { files, unread };
}

describe('the files of an application', () => {
  it('are those that git does not ignore: nested, negated and private rules count', async () => {
    repository = await makeRepository([
      {
        files: {
          '.gitignore': 'dist/\n*.log\n!kept.log\n',
          'web/.gitignore': '/gen\n!/gen-kept\n',
          'a.ts': 'a',
          'kept.log': 'a',
        },
      },
    ]);
    await repository.write({
      'dist/a.js': 'a',
      'x.log': 'a',
      'web/gen/a.ts': 'a',
      'web/gen-kept/a.ts': 'a',
      'below/web/gen/a.ts': 'a',
      'private.ts': 'a',
      '.git/info/exclude': 'private.ts\n',
    });
    const expected = ['.gitignore', 'a.ts', 'below/web/gen/a.ts', 'kept.log', 'web/.gitignore', 'web/gen-kept/a.ts'];
    expect(await read()).toEqual({ files: expected, unread: [] });
    expect((await read('web')).files).toEqual(['.gitignore', 'gen-kept/a.ts']);
  });

  it('are no binary files, bundles, links, or files that are gone', async () => {
    repository = await makeRepository([
      {
        files: {
          'latin.ts': Buffer.from([0x61, 0xe9, 0x62]),
          'picture.png': Buffer.from([0x89, 0x50, 0, 0]),
          'bundle.js': 'x'.repeat(1024 * 1024 + 1),
          'large.js': 'x'.repeat(1024 * 1024),
          'empty.ts': '',
          'gone.ts': 'a',
        },
      },
    ]);
    await symlink('latin.ts', repository.path('link.ts'));
    await symlink('.', repository.path('loop'));
    await symlink('nowhere', repository.path('broken'));
    await repository.write({ 'gone.ts': null });
    expect(await read()).toEqual({ files: ['empty.ts', 'large.js', 'latin.ts'], unread: [] });
    await repository.git('add', '--all');
    expect((await read()).files).toEqual(['empty.ts', 'large.js', 'latin.ts']);
  });

  it('are told of where their names are no text', async () => {
    repository = await makeRepository([{ files: { 'a.ts': 'a' } }]);
    const strange = Buffer.concat([Buffer.from(repository.path('caf')), Buffer.from([0xe9])]);
    await writeFile(strange, 'a');
    const unread = [{ path: 'caf\ufffd', reason: 'its name is not UTF-8' }];
    expect(await read()).toEqual({ files: ['a.ts'], unread });
    await repository.git('add', '--all');
    expect(await read()).toEqual({ files: ['a.ts'], unread });
  });

  it('are read as UTF-16 where they say so', async () => {
    repository = await makeRepository([
      { files: { 'a.ps1': Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("ask 'key'", 'utf16le')]) } },
    ]);
    for await (const { text } of readCode(repository.dir, repository.environment)) expect(text).toBe("ask 'key'");
    expect((await read()).files).toEqual(['a.ps1']);
  });

  it('are told of where a sparse checkout leaves some out, not where somebody removed them', async () => {
    repository = await makeRepository([{ files: { 'a/a.ts': 'a', 'b/b.ts': 'b' } }]);
    await repository.write({ 'b/b.ts': null });
    expect(await read()).toEqual({ files: ['a/a.ts'], unread: [] });
    await repository.git('checkout', '--quiet', '.');
    await repository.git('sparse-checkout', 'set', 'a');
    const unread = [{ path: '.', reason: '1 of its files is not in this sparse checkout' }];
    expect(await read()).toEqual({ files: ['a/a.ts'], unread });
  });

  it('are those of submodules and of repositories within too', async () => {
    repository = await makeRepository([{ files: { 'a.ts': 'a' } }]);
    await repository.git('init', '--quiet', 'within');
    await repository.write({ 'within/b.ts': 'b', 'within/ignored.ts': 'b', 'within/.gitignore': 'ignored.ts\n' });
    await repository.git('clone', '--quiet', '.', 'sub');
    await repository.git('-c', 'advice.addEmbeddedRepo=false', 'add', 'sub');
    await repository.git('commit', '--quiet', '-m', 'x');
    expect((await read()).files).toEqual(['a.ts', 'sub/a.ts', 'within/.gitignore', 'within/b.ts']);
    await repository.git('clone', '--quiet', '.', 'clone');
    expect(await read('clone')).toEqual({
      files: ['a.ts'],
      unread: [{ path: 'sub', reason: 'that submodule is not checked out' }],
    });
  });

  it('are told of where they cannot be read', async () => {
    repository = await makeRepository([{ files: { 'a.ts': 'a', 'secret.ts': 'a' } }]);
    await chmod(repository.path('secret.ts'), 0);
    const isRoot = process.getuid?.() === 0;
    expect(await read()).toEqual(
      isRoot
        ? { files: ['a.ts', 'secret.ts'], unread: [] }
        : { files: ['a.ts'], unread: [{ path: 'secret.ts', reason: 'permission denied' }] },
    );
  });

  it('are not looked for in what git keeps for itself', async () => {
    repository = await makeRepository([{ files: { 'a.ts': 'a' } }]);
    await repository.git('clone', '--quiet', '--bare', '.', '../bare');
    for (const directory of ['../bare', '../bare/hooks', '.git'])
      await expect(read(directory)).rejects.toThrow(/git keeps in `.*` is no code/);
  });

  it('are all but hidden ones where there is no git', async () => {
    repository = await makeRepository();
    await repository.write({ '../plain/a.ts': 'a', '../plain/.b/b.ts': 'b', '../plain/node_modules/c/c.js': 'c' });
    await symlink('.', repository.path('../plain/loop'));
    expect(await read('../plain')).toEqual({ files: ['a.ts'], unread: [] });
  });
});

describe('what became of the code', () => {
  async function changes(directory = '.', more: Record<string, string> = {}, since?: number) {
    const told: string[] = [];
    for await (const one of codeChanges(repository.path(directory), { ...repository.environment, ...more }, since)) {
      if ('path' in one) told.push(`${one.path} -${JSON.stringify(one.removed)} +${JSON.stringify(one.added)}`);
      else
        told.push(
          `${one.commit === undefined ? 'here' : repository.commits.indexOf(one.commit)}${one.cutOff ? ` ${one.cutOff}` : ''}`,
        );
    }
    return told;
  }

  it('is told of submodules too and of those within them, and where that cannot be seen', async () => {
    repository = await makeRepository([{ files: { 'a.ts': 'a\n' } }]);
    const commitIn = async (directory: string, files: Record<string, string>) => {
      const git = (...args: string[]) => runGit(repository.path(directory), repository.environment, args);
      for (const [name, text] of Object.entries(files)) await repository.write({ [`${directory}/${name}`]: text });
      await git('init', '--quiet');
      await git('add', '--all');
      await git('commit', '--quiet', '-m', 'x');
    };
    await commitIn('web/lib/deep', { 'c.ts': 'c\n' });
    await commitIn('web/lib', { 'b.ts': 'b\nb2\nb3\n' });
    await repository.commit({});
    await commitIn('web/lib/deep', { 'c.ts': '' });
    await commitIn('web/lib', { 'b.ts': 'b\nb2\n' });
    await repository.commit({ files: { 'a.ts': '' } });
    await commitIn('web/lib', { 'b.ts': 'b\n' });
    await repository.git('config', 'diff.submodule', 'log');
    const lines = ['b.ts -"b3\\n" +""', 'deep/c.ts -"c\\n" +""'];
    const under = (path: string) => lines.map((line) => `${path}/${line}`);
    const top = ['a.ts -"a\\n" +""', ...under('web/lib'), '1'];
    expect(await changes()).toEqual(['here', 'web/lib/b.ts -"b2\\n" +""', '2', ...top]);
    expect(await changes('web')).toEqual(['here', 'lib/b.ts -"b2\\n" +""', '2', ...under('lib'), '1', '1 begun']);
    const since = Date.parse('2026-01-01T02:00:00.001Z');
    expect(await changes('web', {}, since)).toEqual(['here', 'lib/b.ts -"b2\\n" +""', '2', '1', '1 begun']);

    await rm(repository.path('web'), { recursive: true });
    expect(await changes()).toEqual(['here', 'here submodule', '2', top[0], '2 submodule', '1']);
    await repository.commit({});
    expect(await changes()).toEqual(['here', '3', '3 submodule', '2', top[0], '2 submodule', '1']);
  });

  it('is told newest first, with what is not committed, and without the first commit', async () => {
    repository = await makeRepository([
      { files: { 'a.ts': 'one\n-- two\n++ three\n', 'with space.ts': 'x\n', 'web/b.ts': 'b\n' } },
      { files: { 'a.ts': 'one\nfour\n', 'with space.ts': null } },
      { files: { 'web/b.ts': null, 'web/c.ts': 'b\n' } },
      { files: { 'web/c.ts': 'no end' } },
    ]);
    await repository.write({ 'a.ts': 'one\n' });
    expect(await changes()).toEqual([
      'here',
      'a.ts -"four\\n" +""',
      '3',
      'web/c.ts -"b\\n" +"no end\\n"',
      '2',
      '1',
      'a.ts -"-- two\\n++ three\\n" +"four\\n"',
      'with space.ts -"x\\n" +""',
    ]);
    expect(await changes('web')).toEqual(['here', '3', 'c.ts -"b\\n" +"no end\\n"', '2']);
  });

  it('is nothing where nothing is committed yet', async () => {
    repository = await makeRepository();
    expect(await changes()).toEqual([]);
  });

  it('is told whatever is configured, by the paths as they are', async () => {
    repository = await makeRepository([
      { files: { 'ä.ts': '1\n2\n3\n4\n5\n6\n', 'ö.ts': 'b\n' } },
      { files: { 'ä.ts': 'x\n2\n3\n4\n5\ny\n', 'ö.ts': 'c\n' } },
    ]);
    for (const setting of ['diff.interHunkContext=9', 'diff.context=9', 'diff.noprefix=true', 'log.date=iso']) {
      await repository.git('config', ...setting.split('='));
    }
    expect(await changes('.', { GIT_DIFF_OPTS: '--unified=9', GIT_TRACE: '1' })).toEqual([
      'here',
      '1',
      'ä.ts -"1\\n6\\n" +"x\\ny\\n"',
      'ö.ts -"b\\n" +"c\\n"',
    ]);
  });

  it('takes a merge for all that it brought', async () => {
    repository = await makeRepository([
      { files: { 'a.ts': 'a\n' } },
      { files: { 'a.ts': 'b\n' }, on: 'other' },
      { files: { 'c.ts': 'c\n' }, on: 'main' },
      { merge: 'other', on: 'main' },
    ]);
    expect(await changes()).toEqual(['here', '3', 'a.ts -"a\\n" +"b\\n"', '2', 'c.ts -"" +"c\\n"']);
  });

  it('ends where a shallow clone does', async () => {
    repository = await makeRepository([
      { files: { 'a.ts': 'a\n' } },
      { files: { 'a.ts': 'b\n' } },
      { files: { 'a.ts': 'c\n' } },
    ]);
    await repository.git('clone', '--quiet', '--depth', '2', `file://${repository.dir}`, 'shallow');
    expect(await changes('shallow')).toEqual(['here', '2', 'a.ts -"b\\n" +"c\\n"', '1 shallow']);
  });
});
