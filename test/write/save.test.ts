import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { save, unsave } from '../../src/write/save.js';
import { projectDirectory } from '../built.js';

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'flagstaff-save-'));
  file = join(dir, 'a.flag.yaml');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const text = () => readFile(file, 'utf8');

describe('a file that is saved', () => {
  it('has the new text and its old permissions, and nothing is left beside it', async () => {
    await writeFile(file, 'old');
    await chmod(file, 0o640);
    await save(file, 'old', 'new');
    expect(await text()).toBe('new');
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(dir)).toEqual(['a.flag.yaml']);
  });

  it('is made with its folder when it is new', async () => {
    const below = join(dir, 'x/y/new.flag.yaml');
    await save(below, undefined, 'new');
    expect(await readFile(below, 'utf8')).toBe('new');
    expect(await readdir(join(dir, 'x/y'))).toEqual(['new.flag.yaml']);
  });

  it('stays a link', async () => {
    await mkdir(join(dir, 'real'));
    await writeFile(join(dir, 'real/a.flag.yaml'), 'old');
    await symlink('real/a.flag.yaml', file);
    await save(file, 'old', 'new');
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(dir, 'real/a.flag.yaml'), 'utf8')).toBe('new');
  });

  it('is left alone when somebody changed it meanwhile', async () => {
    await writeFile(file, 'theirs');
    await expect(save(file, 'old', 'new')).rejects.toThrow('somebody changed `a.flag.yaml` meanwhile');
    await expect(save(file, undefined, 'new')).rejects.toThrow('somebody changed `a.flag.yaml` meanwhile');
    expect(await text()).toBe('theirs');
    expect(await readdir(dir)).toEqual(['a.flag.yaml']);
  });

  it('is saved by one of those who save at the same moment, and the others are told', async () => {
    const file = join(dir, 'a.flag.yaml');
    for (let round = 0; round < 20; round += 1) {
      await writeFile(file, 'old');
      const texts = ['one', 'two', 'three'];
      const outcomes = await Promise.allSettled(texts.map((text) => save(file, 'old', text)));
      const saved = texts.filter((_, index) => outcomes[index]?.status === 'fulfilled');
      expect(saved).toEqual([await readFile(file, 'utf8')]);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'unavailable' });
      }
      expect(await readdir(dir)).toEqual(['a.flag.yaml']);
    }
  });

  it('waits for nobody: what is locked is refused, unless whoever locked it was killed long ago', async () => {
    const file = join(dir, 'a.flag.yaml');
    const lock = join(dir, '.a.flag.yaml.lock');
    await writeFile(file, 'old');
    await writeFile(lock, '');
    await expect(save(file, 'old', 'new')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await readFile(file, 'utf8')).toBe('old');
    const earlier = Date.now() / 1000 - 60;
    await utimes(lock, earlier, earlier);
    await save(file, 'old', 'new');
    expect(await readFile(file, 'utf8')).toBe('new');
    expect(await readdir(dir)).toEqual(['a.flag.yaml']);
  });

  it('tells why it cannot be written', async () => {
    await expect(save(file, 'old', 'new')).rejects.toThrow('(ENOENT)');
    await writeFile(file, 'a file, not a folder');
    await expect(save(join(file, 'b.flag.yaml'), undefined, 'new')).rejects.toThrow(/somebody|ENOTDIR|EEXIST/);
  });

  it('can be put back, unless somebody has been at it', async () => {
    await save(file, undefined, 'new');
    await unsave(file, undefined, 'other');
    expect(await text()).toBe('new');
    await unsave(file, undefined, 'new');
    expect(await readdir(dir)).toEqual([]);
    await writeFile(file, 'old');
    await save(file, 'old', 'new');
    await unsave(file, 'old', 'new');
    expect(await text()).toBe('old');
  });
});

/** The two modules that saving consists of, as JavaScript that another process can load. */
async function compiledSave(): Promise<string> {
  await writeFile(join(dir, 'package.json'), '{"type":"module"}');
  for (const name of ['write/save', 'diagnostics/refusal']) {
    const source = await readFile(join(projectDirectory, `src/${name}.ts`), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
    });
    await mkdir(join(dir, name, '..'), { recursive: true });
    await writeFile(join(dir, `${name}.js`), outputText);
  }
  return join(dir, 'write/save.js');
}

describe('a killed process', () => {
  it('leaves the old text or the new one', async () => {
    const module = await compiledSave();
    const [a, b] = ['a'.repeat(900_000), 'b'.repeat(900_000)];
    const lock = join(dirname(file), `.${basename(file)}.lock`);
    await writeFile(file, a);
    const loop = `
      import { save } from ${JSON.stringify(module)};
      const [a, b] = ['a'.repeat(900_000), 'b'.repeat(900_000)];
      const { readFile } = await import('node:fs/promises');
      let now = await readFile(${JSON.stringify(file)}, 'utf8');
      console.log('ready');
      for (;;) { const next = now === a ? b : a; await save(${JSON.stringify(file)}, now, next); now = next; }`;
    for (let round = 0; round < 8; round += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', loop], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      await once(child.stdout, 'data');
      await setTimeout(7 * round);
      child.kill('SIGKILL');
      await ended;
      // What the killed one held for itself would keep the next one off for ten seconds.
      await rm(lock, { force: true });
      expect([a, b].includes(await text())).toBe(true);
    }
  });
});
