import { chmod, readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Committing, commitFile } from '../../src/write/commit.js';
import { userGit } from '../../src/write/git.js';
import { commitMessage } from '../../src/write/message.js';
import { save, unsave } from '../../src/write/save.js';
import { makeRepository, type TestRepository } from '../repository.js';

let repository: TestRepository;

beforeEach(async () => {
  repository = await makeRepository([{ files: { 'flags/a.flag.yaml': 'old\n', 'app.js': '1\n' } }]);
});

afterEach(() => repository.remove());

/** `before`: what the file says; `undefined` for one that is not there yet. */
type Given = Partial<Committing> & { readonly before?: string | undefined };

function committing(given: Given = {}): Committing {
  const { before, path = 'a.flag.yaml' } = given;
  const old = 'before' in given ? before : 'old\n';
  const file = repository.path('flags', path);
  return {
    directory: repository.path('flags'),
    path,
    isNew: old === undefined,
    message: 'a: changed\n\nReason: because\n',
    save: () => save(file, old, 'new\n'),
    unsave: () => unsave(file, old, 'new\n'),
    ...given,
  };
}

const commit = (
  given: Given = {},
  environment: Readonly<Record<string, string | undefined>> = repository.environment,
) => commitFile(userGit(repository.path('flags'), environment), committing(given));
const head = () => repository.git('log', '-1', '--format=%B');
const read = (path: string) => readFile(repository.path(path), 'utf8');

async function hook(name: string, script: string): Promise<void> {
  await repository.write({ [`.git/hooks/${name}`]: `#!/bin/sh\n${script}\n` });
  await chmod(repository.path(`.git/hooks/${name}`), 0o755);
}

describe('a committed file', () => {
  it('is committed alone, with its message', async () => {
    await repository.write({ 'app.js': '2\n', 'other.js': 'untracked\n' });
    await repository.git('add', 'app.js');
    await repository.write({ 'app.js': '3\n' });
    const oid = await commit();
    expect(await repository.git('rev-parse', '--short', 'HEAD')).toBe(oid);
    expect(await repository.git('show', '--name-only', '--format=')).toBe('flags/a.flag.yaml');
    expect(await repository.git('log', '-1', '--format=%(trailers:key=Reason,valueonly)')).toBe('because\n');
    expect(await repository.git('status', '--porcelain')).toBe('MM app.js\n?? other.js');
    expect(await repository.git('show', ':app.js')).toBe('2');
  });

  it('may be new', async () => {
    await commit({ path: 'deep/b.flag.yaml', before: undefined });
    expect(await repository.git('show', 'HEAD:flags/deep/b.flag.yaml')).toBe('new');
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('may begin a branch', async () => {
    await commit({ branch: 'flags/a' });
    expect(await repository.git('branch', '--show-current')).toBe('flags/a');
    expect(await repository.git('show', 'main:flags/a.flag.yaml')).toBe('old');
    expect(await repository.git('show', 'flags/a:flags/a.flag.yaml')).toBe('new');
  });

  it('may be the first of its repository', async () => {
    const fresh = await makeRepository();
    await fresh.write({ 'README.md': 'x' });
    const file = fresh.path('c.flag.yaml');
    await commitFile(userGit(fresh.dir, fresh.environment), {
      ...committing({ path: 'c.flag.yaml', before: undefined, branch: 'start' }),
      directory: fresh.dir,
      save: () => save(file, undefined, 'new\n'),
      unsave: () => unsave(file, undefined, 'new\n'),
    });
    expect(await fresh.git('ls-tree', '--name-only', 'start')).toBe('c.flag.yaml');
    await fresh.remove();
  });

  it('passes the hooks of the user, and those may change the message', async () => {
    await hook('pre-commit', 'git diff --cached --name-only > ../seen || git diff --cached --name-only > seen');
    await hook('commit-msg', 'echo "Checked: yes" >> "$1"');
    await repository.write({ 'app.js': '2\n' });
    await repository.git('add', 'app.js');
    await commit();
    expect(await head()).toContain('Checked: yes');
    expect((await readFile(repository.path('..', 'seen'), 'utf8')).trim()).toBe('flags/a.flag.yaml');
  });

  it('is signed where the user signs', async () => {
    await repository.write({
      sign: '#!/bin/sh\ncat > /dev/null\nprintf "\\n[GNUPG:] SIG_CREATED x\\n" >&2\necho "a signature"\n',
    });
    await chmod(repository.path('sign'), 0o755);
    await repository.git('config', 'commit.gpgSign', 'true');
    await repository.git('config', 'gpg.program', repository.path('sign'));
    await commit();
    expect(await repository.git('cat-file', 'commit', 'HEAD')).toContain('gpgsig a signature');
  });

  it('ignores what leads git elsewhere', async () => {
    await commit({}, { ...repository.environment, GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index' });
    expect(await head()).toContain('a: changed');
  });
});

describe('a commit that does not come about', () => {
  const unchanged = async () => {
    expect(await read('flags/a.flag.yaml')).toBe('old\n');
    expect(await repository.git('status', '--porcelain')).toBe('');
    expect(await repository.git('branch', '--format=%(refname:short)')).toBe('main');
    expect(await repository.git('rev-list', '--count', '--all')).toBe('1');
  };

  it('because a hook says no leaves everything as it was', async () => {
    await hook('pre-commit', 'echo "no changes on Friday" >&2; exit 1');
    await expect(commit()).rejects.toMatchObject({
      message: 'git did not commit; everything is as it was',
      help: 'no changes on Friday',
    });
    await unchanged();
    await expect(commit({ branch: 'x' })).rejects.toThrow('git did not commit');
    await unchanged();
    await expect(commit({ path: 'b.flag.yaml', before: undefined })).rejects.toThrow('git did not commit');
    await unchanged();
    await hook('pre-commit', 'exit 1');
    await expect(commit()).rejects.toMatchObject({ help: 'a hook may have said no' });
    await repository.git('checkout', '--quiet', '--detach');
    await expect(commit({ branch: 'x' })).rejects.toThrow('git did not commit');
    expect(await repository.git('branch', '--show-current')).toBe('');
    await repository.git('checkout', '--quiet', 'main');
    await unchanged();
  });

  it('because a hook mends the file and says no leaves what the hook wrote', async () => {
    await hook('pre-commit', 'echo mended > flags/a.flag.yaml; echo "files were modified" >&2; exit 1');
    await expect(commit({ branch: 'x' })).rejects.toMatchObject({
      message: 'git did not commit, and `a.flag.yaml` is not as it was: a hook changed it',
      help: 'files were modified',
    });
    expect(await read('flags/a.flag.yaml')).toBe('mended\n');
    expect(await repository.git('branch', '--format=%(refname:short)')).toBe('main');
  });

  it('because git does not know who the user is says what to do', async () => {
    const { PATH, HOME, GIT_CONFIG_NOSYSTEM, GIT_CONFIG_GLOBAL } = repository.environment;
    await repository.git('config', 'user.useConfigOnly', 'true');
    await expect(commit({}, { PATH, HOME, GIT_CONFIG_NOSYSTEM, GIT_CONFIG_GLOBAL })).rejects.toMatchObject({
      message: 'git does not know who you are',
      help: expect.stringContaining('git config --global user.name'),
    });
    await unchanged();
  });

  it('because of the branch', async () => {
    await expect(commit({ branch: 'main' })).rejects.toThrow('there is a branch `main` already');
    for (const branch of ['a..b', '-x', '@{-1}', ''])
      await expect(commit({ branch })).rejects.toThrow(`\`${branch}\` cannot be the name of a branch`);
    await repository.write({ '.git/refs/heads/x/y': `${repository.commits[0]}\n` });
    await expect(commit({ branch: 'x' })).rejects.toThrow('git did not begin the branch');
    await repository.git('branch', '-D', 'x/y');
    await unchanged();
  });

  it('because git ignores the file, or it has other changes, or a merge is under way', async () => {
    await repository.write({ '.git/info/exclude': 'c.flag.yaml\n' });
    await expect(commit({ path: 'c.flag.yaml', before: undefined })).rejects.toThrow('git ignores `c.flag.yaml`');
    await repository.write({ '.git/MERGE_HEAD': `${repository.commits[0]}\n` });
    await expect(commit()).rejects.toThrow('a merge is under way');
    await writeFile(repository.path('flags/a.flag.yaml'), 'mine\n');
    await expect(commit()).rejects.toThrow('`a.flag.yaml` has changes that are not committed');
  });

  it('because there is no repository, or no git', async () => {
    const { dir } = repository;
    const elsewhere = userGit('/', repository.environment);
    await expect(commitFile(elsewhere, { ...committing(), directory: '/' })).rejects.toThrow('not in a git repository');
    const without = userGit(dir, { PATH: '/nowhere' });
    await expect(commitFile(without, committing())).rejects.toThrow('cannot run `git`');
  });

  it('because somebody changed the file meanwhile', async () => {
    await expect(commit({ save: () => save(repository.path('flags/a.flag.yaml'), 'other', 'new') })).rejects.toThrow(
      'meanwhile',
    );
    await unchanged();
  });
});

describe('a message', () => {
  it('says what changed, and why', () => {
    expect(commitMessage('checkout', ['rollout on 25% → 50%'])).toBe('checkout: rollout on 25% to 50%\n');
    expect(commitMessage('checkout', ['enabled'], ' tested ')).toBe('checkout: enabled\n\nReason: tested\n');
    expect(commitMessage('checkout', [], ' ')).toBe('checkout: changed\n');
    expect(commitMessage('a', ['x', 'y'])).toBe('a: x and 1 more\n\n- x\n- y\n');
  });

  it('is cut off where it is long, and then says all below', () => {
    const long = 'word '.repeat(30).trim();
    const [subject = '', , body] = commitMessage('a', [long]).split('\n');
    expect(subject.length).toBeLessThanOrEqual(72);
    expect(subject.endsWith('…')).toBe(true);
    expect(body).toBe(`- ${long}`);
  });

  it('has no trailer but the reason, whatever people write', async () => {
    const nasty = fc
      .stringMatching(/^[a-zA-Z\n\r\u2028: #-]{0,40}$/)
      .map((text) => `${text}\n\nSigned-off-by: root\n${text}`);
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (word, reason) => {
        const message = commitMessage('checkout', [word, word], reason);
        await writeFile(repository.path('message'), message);
        const trailers = await repository.git('interpret-trailers', '--parse', repository.path('message'));
        expect(trailers.split('\n').map((one) => one.slice(0, 8))).toEqual(['Reason: ']);
      }),
      { numRuns: 30 },
    );
  });
});
