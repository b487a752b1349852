import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { builtProgram } from '../../built.js';
import { makeRepository, type TestRepository } from '../../repository.js';

const FLAG =
  'key: button\ntype: string\nvariants: { a: x, b: y }\ndefault: a\nexperiment: { split: { a: 50, b: 50 } }\n';

const SENDERS = 16;
const USERS = 50;

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly version: string;
}

/**
 * Kills a server again and again while batches come in, and starts it on what it left. What it has acknowledged must be
 * there; and when what it has not is sent again, everything must be there once.
 */
export async function survivesKills(times: number): Promise<void> {
  const repository = await makeRepository([
    { files: { 'flagstaff.yaml': 'environments: [production]\n', 'button.flag.yaml': FLAG } },
  ]);
  const data = join(repository.dir, 'data');
  const open = new Set<number>();
  let next = 0;
  let running = await start(repository, data);
  for (let time = 0; time < times; time += 1) {
    await Promise.all([...Array.from({ length: SENDERS }, () => sendUntilKilled()), kill(time)]);
    running = await start(repository, data);
    const taken = next - open.size;
    const counted = (await count(running.url)) / USERS;
    expect(counted).toBeGreaterThanOrEqual(taken);
    expect(counted).toBeLessThanOrEqual(next);
    for (const number of open) if (await send(running, number)) open.delete(number);
    expect(await count(running.url)).toBe(next * USERS);
  }
  running.child.kill('SIGKILL');
  await repository.remove();
  await rm(data, { recursive: true, force: true });

  async function sendUntilKilled(): Promise<void> {
    for (;;) {
      const number = next;
      next += 1;
      open.add(number);
      if (!(await send(running, number))) return;
      open.delete(number);
    }
  }

  async function kill(time: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 200 + ((time * 137) % 400)));
    running.child.kill('SIGKILL');
  }
}

async function start({ dir, environment }: TestRepository, data: string): Promise<Running> {
  const args = [await builtProgram(), 'serve', dir, '--port', '0', '--data-dir', data];
  const child = spawn(process.execPath, args, { env: { ...environment }, stdio: ['ignore', 'pipe', 'ignore'] });
  const url = await new Promise<string>((resolve, reject) => {
    let out = '';
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${out}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
      const [, found] = /listening on (\S+)/.exec(out) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const { version } = (await (await fetch(`${url}/snapshot`)).json()) as { version: string };
  return { child, url, version };
}

/** @returns whether it was acknowledged */
async function send({ url, version }: Running, number: number): Promise<boolean> {
  const exposures = Array.from({ length: USERS }, (_, user) => ({
    flag_key: 'button',
    variant_key: user % 2 === 0 ? 'a' : 'b',
    user_id: `u${number}-${user}`,
    timestamp: new Date().toISOString(),
    reason: 'SPLIT',
    environment: 'production',
    version,
  }));
  const headers = { 'content-type': 'application/json', 'idempotency-key': `batch-${number}` };
  const body = JSON.stringify({ exposures });
  const answer = await fetch(`${url}/exposures`, { method: 'POST', headers, body }).catch(() => undefined);
  return answer?.status === 202;
}

async function count(url: string): Promise<number> {
  const { windows } = (await (await fetch(`${url}/flags/button/exposures`)).json()) as {
    windows: { variants: { evaluations: number }[] }[];
  };
  return windows.flatMap(({ variants }) => variants).reduce((sum, { evaluations }) => sum + evaluations, 0);
}
