import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { builtProgram, projectDirectory } from '../built.js';
import { memoryTerminal } from '../cli/memory-terminal.js';

const README = readFileSync('README.md', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
const run = promisify(execFile);

/** The lines of the shell blocks that begin so, without what is said beside them. */
function linesOf(start: string): string[] {
  const blocks = [...README.matchAll(/^```sh\n(.*?)^```/gms)].map(([, text = '']) => text);
  return blocks.flatMap((text) => text.split('\n').filter((line) => line.startsWith(start)));
}

describe('the first command of the README', () => {
  let program: ReturnType<typeof spawn>;
  let out = '';
  let err = '';

  beforeAll(async () => {
    await builtProgram();
    const [command = '', ...args] = scripts.start.split(' ');
    program = spawn(command, args, { cwd: projectDirectory, env: { ...process.env, FLAGSTAFF_PORT: '0' } });
    program.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    program.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    await vi.waitFor(() => expect(err).toContain('Ctrl-C ends it'), { timeout: 60_000 });
  });

  afterAll(async () => {
    if (program.exitCode !== null) return;
    program.kill('SIGKILL');
    await once(program, 'close');
  });

  it('is to start', () => {
    expect(linesOf('npm')[0]).toMatch(/^npm ci && npm start /);
    expect(linesOf('npm')[1]).toMatch(/^npm ci && npm test /);
  });

  it('serves, and what it says to try works as it stands there', async () => {
    const [, url = ''] = /^listening on (http:\/\/\S+)\n$/.exec(out) ?? [];
    const tries = err.split('\n').filter((line) => line.startsWith('  curl '));
    expect(tries.map((line) => line.includes(url))).toEqual([true, true, true]);
    const shell = async (line: string) => (await run('bash', ['-c', line])).stdout;
    const [one = '', all = '', stream = ''] = tries;
    expect(JSON.parse(await shell(one))).toMatchObject({ variant: expect.any(String), version: expect.any(String) });
    expect(JSON.parse(await shell(all)).flags.length).toBeGreaterThan(5);
    expect(await shell(`${stream} --max-time 2 || true`)).toContain('event: snapshot');
    const [, file = ''] = /^Then change (\S+) /m.exec(err) ?? [];
    expect(readFileSync(file, 'utf8')).toMatch(/^key: /m);
  });

  it('answers what the README shows', async () => {
    const [, url = ''] = /^listening on (http:\/\/\S+)\n$/.exec(out) ?? [];
    const [, line = '', answer = ''] = /^\$ (curl .*)\n(\{.*\})$/m.exec(README) ?? [];
    const { stdout } = await run('bash', ['-c', line.replace('http://127.0.0.1:7700', url)]);
    const changing = { version: expect.any(String), evaluation_time_ms: expect.any(Number) };
    expect(JSON.parse(stdout)).toEqual({ ...JSON.parse(answer), ...changing });
  });

  it('ends well with Ctrl-C', async () => {
    program.kill('SIGINT');
    const [code] = await once(program, 'close');
    expect(code).toBe(0);
  });
});

describe('the README', () => {
  let elsewhere: string;
  beforeAll(async () => {
    elsewhere = await realpath(await mkdtemp(join(tmpdir(), 'flagstaff-readme-')));
    await cp('flags', join(elsewhere, 'flags'), { recursive: true });
    await cp('docs', join(elsewhere, 'docs'), { recursive: true });
    for (const args of [
      ['init', '-q'],
      ['add', '.'],
      ['commit', '-qm', 'flags'],
    ])
      await run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: elsewhere });
  });
  afterAll(() => rm(elsewhere, { recursive: true, force: true }));

  const lines = linesOf('flagstaff ');

  it('shows the way from lint to serve', () => {
    for (const command of ['lint', 'eval', 'test', 'list', 'diff', 'review', 'init'])
      expect(lines.some((line) => line.startsWith(`flagstaff ${command} `))).toBe(true);
  });

  it.each(lines)('says something that works: %s', async (line) => {
    const args = line.replace(/ #.*$/, '').trim().split(/ +/).slice(1);
    const terminal = { ...memoryTerminal({ cwd: elsewhere }), env: process.env };
    const code = await main(args, terminal);
    expect({ code, err: terminal.err() }).toEqual({ code: 0, err: expect.not.stringContaining('error') });
  });
});
