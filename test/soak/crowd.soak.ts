import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtProgram } from '../built.js';
import { makeRepository, type TestRepository } from '../repository.js';

const FILES = {
  'flagstaff.yaml': 'environments: [production]\n',
  'banner.flag.yaml': 'key: banner\ntype: boolean\ndefault: on\n',
};

/** Connections and streams that are opened at a time. */
const AT_ONCE = 200;

let repository: TestRepository;
let child: ChildProcess;
let url: URL;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  repository = await makeRepository([{ files: FILES }]);
  const args = [await builtProgram(), 'serve', '--port', '0'];
  const started = spawn(process.execPath, args, { cwd: repository.dir, stdio: ['ignore', 'pipe', 'ignore'] });
  child = started;
  const [line] = (await once(started.stdout, 'data')) as [Buffer];
  url = new URL(line.toString().replace('listening on ', '').trim());
});

afterEach(async () => {
  closeAll();
  child.kill('SIGKILL');
  await repository.remove();
});

async function openMany(count: number, text: string): Promise<void> {
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => openOne(text)));
  }
}

async function openOne(text: string): Promise<void> {
  const socket = connect(Number(url.port), url.hostname);
  sockets.push(socket);
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  if (!socket.destroyed) socket.write(text);
}

function closeAll(): void {
  for (const socket of sockets) socket.destroy();
  sockets = [];
}

async function answer(): Promise<unknown> {
  const path = '/ofrep/v1/evaluate/flags/banner';
  const response = await fetch(new URL(path, url), { method: 'POST' });
  return ((await response.json()) as { readonly value: unknown }).value;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const megabytes = async () => (await metric('process_resident_memory_bytes')) / 1e6;

it('bears 10,000 connections with half a request each, and closes them', async () => {
  expect(await answer()).toBe(true);
  const files = await metric('process_open_fds');
  await openMany(10_000, 'POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: localhost\r\n');
  expect(await answer()).toBe(true);
  expect(await megabytes()).toBeLessThan(600);
  for (const socket of sockets) socket.resume();
  await expect.poll(() => sockets.filter(({ destroyed }) => !destroyed).length, { timeout: 120_000 }).toBe(0);
  await expect.poll(() => metric('process_open_fds'), { timeout: 60_000 }).toBeLessThan(files + 20);
  expect(await answer()).toBe(true);
});

it('leaks neither memory nor handles when 5,000 streams are opened and closed, again and again', async () => {
  const files = await metric('process_open_fds');
  const used: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    await openMany(5_000, 'GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await expect.poll(() => metric('flagstaff_streams'), { timeout: 60_000 }).toBe(5_000);
    closeAll();
    await expect.poll(() => metric('flagstaff_streams'), { timeout: 60_000 }).toBe(0);
    await expect.poll(() => metric('process_open_fds'), { timeout: 60_000 }).toBeLessThan(files + 20);
    used.push(await megabytes());
  }
  const [, second = 0, , last = 0] = used;
  expect(last).toBeLessThan(second * 1.25 + 20);
  expect(await answer()).toBe(true);
});
