import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FlagstaffClient } from '../../src/sdk/index.js';
import { systemTime, type Time } from '../../src/sdk/time.js';
import { builtProgram } from '../built.js';
import { makeRepository, type TestRepository } from '../repository.js';

const CLIENTS = Number(process.env.FLAGSTAFF_SOAK_CLIENTS ?? 1000);
const SECOND = 1000;
/** The widest, from the first failure on: a thousand clients in one process cannot be told apart within a second. */
const WINDOW = 30 * SECOND;
const PATIENCE = { timeout: 180 * SECOND, interval: 100 };
const files = (value: 'on' | 'off') => ({ 'banner.flag.yaml': `key: banner\ntype: boolean\ndefault: ${value}\n` });

let repository: TestRepository;
let child: ChildProcess;
let url: string;
let clients: FlagstaffClient[];
/** By client: when it was to ask for a stream, in milliseconds. */
let asked: number[][];
let wrong: unknown[];

const onRejection = (reason: unknown) => wrong.push(reason);

beforeEach(async () => {
  wrong = [];
  process.on('unhandledRejection', onRejection);
  repository = await makeRepository([{ files: { 'flagstaff.yaml': 'environments: [production]\n', ...files('off') } }]);
  await serve('0');
  asked = Array.from({ length: CLIENTS }, () => []);
  clients = asked.map(client);
  await Promise.all(clients.map((each) => each.ready({ timeout: 120 * SECOND })));
  await expect.poll(streams, PATIENCE).toBe(CLIENTS);
});

afterEach(async () => {
  await Promise.all(clients.map((each) => each.close()));
  child.kill('SIGKILL');
  await repository.remove();
  process.off('unhandledRejection', onRejection);
  expect(wrong).toEqual([]);
});

/** Notes for when an attempt was due, so that a busy machine does not gather what the clients have spread. */
function client(times: number[]): FlagstaffClient {
  let due = 0;
  const time: Time = {
    ...systemTime,
    after: (milliseconds, callback, keepsAlive) => {
      const at = systemTime.elapsed() + milliseconds;
      const noting = () => {
        due = at;
        callback();
      };
      return systemTime.after(milliseconds, noting, keepsAlive);
    },
  };
  const noting: typeof fetch = (input, init) => {
    if (String(input).endsWith('/stream')) times.push(due);
    return fetch(input, init);
  };
  const backoff = { min: WINDOW, max: WINDOW };
  const patience = { initTimeout: 120 * SECOND, requestTimeout: 60 * SECOND };
  return new FlagstaffClient({ url, fetch: noting, time, backoff, ...patience });
}

async function serve(port: string): Promise<void> {
  const args = [await builtProgram(), 'serve', '--source', 'git', '--ref', 'main', '--port', port];
  const started = spawn(process.execPath, args, {
    cwd: repository.dir,
    env: { ...repository.environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child = started;
  const [line] = (await once(started.stdout, 'data')) as [Buffer];
  url = line.toString().replace('listening on ', '').trim();
}

async function streams(): Promise<number> {
  const text = await fetch(new URL('/metrics', url)).then(
    (answer) => answer.text(),
    () => '',
  );
  return Number(/^flagstaff_streams (\S+)$/m.exec(text)?.[1]);
}

const answering = (value: boolean) => clients.filter((each) => each.boolean('banner') === value).length;

/** How many of the times lie in each tenth of a window. */
function tenths(times: readonly number[], from: number, window: number): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const time of times) {
    const tenth = Math.min(Math.max(Math.floor(((time - from) / window) * 10), 0), 9);
    counts[tenth] = (counts[tenth] ?? 0) + 1;
  }
  return counts;
}

const firstAfter = (moment: number) => asked.flatMap((times) => times.filter((time) => time > moment).slice(0, 1));

it('comes back spread over the window when a server dies that all have followed', async () => {
  const died = systemTime.elapsed();
  child.kill('SIGKILL');
  await repository.commit({ files: files('on') });
  await serve(new URL(url).port);
  await expect.poll(() => firstAfter(died).length, PATIENCE).toBe(CLIENTS);
  const counts = tenths(firstAfter(died), died, WINDOW);
  process.stdout.write(`first attempts by tenths of ${WINDOW / SECOND} s: ${counts.join(' ')}\n`);
  expect(Math.max(...counts)).toBeLessThan(CLIENTS / 4);
  await expect.poll(() => answering(true), PATIENCE).toBe(CLIENTS);
  await expect.poll(streams, PATIENCE).toBe(CLIENTS);
});

it('outlives a minute in which the server stands still', async () => {
  child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 60 * SECOND));
  expect(answering(false)).toBe(CLIENTS);
  await repository.commit({ files: files('on') });
  const back = systemTime.elapsed();
  child.kill('SIGCONT');
  await expect.poll(() => answering(true), PATIENCE).toBe(CLIENTS);
  process.stdout.write(`all were fresh ${((systemTime.elapsed() - back) / SECOND).toFixed(1)} s after it went on\n`);
  await expect.poll(streams, PATIENCE).toBe(CLIENTS);
});
