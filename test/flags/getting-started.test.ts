import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { memoryTerminal } from '../cli/memory-terminal.js';

let dir: string;
let guide: string;

beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'flagstaff-guide-')));
  guide = await readFile('docs/getting-started.md', 'utf8');
});

afterAll(() => rm(dir, { recursive: true, force: true }));

async function run(...argv: readonly string[]): Promise<string> {
  const terminal = memoryTerminal({ cwd: dir });
  await main(argv, terminal);
  return terminal.out();
}

async function replaceInFlag(before: string, after: string): Promise<void> {
  const file = join(dir, 'flags/new-checkout.flag.yaml');
  const text = await readFile(file, 'utf8');
  expect(text).toContain(before);
  await writeFile(file, text.replace(before, after));
}

describe('the guide for getting started', () => {
  it('shows what its commands print', async () => {
    await run('init');
    expect(guide).toContain(await readFile(join(dir, 'flags/new-checkout.flag.yaml'), 'utf8'));
    const attributes = ['targetingKey=user-2', 'plan=free', 'country=DE'].flatMap((text) => ['--attr', text]);
    expect(guide).toContain(await run('eval', 'new-checkout', '--env', 'production', ...attributes, '--explain'));
    await replaceInFlag('serve: on', 'serv: on');
    expect(guide).toContain(await run('lint'));
    await replaceInFlag('serv: on', 'serve: on');
    await replaceInFlag('{ on: 25 }', '{ on: 10 }');
    const failure = await run('test');
    expect(guide).toContain(failure);
    expect(await readFile('docs/testing-flags.md', 'utf8')).toContain(failure);
  });
});
