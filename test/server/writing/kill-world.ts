import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, vi } from 'vitest';
import type { ServeOptions } from '../../../src/server/start.js';
import { makeRepository, runGit, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';
import { type Answer, send } from './writing-server.js';

export const FILES = {
  'flagstaff.yaml': 'environments: [staging, production]\nprotected: [production]\n',
  'pay.flag.yaml': '# money\nkey: pay\ntype: boolean\ndefault: on\noff_variant: off\n',
  'pay.production.override.yaml': '# guarded\nflag: pay\nenvironment: production\ndefault: on\noff_variant: off\n',
};
export const WISH = { environment: 'production', reason: 'INC-7: charged twice' };
export const SECRET = 'a secret between replicas';
export const LONG = { timeout: 60_000, interval: 100 };

/** A repository with a flag that is on, and servers that write to it, anew for each test. */
export class KillWorld {
  home = '';
  #repository: TestRepository | undefined;
  #servers: TestServer[] = [];

  constructor() {
    vi.setConfig({ testTimeout: 180_000 });
    beforeEach(async () => {
      this.#servers = [];
      this.home = await mkdtemp(join(tmpdir(), 'flagstaff-kill-'));
      this.#repository = await makeRepository([{ files: FILES }]);
      await this.repository.git('switch', '--quiet', '--create', 'elsewhere');
    });
    afterEach(async () => {
      await Promise.all(this.#servers.map((server) => server.close()));
      await this.repository.remove();
      await rm(this.home, { recursive: true, force: true });
    });
  }

  get repository(): TestRepository {
    if (this.#repository === undefined) throw new Error('no test runs');
    return this.#repository;
  }

  /** Serves the branch, which is not checked out. */
  start(options: Partial<ServeOptions> = {}, now?: () => number): Promise<TestServer> {
    return this.startInTree({ git: { ref: 'main' }, dataDir: join(this.home, 'data'), ...options }, now);
  }

  /** Serves the working tree, and keeps nothing. */
  startInTree(options: Partial<ServeOptions> = {}, now?: () => number): Promise<TestServer> {
    return this.startReading({ writing: { mode: 'direct' }, ...options }, now);
  }

  async startReading(options: Partial<ServeOptions> = {}, now?: () => number): Promise<TestServer> {
    const all = { root: this.repository.dir, ...options };
    const server = await startTestServer(all, this.repository.environment, now);
    this.#servers.push(server);
    return server;
  }

  async stop(server: TestServer): Promise<void> {
    this.#servers = this.#servers.filter((one) => one !== server);
    await server.close();
  }

  /** Clones the repository. @returns where, and what takes the remote away from the clone and gives it back */
  async clone(name: string): Promise<{ dir: string; remote(url?: string): Promise<unknown> }> {
    const dir = join(this.home, name);
    const { environment, dir: from } = this.repository;
    const origin = pathToFileURL(from).href;
    await runGit(this.home, environment, ['clone', '--quiet', '-b', 'main', origin, dir]);
    const remote = (url = origin) => runGit(dir, environment, ['remote', 'set-url', 'origin', url]);
    return { dir, remote };
  }

  /** Starts a server on a clone. */
  startOn(dir: string, options: Partial<ServeOptions> = {}, now?: () => number): Promise<TestServer> {
    const git = { ref: 'main', remote: 'origin' };
    const all = { root: dir, git, dataDir: `${dir}-data`, hookSecret: SECRET, fetchTimeout: 5000, ...options };
    return this.start(all, now);
  }

  /** Nobody can move the branch while this file is there. */
  get lock(): string {
    return this.repository.path('.git', 'refs', 'heads', 'main.lock');
  }

  lockBranch(): Promise<void> {
    return writeFile(this.lock, '');
  }

  override(at = 'main'): Promise<string> {
    return this.repository.git('show', `${at}:pay.production.override.yaml`);
  }

  count(): Promise<string> {
    return this.repository.git('rev-list', '--count', 'main');
  }
}

export function kill({ url }: TestServer, body: object = WISH): Promise<Answer> {
  return send(url, 'POST', '/flags/pay/kill', body);
}

export function undo({ url }: TestServer, environment = 'production'): Promise<Answer> {
  return send(url, 'DELETE', `/flags/pay/kill?environment=${environment}`);
}

/** Asks until it is known: another one may be about to commit it, and say so. */
export async function undoInTheEnd(server: TestServer): Promise<Answer> {
  for (;;) {
    const answer = await undo(server);
    if (answer.status !== 504) return answer;
  }
}

export async function isOn({ url }: TestServer, environment = 'production'): Promise<unknown> {
  return (await send(url, 'POST', '/flags/pay/evaluate', { environment })).body.value;
}

/** As `/status` tells of them. */
export async function kills({ url }: TestServer): Promise<unknown> {
  return (await send(url, 'GET', '/status')).body.kills;
}
