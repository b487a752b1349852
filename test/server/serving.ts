import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { formatKey, hashKey, type StoredKey } from '../../src/server/access/key.js';
import { logTo } from '../../src/server/log.js';
import type { Parts } from '../../src/server/parts.js';
import type { Served } from '../../src/server/served.js';
import { createServer } from '../../src/server/server.js';
import { Store } from '../../src/server/store.js';
import { compiled, type Literal } from '../project/files.js';

export const NOON = Date.parse('2026-12-01T12:00:00Z');

/** A server over flags that a test writes down, on a port of its own. */
export interface Serving {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly store: Store;
  /** Whatever went to the log. */
  log(): string;
  /** Makes the flags of another state the served ones. Files that are not named stay. */
  publish(change: Literal): Served;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

export async function serve(literal: Literal, parts: Partial<Parts> = {}): Promise<Serving> {
  const store = new Store();
  const lines: string[] = [];
  const log = logTo((line) => lines.push(line), 'trace', false);
  const app = await createServer({ store, log, clock: () => NOON, ...parts });
  let files = literal;
  const publish = (change: Literal) => {
    files = { ...files, ...change };
    const served = servedOf(files, store.current);
    store.publish(served);
    return served;
  };
  publish({});
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    app,
    url,
    store,
    log: () => lines.join(''),
    publish,
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path, headers = {}) => fetch(url + path, { headers }),
    close: () => app.close(),
  };
}

/** A version is a hash of the files; flags get the version at which their file changed. */
function servedOf(literal: Literal, before?: Served): Served {
  const { snapshot, project, diagnostics } = compiled(literal);
  if (snapshot === undefined || project === undefined) throw new Error(JSON.stringify(diagnostics));
  const version = createHash('sha1').update(JSON.stringify(literal)).digest('hex');
  const flagVersions = Object.entries(literal).map(([path, text]): [string, string] => [
    path.replace(/^.*\/|\.flag\.yaml$/g, ''),
    createHash('sha1').update(text).digest('hex'),
  ]);
  return {
    snapshot,
    project,
    origin: 'worktree',
    revision: { version, author: 'Ada', message: 'a change', at: '2026-12-01T12:00:00Z' },
    position: { height: (before?.position.height ?? 0) + 1, history: version.slice(0, 12) },
    loadedAt: NOON,
    flagVersions: new Map(flagVersions),
  };
}

/** A key and how it is stored. `number` tells keys of one test apart. */
export function makeKey(number: number, more: Pick<StoredKey, 'role'> & Partial<StoredKey>): [string, StoredKey] {
  const { id, text } = formatKey(new Uint8Array(5).fill(number), new Uint8Array(32).fill(number));
  const stored = { id, name: `key ${number}`, sha256: hashKey(text), created_at: '2026-12-01T00:00:00Z', ...more };
  return [text, stored];
}

export function keyRingOf(keys: readonly StoredKey[]): { readonly keys: ReadonlyMap<string, StoredKey> } {
  return { keys: new Map(keys.map((key) => [key.id, key])) };
}
