import { chmod, readdir, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.js';
import { codeChanges } from '../../src/sources/code-changes.js';
import { openRepository } from '../../src/sources/git.js';
import { memoryTerminal } from '../cli/memory-terminal.js';
import { makeRepository, runGit, type TestRepository } from '../repository.js';

const PROJECT = 'environments: [production]\n';
const flag = (variant: string) => `key: a\ntype: boolean\ndefault: ${variant}\n`;

let real: TestRepository;

/** A program that leaves a mark when it runs, under a name of its own. */
async function trap(name: string): Promise<string> {
  const path = real.path('..', `trap-${name}`);
  await writeFile(path, `#!/bin/sh\ntouch '${real.path('..', `ran-${name}`)}'\n`);
  await chmod(path, 0o755);
  return path;
}

async function marks(): Promise<string[]> {
  return (await readdir(real.path('..'))).filter((name) => name.startsWith('ran-'));
}

/** Every setting that names a program which some git command runs. */
const SETTINGS = [
  'alias.cat-file',
  'alias.log',
  'core.alternateRefsCommand',
  'core.askPass',
  'core.editor',
  'core.fsmonitor',
  'core.gitProxy',
  'core.pager',
  'core.sshCommand',
  'credential.helper',
  'diff.external',
  'diff.evil.command',
  'diff.evil.textconv',
  'filter.evil.clean',
  'filter.evil.process',
  'filter.evil.smudge',
  'filter.e=v.clean',
  'gpg.openpgp.program',
  'gpg.program',
  'gpg.ssh.defaultKeyCommand',
  'gpg.ssh.program',
  'gpg.x509.program',
  'interactive.diffFilter',
  'merge.evil.driver',
  'pager.log',
  'pager.ls-tree',
  'remote.origin.receivepack',
  'remote.origin.uploadpack',
  'remote.origin.vcs',
  'trailer.reason.cmd',
  'trailer.reason.command',
  'uploadpack.packObjectsHook',
];

const ATTRIBUTES = '* diff=evil filter=evil merge=evil\n';

const HOOKS = ['post-checkout', 'post-index-change', 'reference-transaction', 'pre-commit', 'fsmonitor-watchman'];

/** A commit with a signature that somebody made up. */
async function commitSigned(header: string, begin: string, end: string): Promise<void> {
  const body = await real.git('cat-file', 'commit', 'HEAD');
  const [head = '', ...message] = body.split('\n\n');
  const signature = `${header} ${begin}\n \n iQEzBAABCAAdFiEE\n ${end}`;
  await writeFile(real.path('..', 'commit'), `${head}\n${signature}\n\n${message.join('\n\n')}`);
  const oid = await real.git('hash-object', '-t', 'commit', '-w', real.path('..', 'commit'));
  await real.git('reset', '--quiet', '--soft', oid);
}

beforeAll(async () => {
  real = await makeRepository([
    {
      files: {
        'flagstaff.yaml': PROJECT,
        'a.flag.yaml': flag('off'),
        '.gitattributes': ATTRIBUTES,
      },
    },
    { files: { 'a.flag.yaml': flag('on') }, message: 'Turn it on\n\nReason: tests' },
  ]);
  await commitSigned('gpgsig', '-----BEGIN PGP SIGNATURE-----', '-----END PGP SIGNATURE-----');
  await real.commit({ files: { 'a.flag.yaml': flag('off') } });
  await commitSigned('gpgsig', '-----BEGIN SSH SIGNATURE-----', '-----END SSH SIGNATURE-----');
  await real.commit({ files: { 'a.flag.yaml': flag('on') } });
  await commitSigned('gpgsig', '-----BEGIN SIGNED MESSAGE-----', '-----END SIGNED MESSAGE-----');
  for (const name of SETTINGS) {
    await real.git('config', name, await trap(name.replaceAll('.', '-')));
  }
  await real.git('config', 'log.showSignature', 'true');
  await real.git('config', 'core.hooksPath', real.path('..', 'hooks'));
  await real.git('config', 'remote.origin.url', 'ssh://example.invalid/x');
  await real.git('config', 'remote.origin.promisor', 'true');
  await real.git('config', 'extensions.partialClone', 'origin');
  await runGit(real.path('..'), real.environment, ['init', '--quiet', 'hooks']);
  for (const name of HOOKS) {
    const path = real.path('..', 'hooks', name);
    await writeFile(path, `#!/bin/sh\ntouch '${real.path('..', `ran-${name}`)}'\n`);
    await chmod(path, 0o755);
  }
});

afterAll(() => real.remove());

describe('the configuration of a repository', () => {
  test('would run something, were git asked as usual', async () => {
    await runGit(real.dir, real.environment, ['log', '-p']).catch(() => undefined);
    expect(await marks()).not.toEqual([]);
    for (const mark of await marks()) await rm(real.path('..', mark));
  });

  test.each([
    ['log', ['log']],
    ['log of a key', ['log', 'a', '--all']],
    ['log of a key that is gone', ['log', 'gone']],
    ['blame', ['blame', 'a']],
    ['bisect', ['bisect', 'a']],
    ['eval --ref', ['eval', '--ref', 'HEAD~1']],
    ['eval --as-of', ['eval', '--as-of', '2026-01-01T00:30:00Z']],
    ['diff', ['diff', 'HEAD~2', 'HEAD']],
    ['diff since they parted', ['diff', 'HEAD~2...HEAD']],
  ])('runs nothing for %s', async (_, argv) => {
    const terminal = { ...memoryTerminal({ cwd: real.dir }), env: real.environment };
    expect(await main(argv, terminal)).not.toBe(3);
    expect(await marks()).toEqual([]);
  });

  test('runs nothing for an object that is missing and could be fetched', async () => {
    const repository = await openRepository(real.dir, real.environment);
    await expect(repository.readBlob('1'.repeat(40))).rejects.toMatchObject({ code: 'incomplete' });
    repository.close();
    expect(await marks()).toEqual([]);
  });

  test('runs nothing for what became of files that differ from what is committed', async () => {
    await real.write({ 'a.flag.yaml': flag('off'), 'b.ts': 'b' });
    const paths: string[] = [];
    for (const driver of ['evil', 'e=v']) {
      await real.write({ '.gitattributes': `* filter=${driver}\n` });
      for await (const one of codeChanges(real.dir, real.environment)) if ('path' in one) paths.push(one.path);
    }
    expect(paths).toContain('a.flag.yaml');
    expect(await marks()).toEqual([]);
    await real.write({ 'a.flag.yaml': flag('on'), 'b.ts': null, '.gitattributes': ATTRIBUTES });
  });

  test('does not make a made-up signature good', async () => {
    const terminal = { ...memoryTerminal({ cwd: real.dir }), env: real.environment };
    await main(['log', '--format', 'json'], terminal);
    const signatures = JSON.parse(terminal.out()).map(({ signature }: { signature: string }) => signature);
    expect(signatures).toHaveLength(4);
    expect(signatures).not.toContain('good');
    expect(await marks()).toEqual([]);
  });

  test('cannot put other objects in the place of those that are there', async () => {
    const repository = await openRepository(real.dir, real.environment);
    const [head, parent] = [await repository.resolve('HEAD'), await repository.resolve('HEAD~1')];
    await runGit(real.dir, { ...real.environment, GIT_CONFIG_COUNT: '0' }, [
      '-c',
      `core.hooksPath=${real.path('..', 'none')}`,
      'replace',
      head,
      parent,
    ]);
    expect((await repository.commit(head)).parents).toEqual([parent]);
    repository.close();
  });
});

describe('variables that git leaves to those it starts', () => {
  test('do not lead elsewhere', async () => {
    const other = await makeRepository([{ files: { 'flagstaff.yaml': PROJECT } }]);
    const env = {
      ...real.environment,
      GIT_DIR: other.path('.git'),
      GIT_WORK_TREE: other.dir,
      GIT_INDEX_FILE: '/nowhere',
    };
    const repository = await openRepository(real.dir, env);
    expect(repository.root).toBe(real.dir);
    repository.close();
    await other.remove();
  });
});
