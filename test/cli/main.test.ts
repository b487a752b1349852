import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { commands } from '../../src/cli/table.js';
import { makeDirectory, memoryTerminal, type TerminalSetting } from './memory-terminal.js';

let dir: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dir, remove } = await makeDirectory({ 'empty/.keep': '' }));
});

afterAll(() => remove());

async function run(argv: readonly string[], setting: Partial<TerminalSetting> = {}) {
  const terminal = memoryTerminal({ cwd: `${dir}/empty`, ...setting });
  const code = await main(argv, terminal);
  return { code, out: terminal.out(), err: terminal.err() };
}

describe('the command line', () => {
  it('prints the version of the package', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('prints help that was asked for on stdout, and every command in it', async () => {
    const { code, out, err } = await run(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { name, summary } of commands)
      expect(out).toMatch(new RegExp(`^  ${name} .*${summary.slice(0, 20)}`, 'm'));
    expect(out).toContain('Exit codes: 0 ok, 1 findings, 2 could not run');
  });

  it('prints help that was not asked for on stderr, and could not run', async () => {
    const { code, out, err } = await run([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: flagstaff');
  });

  it.each(commands.map(({ name }) => [name]))('explains `%s` with examples', async (name) => {
    const { code, out } = await run([name, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: flagstaff ${name}`);
    expect(out).toMatch(new RegExp(`Examples:\n {2}# .+\n {2}\\$ .*flagstaff ${name}`));
    expect(out).toContain('-C, --dir <DIR>');
  });

  it.each([
    [['lnit'], 'error: unknown command `lnit`\nhelp: did you mean `init` or `lint`?\n'],
    [['lint', '--fromat', 'json'], 'error: unknown option `--fromat`\nhelp: did you mean `--format`?\n'],
    [['show'], 'error: missing required argument `FLAG`\nhelp: `flagstaff show --help` tells how\n'],
    [
      ['graph', 'a'],
      'error: too many arguments for `graph`: expected 0 arguments but got 1\nhelp: the flag repository is named with `-C DIR`; `flagstaff graph --help` tells how\n',
    ],
    [
      ['lint', '--max-warnings', '-1'],
      'error: option `--max-warnings <N>` argument `-1` is invalid: write a whole number of at least 0\nhelp: `flagstaff lint --help` tells how\n',
    ],
    [
      ['lint', '--max-warnings', '1.5'],
      'error: option `--max-warnings <N>` argument `1.5` is invalid: write a whole number of at least 0\nhelp: `flagstaff lint --help` tells how\n',
    ],
    [
      ['lint', '--format', 'xml'],
      'error: option `-f, --format <NAME>` argument `xml` is invalid: allowed choices are text, json, github, sarif\nhelp: `flagstaff lint --help` tells how\n',
    ],
    [
      ['eval', '--now', 'noon'],
      'error: option `--now <TIME>` argument `noon` is invalid: write a date such as 2026-12-01 or 2026-12-01T09:00:00Z\nhelp: `flagstaff eval --help` tells how\n',
    ],
  ])('refuses %j', async (argv, err) => {
    expect(await run(argv)).toEqual({ code: 2, out: '', err });
  });

  it('says what to do where there is no flag repository', async () => {
    expect(await run(['list'])).toEqual({
      code: 2,
      out: '',
      err:
        'error: no `flagstaff.yaml` here, in a directory above, or in `./flags`\n' +
        'help: name the directory with `-C DIR`, or begin a flag repository with `flagstaff init`\n',
    });
  });

  it('says so when a directory is not there', async () => {
    expect(await run(['lint', '-C', 'missing'])).toEqual({
      code: 2,
      out: '',
      err: `error: there is no directory \`${dir}/empty/missing\`\n`,
    });
  });

  it('takes an error that nobody foresaw for a bug', async () => {
    const now = () => {
      throw new TypeError('no clock');
    };
    const { code, out, err } = await run(['lint', 'flags'], { now, cwd: process.cwd() });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(
      /^error: this is a bug in flagstaff, please report it with what follows\nTypeError: no clock\n {4}at /,
    );
  });
});
