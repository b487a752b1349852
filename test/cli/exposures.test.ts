import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { startTestServer, type TestServer } from '../server/running.js';
import { memoryTerminal } from './memory-terminal.js';

const FLAG =
  'key: button\ntype: string\nvariants: { grey: g, green: n }\ndefault: grey\nexperiment: { split: { grey: 50, green: 50 } }\n';

/** The beginning of the last whole hour. */
const LATELY = new Date(Math.floor(Date.now() / 3_600_000 - 1) * 3_600_000).toISOString();

let repository: TestRepository;
let server: TestServer;
let data: string;
afterEach(async () => {
  await server?.close();
  await repository?.remove();
  await rm(data, { recursive: true, force: true });
});

async function begin(): Promise<void> {
  data = await mkdtemp(join(tmpdir(), 'flagstaff-data-'));
  repository = await makeRepository([
    {
      files: {
        'flagstaff.yaml': 'environments: [production]\n',
        'button.flag.yaml': FLAG,
        'plain.flag.yaml': 'key: plain\ntype: boolean\ndefault: off\n',
      },
    },
  ]);
  server = await startTestServer({ root: repository.dir, git: { ref: 'main' }, dataDir: data }, repository.environment);
}

async function exposures(...argv: string[]) {
  const terminal = memoryTerminal({ cwd: tmpdir() });
  const exit = await main(['exposures', ...argv], terminal);
  return { exit, out: terminal.out(), err: terminal.err() };
}

async function meet(variant: string, users: number): Promise<void> {
  const exposure = {
    flag_key: 'button',
    variant_key: variant,
    timestamp: LATELY,
    reason: 'SPLIT',
    environment: 'production',
    version: repository.commits.at(-1),
  };
  const body = JSON.stringify({
    exposures: Array.from({ length: users }, (_, user) => ({ ...exposure, user_id: `${variant}${user}` })),
  });
  const headers = { 'content-type': 'application/json', 'idempotency-key': variant };
  expect((await fetch(`${server.url}/exposures`, { method: 'POST', headers, body })).status).toBe(202);
}

describe('flagstaff exposures', () => {
  it('shows users, shares and bars, and fails when the split does not hold', async () => {
    await begin();
    const none = await exposures('button', '--url', server.url);
    expect(none).toMatchObject({ exit: 0, out: '', err: 'nobody has met this experiment yet\n' });
    await meet('grey', 900);
    await meet('green', 600);
    const { exit, out } = await exposures('button', '--url', `${server.url}/`);
    expect(exit).toBe(1);
    expect(out).toContain('button in production since');
    expect(out).toMatch(/grey +900 +60\.0 % +50\.0 % +900 +█{18}\n/);
    expect(out).toMatch(/green +600 +40\.0 % +50\.0 % +600 +█{12}\n/);
    expect(out).toMatch(/THE SPLIT DOES NOT HOLD: off by 10\.0 percentage points, p = [\d.e-]+; do not trust/);
    const { out: csv } = await exposures('button', '--url', server.url, '--format', 'csv', '--interval', 'hour');
    const [head, ...rows] = csv.trim().split('\r\n');
    expect(head).toBe('flag_key,environment,version,since,start,variant_key,evaluations');
    expect(rows.map((row) => row.split(',').slice(4))).toEqual([
      [LATELY, 'grey', '900'],
      [LATELY, 'green', '600'],
    ]);
    const { out: json } = await exposures('button', '--url', server.url, '--format', 'json', '--to', LATELY);
    expect(JSON.parse(json).windows[0]).toMatchObject({ series: [], sample_ratio: { state: 'skewed' } });
    await repository.commit({ files: { 'button.flag.yaml': `${FLAG}seed: anew\n` } });
    await server.reload();
    const anew = await exposures('button', '--url', server.url);
    expect(anew).toMatchObject({
      exit: 0,
      err: 'nobody has met the experiment as it is now: these are windows of before\n',
    });
    expect(anew.out).toContain('THE SPLIT DOES NOT HOLD');
  });

  it('takes what is no report for what it is, and lets no server write to the terminal what it likes', async () => {
    let answer: { readonly status: number; readonly body: unknown } = { status: 200, body: null };
    const other = createServer((_, response) => {
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { readonly port: number };
    const url = `http://127.0.0.1:${port}`;
    const names = { flag_key: 'f', environment: 'e' };
    const bodies = [{}, { windows: [] }, { ...names, windows: [null] }, { ...names, windows: [{}] }, { ...names }];
    for (const body of bodies) {
      answer = { status: 200, body };
      const said = await exposures('button', '--url', url);
      expect(said).toMatchObject({ exit: 2, err: `error: \`${url}\` is no Flagstaff server\n` });
    }
    answer = { status: 500, body: { detail: '\u001b[31mred', help: ['x'] } };
    expect((await exposures('button', '--url', url)).err).toBe('error: \ufffd[31mred\n');
    await new Promise((resolve) => other.close(resolve));
  });

  it('says what to do when there is no server, no such flag, or no key', async () => {
    await begin();
    const missing = await exposures('nothing', '--url', server.url);
    expect(missing).toMatchObject({ exit: 2 });
    expect(missing.err).toContain('there is no flag `nothing`');
    const plain = await exposures('plain', '--url', server.url);
    expect(plain).toMatchObject({
      exit: 0,
      err: '`plain` is no experiment in production, and nobody met it as one\n',
    });
    await server.close();
    const away = await exposures('button', '--url', server.url);
    expect(away.exit).toBe(2);
    expect(away.err).toContain('flagstaff serve --data-dir');
    server = await startTestServer({ root: repository.dir }, repository.environment);
    const none = await exposures('button', '--url', server.url);
    expect(none.err).toContain('this server keeps no exposures\nhelp: start it with `--data-dir DIR`');
  });
});
