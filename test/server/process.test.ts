import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtProgram } from '../built.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { listenTo } from './stream/listener.js';

const FILES = {
  'flagstaff.yaml': 'environments: [production]\n',
  'banner.flag.yaml': 'key: banner\ntype: boolean\ndefault: off\n',
};

let repository: TestRepository;
let child: ChildProcessByStdio<null, Readable, Readable> | undefined;

beforeEach(async () => {
  repository = await makeRepository([{ files: FILES }]);
});

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await repository.remove();
});

async function start(...args: readonly string[]) {
  const program = await builtProgram();
  const started = spawn(process.execPath, [program, 'serve', '--port', '0', ...args], {
    cwd: repository.dir,
    env: { ...repository.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let out = '';
  let err = '';
  const ended = once(started, 'close').then(([code]) => ({ code: code as number, out, err }));
  started.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const url = new Promise<string>((resolve, reject) => {
    started.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const found = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(out)?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then(() => reject(new Error(err)), reject);
  });
  url.catch(() => undefined);
  return { process: started, url, ended };
}

describe('flagstaff serve', () => {
  it('says where it listens, serves, and ends well when it is told to', async () => {
    const server = await start();
    const url = await server.url;
    const listener = await listenTo(`${url}/stream`);
    await listener.next();
    server.process.kill('SIGTERM');
    expect(await listener.ended()).toMatch(/\nretry: 1000\n\n$/);
    const { code, out } = await server.ended;
    expect({ code, out }).toEqual({ code: 0, out: `listening on ${url}\n` });
  });

  it('finishes a request that is under way when it is told to end', async () => {
    const server = await start();
    const url = new URL(await server.url);
    const socket = connect(Number(url.port), url.hostname);
    const body = '{"context":{}}';
    const head = `POST /ofrep/v1/evaluate/flags/banner HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n`;
    socket.write(`${head}connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    server.process.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.write(body.slice(5));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect((await server.ended).code).toBe(0);
  });

  it('looks again on SIGHUP', async () => {
    const server = await start('--source', 'git', '--ref', 'main', '--remote', repository.dir, '--poll', '1h');
    const url = await server.url;
    await repository.commit({ files: { 'banner.flag.yaml': 'key: banner\ntype: boolean\ndefault: on\n' } });
    server.process.kill('SIGHUP');
    const read = async () => (await (await fetch(`${url}/snapshot`)).json()) as object;
    await expect.poll(read, { timeout: 10_000 }).toMatchObject({ flags: [{ default: 'on' }] });
  });

  it('does not start when nothing can be served, and says where, once', async () => {
    await repository.write({ 'banner.flag.yaml': 'key: banner\ntype: boolean\ndefault: maybe\noff_variant: never\n' });
    const { code, out, err } = await (await start()).ended;
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /^error: the flags do not pass the gate: banner\.flag\.yaml:[34]: .* \(and 1 more\)\nhelp: .*\n$/,
    );
  });

  it('says what to do when the port is taken', async () => {
    const { port } = new URL(await (await start()).url);
    const first = child;
    const { code, err } = await (await start('--port', port)).ended;
    first?.kill('SIGKILL');
    expect(code).toBe(2);
    expect(err).toContain(`error: cannot listen on 127.0.0.1:${port} (EADDRINUSE)\nhelp: another program has the port`);
  });

  it.each([
    ['an address that others reach, without keys', ['--host', '0.0.0.0'], '`--host 0.0.0.0` would let anybody in'],
    ['a remote of a working tree', ['--remote', 'origin'], '`--remote` needs `--source git`'],
    ['peers that nobody signs for', ['--peers', 'http://127.0.0.1:1'], '`--peers` needs a secret'],
    ['a certificate without its key', ['--tls-cert', 'cert.pem'], 'need each other'],
  ])('refuses %s', async (_, args, message) => {
    const { code, err } = await (await start(...args)).ended;
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
