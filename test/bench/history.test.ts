import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/project/compile.js';
import { readDirectory } from '../../src/sources/directory.js';

interface Generator {
  makeRepository(directory: string, size: { flags: number; commits: number }): Promise<void>;
  oldFlag(size: { flags: number }): { path: string; key: string };
}

const generator: Generator = await import(new URL('../../bench/history-repository.mjs', import.meta.url).href);
const SIZE = { flags: 40, commits: 120 };

describe('a generated history', () => {
  const work = mkdtempSync(join(tmpdir(), 'flagstaff-history-'));
  const directory = join(work, 'repository');
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).trim();

  beforeAll(() => generator.makeRepository(directory, SIZE));
  afterAll(() => rmSync(work, { recursive: true }));

  it('has as many commits as asked for, and ends with as many flags', async () => {
    expect(git('rev-list', '--count', 'HEAD')).toBe('120');
    const { diagnostics, snapshot } = compile(await readDirectory(directory));
    expect(diagnostics).toEqual([]);
    expect(snapshot?.definitions.get('production')?.flags).toHaveLength(40);
  });

  it('is checked out, and the flag that is asked for was there from the beginning', () => {
    expect(git('status', '--short')).toBe('');
    expect(git('log', '--format=%s', '--', generator.oldFlag(SIZE).path).split('\n').at(-1)).toMatch(/^Begin/);
  });

  it('is the same each time', async () => {
    const again = join(work, 'again');
    await generator.makeRepository(again, SIZE);
    expect(execFileSync('git', ['rev-parse', 'HEAD'], { cwd: again, encoding: 'utf8' }).trim()).toBe(
      git('rev-parse', 'HEAD'),
    );
  });
});
