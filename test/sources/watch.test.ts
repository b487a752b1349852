import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDirectory } from '../../src/sources/directory.js';
import { type Watching, watchDirectory } from '../../src/sources/watch.js';
import { deferred } from '../deferred.js';
import { makeRepository } from '../repository.js';

let home: string;
let watching: Watching | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'flagstaff-watch-'));
});

afterEach(async () => {
  await watching?.close();
  watching = undefined;
  await rm(home, { recursive: true, force: true });
});

/** Watches, and notes what stands in the directory at each call. */
async function watched(root: string): Promise<{ readonly seen: string[][]; next(): Promise<string[]> }> {
  const seen: string[][] = [];
  let waiting = deferred<string[]>();
  watching = await watchDirectory(root, {
    changed: async () => {
      const texts = (await readDirectory(root)).map(({ text }) => text);
      seen.push(texts);
      waiting.resolve(texts);
      waiting = deferred();
    },
    failed: (error) => waiting.reject(error),
  });
  return { seen, next: () => waiting.promise };
}

const enoughForAnotherCall = () => wait(400);

describe('watching a directory', () => {
  it('notices a change, a new file, a file in a new directory, and one that goes', async () => {
    await writeFile(join(home, 'a.flag.yaml'), 'one');
    const { next } = await watched(home);
    let call = next();
    await writeFile(join(home, 'a.flag.yaml'), 'two');
    expect(await call).toEqual(['two']);
    call = next();
    await mkdir(join(home, 'below'));
    await writeFile(join(home, 'below', 'b.flag.yaml'), 'b');
    expect(await call).toEqual(['two', 'b']);
    call = next();
    await rm(join(home, 'a.flag.yaml'));
    expect(await call).toEqual(['b']);
  });

  it('gives one call for an editor that writes beside and renames', async () => {
    const file = join(home, 'a.flag.yaml');
    await writeFile(file, 'one');
    const { seen, next } = await watched(home);
    for (const text of ['two', 'three']) {
      const call = next();
      await writeFile(`${file}~`, text);
      await rename(`${file}~`, file);
      expect(await call).toEqual([text]);
      await enoughForAnotherCall();
    }
    expect(seen).toEqual([['two'], ['three']]);
  });

  it('gives one call for a checkout of a thousand files', async () => {
    const names = Array.from({ length: 1000 }, (_, number) => `flags/f${number}.flag.yaml`);
    const all = (text: string) => Object.fromEntries(names.map((name) => [name, text]));
    const repository = await makeRepository([{ files: all('old') }, { on: 'next', files: all('new') }]);
    try {
      const { seen, next } = await watched(repository.path('flags'));
      const call = next();
      await repository.git('checkout', '--quiet', 'main');
      expect(new Set(await call)).toEqual(new Set(['old']));
      await enoughForAnotherCall();
      expect(seen.length).toBe(1);
    } finally {
      await watching?.close();
      await repository.remove();
    }
  });

  it('gives one call for each swap of a Kubernetes ConfigMap', async () => {
    await writeVersion('..2026_01', 'one');
    await symlink('..2026_01', join(home, '..data'));
    for (const name of ['flagstaff.yaml', 'a.flag.yaml']) await symlink(join('..data', name), join(home, name));
    const { seen, next } = await watched(home);
    for (const [before, after, text] of [
      ['..2026_01', '..2026_02', 'two'],
      ['..2026_02', '..2026_03', 'three'],
      ['..2026_03', '..2026_04', 'four'],
    ] as const) {
      const call = next();
      await writeVersion(after, text);
      await symlink(after, join(home, '..data_tmp'));
      await rename(join(home, '..data_tmp'), join(home, '..data'));
      await rm(join(home, before), { recursive: true });
      expect(await call).toEqual([text, text]);
      await enoughForAnotherCall();
    }
    expect(seen.length).toBe(3);
  });

  it('moves along when the directory is a link that is turned elsewhere', async () => {
    await writeVersion('one', 'one');
    await writeVersion('two', 'two');
    const root = join(home, 'current');
    await symlink('one', root);
    const { next } = await watched(root);
    let call = next();
    await symlink('two', `${root}~`);
    await rename(`${root}~`, root);
    expect(await call).toEqual(['two', 'two']);
    call = next();
    await writeFile(join(home, 'two', 'a.flag.yaml'), 'three');
    expect(await call).toEqual(['three', 'two']);
  });

  it('refuses a directory that is not there', async () => {
    await expect(watched(join(home, 'nowhere'))).rejects.toThrow(`there is no directory \`${join(home, 'nowhere')}\``);
  });

  it('gives no call for what git does inside its own directory', async () => {
    const repository = await makeRepository([{ files: { 'a.flag.yaml': 'one' } }]);
    try {
      const { seen } = await watched(repository.dir);
      await repository.git('commit', '--quiet', '--allow-empty', '-m', 'nothing');
      await repository.git('branch', 'other');
      await enoughForAnotherCall();
      expect(seen).toEqual([]);
    } finally {
      await watching?.close();
      await repository.remove();
    }
  });
});

async function writeVersion(name: string, text: string): Promise<void> {
  await mkdir(join(home, name));
  for (const file of ['flagstaff.yaml', 'a.flag.yaml']) await writeFile(join(home, name, file), text);
}
