import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlagstaffClient } from '../../src/sdk/index.js';
import { builtProgram } from '../built.js';
import { makeRepository, type TestRepository } from '../repository.js';
import { type ChaosProxy, startProxy } from './chaos-proxy.js';
import { serveStreams } from './streaming.js';

const PATIENCE = { timeout: 25_000 };
const FAST = { backoff: { min: 20, max: 200 }, readTimeout: 2000, requestTimeout: 5000, staleAfter: 1000 };
const flag = (value: 'on' | 'off') => `key: banner\ntype: boolean\ndefault: ${value}\n`;
const state = (value: 'on' | 'off') => ({ 'banner.flag.yaml': flag(value) });

let repository: TestRepository;
let running: { kill(signal: NodeJS.Signals): void; url: string } | undefined;
let clients: FlagstaffClient[];
let wrong: unknown[];

const onRejection = (reason: unknown) => wrong.push(reason);

beforeEach(async () => {
  clients = [];
  wrong = [];
  process.on('unhandledRejection', onRejection);
  repository = await makeRepository([{ files: { 'flagstaff.yaml': 'environments: [production]\n', ...state('off') } }]);
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  running?.kill('SIGKILL');
  await repository.remove();
  process.off('unhandledRejection', onRejection);
  expect(wrong).toEqual([]);
});

/** `flagstaff serve` of the repository's branch, on this port or any. */
async function serve(port = '0'): Promise<string> {
  const program = await builtProgram();
  const args = [program, 'serve', '--source', 'git', '--ref', 'main', '--port', port];
  const child = spawn(process.execPath, args, {
    cwd: repository.dir,
    env: { ...repository.environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const found = /^listening on (\S+)\n/.exec(out)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('close', (code) => reject(new Error(`it ended with ${code}`)));
  });
  running = { kill: (signal) => void child.kill(signal), url };
  return url;
}

async function follow(url: string): Promise<FlagstaffClient> {
  const client = new FlagstaffClient({ url, ...FAST });
  clients.push(client);
  await client.ready({ timeout: 20_000 });
  expect(client.status()).toMatchObject({ state: 'READY', source: 'live' });
  return client;
}

const portOf = (url: string) => new URL(url).port;

describe('a server', () => {
  it('that is killed and starts again is followed from where it stood', async () => {
    const url = await serve();
    const client = await follow(url);
    running?.kill('SIGKILL');
    await expect.poll(() => client.status().state, PATIENCE).toBe('STALE');
    expect(client.booleanDetails('banner', true)).toMatchObject({ value: false, stale: true });
    await repository.commit({ files: state('on') });
    await serve(portOf(url));
    await expect.poll(() => client.boolean('banner', false), PATIENCE).toBe(true);
    await expect.poll(() => client.status().state, PATIENCE).toBe('READY');
  });

  it('that comes back with another history is believed', async () => {
    const client = await follow(await serve());
    running?.kill('SIGKILL');
    await repository.git('checkout', '--quiet', '--orphan', 'other');
    await repository.commit({ files: { ...state('on'), 'new.flag.yaml': flag('on').replace('banner', 'new') } });
    await repository.git('branch', '--force', 'main', 'other');
    await serve(portOf(running?.url ?? ''));
    await expect.poll(() => client.boolean('new', false), PATIENCE).toBe(true);
    expect(client.boolean('banner', false)).toBe(true);
    expect(client.status().version).toBe(await repository.git('rev-parse', 'main'));
  });

  it('that stands still is given up, and found again when it moves', async () => {
    const client = await follow(await serve());
    const told: unknown[] = [];
    client.on('error', (error) => told.push(error));
    running?.kill('SIGSTOP');
    await expect.poll(() => client.status().state, PATIENCE).toBe('STALE');
    await expect.poll(() => told, PATIENCE).toMatchObject([{ code: 'unreachable' }]);
    await repository.commit({ files: state('on') });
    running?.kill('SIGCONT');
    await expect.poll(() => client.boolean('banner', false), PATIENCE).toBe(true);
  });
});

describe('a certificate', () => {
  let proxy: ChaosProxy | undefined;
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'flagstaff-tls-'));
  });

  afterEach(async () => {
    await proxy?.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('that nobody has signed is refused', async () => {
    const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', ...made, ...named, '-keyout', keyFile, '-out', certFile], {
      stdio: 'ignore',
    });
    const tls = { key: await readFile(keyFile), cert: await readFile(certFile) };
    const server = await serveStreams(state('on'), { tls });
    proxy = await startProxy(server.url);
    const url = proxy.url.replace('http:', 'https:');
    const client = new FlagstaffClient({ url, ...FAST, key: 'secret' });
    clients.push(client);
    await client.ready({ timeout: 2000 });
    expect(client.status()).toMatchObject({
      state: 'ERROR',
      source: 'defaults',
      error: { code: 'unreachable', message: `cannot reach ${url} (DEPTH_ZERO_SELF_SIGNED_CERT)` },
    });
    expect(client.boolean('banner', false)).toBe(false);
    await client.close();
    await server.close();
  });
});
