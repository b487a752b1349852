import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtProgram } from '../../built.js';
import { makeRepository, type TestRepository } from '../../repository.js';

const FLAG =
  'key: button\ntype: string\nvariants: { a: x, b: y }\ndefault: a\nexperiment: { split: { a: 50, b: 50 } }\n';

let repository: TestRepository;
let children: ChildProcess[];

beforeEach(async () => {
  children = [];
  const files = { 'flagstaff.yaml': 'environments: [production]\n', 'button.flag.yaml': FLAG };
  repository = await makeRepository([{ files }]);
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(join(repository.dir, 'data'), { recursive: true, force: true });
  await repository.remove();
});

interface Starting {
  readonly child: ChildProcess;
  /** What it listens on; nothing when it has ended. */
  readonly url: Promise<string | undefined>;
  readonly said: () => string;
}

async function start(): Promise<Starting> {
  const args = [await builtProgram(), 'serve', repository.dir, '--port', '0', '--data-dir', `${repository.dir}/data`];
  const child = spawn(process.execPath, args, {
    env: { ...repository.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  const url = new Promise<string | undefined>((resolve) => {
    child.once('exit', () => resolve(undefined));
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk: Buffer) => {
        said += chunk;
        const [, found] = /listening on (\S+)/.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
  });
  return { child, url, said: () => said };
}

async function started(): Promise<Starting & { readonly at: string }> {
  const starting = await start();
  return { ...starting, at: (await starting.url) ?? expect.fail(starting.said()) };
}

async function tell(url: string, batch: string): Promise<number> {
  const { version } = (await (await fetch(`${url}/snapshot`)).json()) as { version: string };
  const exposure = {
    flag_key: 'button',
    variant_key: 'a',
    user_id: `user of ${batch}`,
    timestamp: new Date().toISOString(),
    reason: 'SPLIT',
    environment: 'production',
    version,
  };
  const headers = { 'content-type': 'application/json', 'idempotency-key': batch };
  const body = JSON.stringify({ exposures: [exposure] });
  return (await fetch(`${url}/exposures`, { method: 'POST', headers, body })).status;
}

async function count(url: string): Promise<number> {
  const { windows } = (await (await fetch(`${url}/flags/button/exposures`)).json()) as {
    windows: { variants: { evaluations: number }[] }[];
  };
  return windows.flatMap(({ variants }) => variants).reduce((sum, { evaluations }) => sum + evaluations, 0);
}

describe('two servers on one data directory', () => {
  it('that start at once: one serves, and the other when that one is killed', async () => {
    const both = await Promise.all([start(), start()]);
    const first = await Promise.race(both.map(async (one) => ({ ...one, at: await one.url })));
    expect(await tell(first.at ?? '', '1')).toBe(202);
    const second = both.find(({ child }) => child !== first.child);
    first.child.kill('SIGKILL');
    const at = (await second?.url) ?? expect.fail(second?.said() ?? '');
    expect(await count(at)).toBe(1);
    expect(await tell(at, '2')).toBe(202);
  }, 60_000);

  it('one of which stood still meanwhile lose nothing, and the one before says so', async () => {
    const before = await started();
    expect(await tell(before.at, '1')).toBe(202);
    before.child.kill('SIGSTOP');
    const after = await started();
    expect(await tell(after.at, '2')).toBe(202);
    before.child.kill('SIGCONT');
    expect(await tell(before.at, '3')).toBe(503);
    expect(before.said()).toContain('another server has taken over the data directory');
    const status = (await (await fetch(`${before.at}/status`)).json()) as object;
    expect(status).toMatchObject({ exposures: { error: expect.stringContaining('another server') } });
    expect(await tell(after.at, '3')).toBe(202);
    after.child.kill('SIGKILL');
    before.child.kill('SIGKILL');
    const last = await started();
    expect(await count(last.at)).toBe(3);
  }, 60_000);
});
