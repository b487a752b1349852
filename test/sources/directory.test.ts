import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/diagnostics/refusal.js';
import { readDirectory } from '../../src/sources/directory.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'flagstaff-directory-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function put(path: string, content: string | Uint8Array = 'key: x\n'): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

async function link(path: string, target: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await symlink(target, join(root, path));
}

async function paths(): Promise<string[]> {
  return (await readDirectory(root)).map(({ path }) => path);
}

describe('the files of a directory', () => {
  it('are found at any depth and sorted by path', async () => {
    await put('flagstaff.yaml');
    await put('b/c/deep.flag.yaml');
    await put('b.segment.yaml');
    await put('a.flag.yaml');
    expect(await paths()).toEqual(['a.flag.yaml', 'b.segment.yaml', 'b/c/deep.flag.yaml', 'flagstaff.yaml']);
  });

  it('hold their text', async () => {
    await put('a.flag.yaml', 'key: ä\n');
    expect(await readDirectory(root)).toEqual([{ path: 'a.flag.yaml', text: 'key: ä\n' }]);
  });

  it('include other YAML files by name alone, and nothing else', async () => {
    await put('a.flag.yml', 'not read');
    await put('values.yaml', 'not read');
    await put('README.md');
    expect(await readDirectory(root)).toEqual([
      { path: 'a.flag.yml', text: '' },
      { path: 'values.yaml', text: '' },
    ]);
  });

  it('leave out dot names, node_modules and nested git repositories', async () => {
    await put('.hidden/a.flag.yaml');
    await put('.a.flag.yaml');
    await put('node_modules/x/a.flag.yaml');
    await put('nested/.git/config');
    await put('nested/a.flag.yaml');
    await put('submodule/.git', 'gitdir: ../.git/modules/submodule\n');
    await put('submodule/a.flag.yaml');
    await put('seen.flag.yaml');
    expect(await paths()).toEqual(['seen.flag.yaml']);
  });

  it('may themselves stand at the top of a git repository', async () => {
    await put('.git/config');
    await put('a.flag.yaml');
    expect(await paths()).toEqual(['a.flag.yaml']);
  });
});

describe('a file that cannot be read', () => {
  it('is too large above 1 MiB, and not at it', async () => {
    await put('at.flag.yaml', 'x'.repeat(1024 * 1024));
    await put('over.flag.yaml', 'x'.repeat(1024 * 1024 + 1));
    const [at, over] = await readDirectory(root);
    expect(at?.text).toHaveLength(1024 * 1024);
    expect(over).toEqual({ path: 'over.flag.yaml', text: '', problem: 'too-large' });
  });

  it('is told when it is not UTF-8', async () => {
    await put('a.flag.yaml', Uint8Array.of(0x6b, 0xff, 0xfe));
    expect(await readDirectory(root)).toEqual([{ path: 'a.flag.yaml', text: '', problem: 'not-utf8' }]);
  });

  it('keeps a byte order mark for the parser to refuse', async () => {
    await put('a.flag.yaml', Uint8Array.of(0xef, 0xbb, 0xbf, 0x6b));
    expect(await readDirectory(root)).toEqual([{ path: 'a.flag.yaml', text: '\ufeffk' }]);
  });

  it('is unreadable when it is a pipe or a link to nowhere', async () => {
    await link('dangling.flag.yaml', 'nowhere');
    await link('loop.flag.yaml', 'loop.flag.yaml');
    await promisify(execFile)('mkfifo', [join(root, 'pipe.flag.yaml')]);
    await link('to-pipe.flag.yaml', 'pipe.flag.yaml');
    await link('dangling.txt', 'nowhere');
    expect(await readDirectory(root)).toEqual(
      ['dangling', 'loop', 'pipe', 'to-pipe'].map((name) => ({
        path: `${name}.flag.yaml`,
        text: '',
        problem: 'unreadable',
      })),
    );
  });

  it.skipIf(process.getuid?.() === 0)('is unreadable without permission', async () => {
    await put('a.flag.yaml');
    await chmod(join(root, 'a.flag.yaml'), 0);
    expect(await readDirectory(root)).toEqual([{ path: 'a.flag.yaml', text: '', problem: 'unreadable' }]);
  });
});

describe('links', () => {
  it('of a Kubernetes ConfigMap give each file once, under its name at the top', async () => {
    await put('..2026_11_20_10_00_00.123/flagstaff.yaml', 'environments: [one]\n');
    await put('..2026_11_20_10_00_00.123/a.flag.yaml', 'key: a\n');
    await put('..2026_11_20_10_00_00.123/below/b.flag.yaml', 'key: b\n');
    await link('..data', '..2026_11_20_10_00_00.123');
    await link('flagstaff.yaml', '..data/flagstaff.yaml');
    await link('a.flag.yaml', '..data/a.flag.yaml');
    await link('below', '..data/below');
    expect(await readDirectory(root)).toEqual([
      { path: 'a.flag.yaml', text: 'key: a\n' },
      { path: 'below/b.flag.yaml', text: 'key: b\n' },
      { path: 'flagstaff.yaml', text: 'environments: [one]\n' },
    ]);
  });

  it('to what is read anyway add nothing', async () => {
    await put('real/a.flag.yaml');
    await link('alias', 'real');
    await link('b.flag.yaml', 'real/a.flag.yaml');
    expect(await paths()).toEqual(['real/a.flag.yaml']);
  });

  it('in a circle end', async () => {
    await put('a/a.flag.yaml');
    await link('a/up', '..');
    await link('a/self', '.');
    await link('a/root', '/');
    expect(await paths()).toEqual(['a/a.flag.yaml']);
  });

  it('lead out of the directory too', async () => {
    await put('outside/a.flag.yaml', 'key: a\n');
    await put('outside/more/b.flag.yaml', 'key: b\n');
    await link('inside/a.flag.yaml', '../outside/a.flag.yaml');
    await link('inside/more', '../outside/more');
    expect(await readDirectory(join(root, 'inside'))).toEqual([
      { path: 'a.flag.yaml', text: 'key: a\n' },
      { path: 'more/b.flag.yaml', text: 'key: b\n' },
    ]);
  });

  it('may lead to the directory itself', async () => {
    await put('real/a.flag.yaml');
    await link('current', 'real');
    expect((await readDirectory(join(root, 'current'))).map(({ path }) => path)).toEqual(['a.flag.yaml']);
  });
});

describe('a directory that is none', () => {
  it('is refused by name', async () => {
    await expect(readDirectory(join(root, 'missing'))).rejects.toThrow(`there is no directory \`${root}/missing\``);
    await put('file');
    await expect(readDirectory(join(root, 'file'))).rejects.toThrow('is not a directory');
    await expect(readDirectory(join(root, 'file'))).rejects.toBeInstanceOf(Refusal);
  });

  it.skipIf(process.getuid?.() === 0)('is refused without permission, so that no flag goes missing', async () => {
    await put('closed/a.flag.yaml');
    await chmod(join(root, 'closed'), 0);
    await expect(readDirectory(root)).rejects.toThrow('cannot read the directory');
    await chmod(join(root, 'closed'), 0o700);
  });
});
