import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtProgram } from '../built.js';
import { makeDirectory } from './memory-terminal.js';
import { shop } from './shop.js';

let dir: string;
let program: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  program = await builtProgram();
  ({ dir, remove } = await makeDirectory({ ...shop, 'empty/.keep': '' }));
});

afterAll(() => remove());

interface Setting {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A shell line that `$flagstaff` stands for the program in. */
  readonly shell?: string;
}

async function start(args: readonly string[], { input = '', env = {}, shell }: Setting = {}) {
  const options = { cwd: dir, env: { PATH: process.env.PATH, ...env } };
  const child = shell
    ? spawn('bash', ['--norc', '-c', shell], {
        ...options,
        env: { ...options.env, flagstaff: `${process.execPath} ${program}` },
      })
    : spawn(process.execPath, [program, ...args], options);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

describe('the program', () => {
  it('ends with 0 when all is well', async () => {
    const { code, out, err } = await start(['eval', 'payments', '--format', 'json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual([{ flag: 'payments', value: 'v2', variant: 'new', reason: 'DEFAULT' }]);
  });

  it('ends with 1 on findings and 2 on what it cannot run', async () => {
    expect((await start(['eval', 'none'])).code).toBe(1);
    expect((await start(['lint', '--max-warnings', '0'])).code).toBe(1);
    expect(await start(['evl'])).toEqual({
      code: 2,
      out: '',
      err: 'error: unknown command `evl`\nhelp: did you mean `eval`?\n',
    });
  });

  it('reads the context and contexts from stdin', async () => {
    const { out } = await start(['eval', 'limit', '-c', '-', '-f', 'json'], { input: '{"seats": 10}' });
    expect(JSON.parse(out)).toMatchObject([{ variant: 'high' }]);
    const many = await start(['eval', 'limit', '--contexts', '-', '--summary'], { input: '{"seats": 10}\n{}\n' });
    expect(many.out).toContain('2 contexts\n');
  });

  it('has colours when they are forced, unless it is told to have none', async () => {
    const env = { FORCE_COLOR: '1' };
    expect((await start(['list'], { env })).out).toContain('\u001b[');
    expect((await start(['list', '--no-color'], { env })).out).not.toContain('\u001b[');
  });

  it('is quiet when nobody reads on', async () => {
    await writeFile(`${dir}/many.ndjson`, '{"seats": 10}\n'.repeat(50_000));
    const shell = '$flagstaff eval --contexts many.ndjson | head -n 1; exit $PIPESTATUS';
    const { code, out, err } = await start([], { shell });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ line: 1, flag: 'limit' });
  });

  it.skipIf(process.platform !== 'linux')('does not pretend when the disk is full', async () => {
    const { code, err } = await start([], { shell: '$flagstaff list > /dev/full' });
    expect({ code, err }).toEqual({ code: 2, err: 'error: cannot write the output (ENOSPC)\n' });
  });

  it('waits for a slow reader and loses nothing', async () => {
    await writeFile(`${dir}/many.ndjson`, '{"seats": 10}\n'.repeat(20_000));
    const shell = '$flagstaff eval limit --contexts many.ndjson | (sleep 1; wc -l)';
    const { out, err } = await start([], { shell });
    expect({ lines: Number(out), err }).toEqual({ lines: 20_000, err: '' });
  });

  it('needs as much memory for many contexts as for few', async () => {
    const line = `${JSON.stringify({ targetingKey: 'user-1', seats: 10, padding: 'x'.repeat(400) })}\n`;
    await writeFile(`${dir}/many.ndjson`, line.repeat(300_000));
    // Far less than the file of 130 MB, let alone the answers.
    const env = { NODE_OPTIONS: '--max-old-space-size=48' };
    const { code, out, err } = await start(['eval', 'limit', '--contexts', 'many.ndjson', '--summary'], { env });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('300,000 contexts\n');
  });
});
