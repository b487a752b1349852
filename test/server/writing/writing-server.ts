import type { ServeOptions } from '../../../src/server/start.js';
import type { Literal } from '../../project/files.js';
import { makeRepository, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';

/** What a body may say, as far as tests look. */
type Body = Readonly<Record<string, unknown>> & {
  readonly errors?: readonly { readonly pointer: string; readonly message: string; readonly code?: string }[];
};

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A server that writes to a repository of its own. */
export interface WritingServer {
  readonly repository: TestRepository;
  readonly server: TestServer;
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** A file at the head of the branch. */
  file(path: string): Promise<string>;
  /** The message of the last commit. */
  message(): Promise<string>;
  close(): Promise<void>;
}

/** Serves the branch `main`, which is not checked out, and writes to it. */
export async function startWriting(
  files: Literal,
  options: Partial<ServeOptions> = {},
  environmentOf: (
    repository: TestRepository,
  ) => TestRepository['environment'] | Promise<TestRepository['environment']> = (repository) => repository.environment,
): Promise<WritingServer> {
  const repository = await makeRepository([{ files }]);
  await repository.git('switch', '--quiet', '--create', 'elsewhere');
  const server = await startTestServer(
    { root: repository.dir, git: { ref: 'main' }, writing: { mode: 'direct' }, ...options },
    await environmentOf(repository),
  );
  return {
    repository,
    server,
    send: (method, path, body, headers) => send(server.url, method, path, body, headers),
    file: (path) => repository.git('show', `main:${path}`),
    message: () => repository.git('log', '-1', '--format=%B', 'main'),
    close: async () => {
      await server.close();
      await repository.remove();
    },
  };
}

/** `body` as JSON; of the type that `headers` say, else `application/json`. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const typed = body === undefined ? headers : { 'content-type': 'application/json', ...headers };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url + path, { method, headers: typed, ...(body !== undefined && { body: text }) });
  const said = await answer.text();
  return { status: answer.status, headers: answer.headers, body: JSON.parse(said || '{}') as Body };
}

export const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
