import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeDirectory, memoryTerminal } from './memory-terminal.js';

let dir: string;
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ dir, remove } = await makeDirectory({}));
});

afterEach(() => remove());

async function run(argv: readonly string[]) {
  const terminal = memoryTerminal({ cwd: dir });
  const code = await main(argv, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('init', () => {
  it('writes a repository into ./flags and says what to try next', async () => {
    const { code, out, err } = await run(['init']);
    expect(code).toBe(0);
    const files = ['early-adopters.segment.yaml', 'flagstaff.yaml', 'new-checkout.flag.yaml', 'new-checkout.test.yaml'];
    expect(await readdir(`${dir}/flags`)).toEqual(files);
    expect(out.trimEnd().split('\n').sort()).toEqual(files.map((file) => `flags/${file}`));
    expect(err).toContain('  flagstaff lint\n');
  });

  it('writes what lints clean, passes its tests, and evaluates as it says', async () => {
    await run(['init', 'my flags']);
    expect(await run(['lint', 'my flags', '--max-warnings', '0'])).toEqual({
      code: 0,
      out: 'no problems in 4 files\n',
      err: '',
    });
    const tests = JSON.parse((await run(['test', 'my flags', '--format', 'json'])).out);
    expect(tests.summary).toEqual({ passed: 4, failed: 0 });
    const attributes = ['--attr', 'targetingKey=user-1', '--attr', 'plan=pro', '--attr', 'country=NL'];
    const { out } = await run(['eval', '-C', 'my flags', ...attributes, '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject([{ flag: 'new-checkout', variant: 'on', rule: 'Early adopters' }]);
  });

  it('writes into the directory that is named, with -C too', async () => {
    await run(['init', '.']);
    expect(await readdir(dir)).toContain('flagstaff.yaml');
    await run(['init', '-C', 'deep/er']);
    expect(await readdir(`${dir}/deep/er`)).toContain('flagstaff.yaml');
  });

  it('overwrites nothing, and writes nothing beside what is there', async () => {
    await writeFile(`${dir}/new-checkout.flag.yaml`, 'mine');
    expect(await run(['init', '.'])).toEqual({
      code: 2,
      out: '',
      err: 'error: `new-checkout.flag.yaml` is there already; nothing was written\nhelp: name another directory: `flagstaff init DIR`\n',
    });
    expect(await readdir(dir)).toEqual(['new-checkout.flag.yaml']);
    expect(await readFile(`${dir}/new-checkout.flag.yaml`, 'utf8')).toBe('mine');
  });

  it('says why it cannot write', async () => {
    await writeFile(`${dir}/file`, '');
    const { code, err } = await run(['init', 'file/below']);
    expect(code).toBe(2);
    expect(err).toBe(`error: cannot make the directory \`${dir}/file/below\` (ENOTDIR)\n`);
  });
});
