import { afterAll, beforeAll, expect, it } from 'vitest';
import { FLAGSTAFF, flag } from '../../project/files.js';
import { startTestServer, type TestServer } from '../running.js';
import { send, startWriting, type WritingServer } from '../writing/writing-server.js';

const ORIGIN = 'https://flags.example';

/** What every page may read (https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name). */
const SAFELISTED = ['cache-control', 'content-length', 'content-type', 'expires', 'last-modified', 'pragma'];

/** What is for the browser itself, or the connection. */
const FOR_BROWSERS =
  /^(access-control-.*|connection|content-security-policy|cross-origin-.*|date|keep-alive|referrer-policy|transfer-encoding|vary|x-content-type-options|x-frame-options)$/;

let writing: WritingServer;
let server: TestServer;
beforeAll(async () => {
  writing = await startWriting({ 'flagstaff.yaml': FLAGSTAFF, 'a.flag.yaml': flag('a'), 'b.flag.yaml': flag('b') });
  const { repository } = writing;
  await repository.git('switch', '--quiet', 'main');
  server = await startTestServer(
    {
      root: repository.dir,
      writing: { mode: 'direct' },
      server: { corsOrigins: [ORIGIN], limits: { requestsPerMinute: 1000 } },
    },
    repository.environment,
  );
});
afterAll(async () => {
  await server.close();
  await writing.close();
});

it.each([
  ['POST', '/flags', ['content-type', 'authorization', 'x-request-id', 'idempotency-key']],
  ['PUT', '/flags/a', ['content-type', 'if-match', 'x-api-key']],
  ['PATCH', '/segments/a', ['content-type', 'if-match']],
  ['DELETE', '/groups/a', ['if-match', 'x-request-id']],
  ['GET', '/flags/a', ['if-none-match']],
  ['GET', '/stream', ['last-event-id']],
])('a page may send %s %s with %j', async (method, path, names) => {
  const asking = { 'access-control-request-method': method, 'access-control-request-headers': names.join(',') };
  const { status, headers } = await fetch(server.url + path, {
    method: 'OPTIONS',
    headers: { origin: ORIGIN, ...asking },
  });
  const listed = (header: string) => String(headers.get(header)).toLowerCase().split(', ');
  expect([status, headers.get('access-control-allow-origin')]).toEqual([204, ORIGIN]);
  expect(listed('access-control-allow-methods')).toContain(method.toLowerCase());
  expect(listed('access-control-allow-headers')).toEqual(expect.arrayContaining(names));
});

it('a page may read whatever an answer says beside its body', async () => {
  await writing.repository.write({ 'b.flag.yaml': flag('b', 'owner: me\n') });
  const headers = { origin: ORIGIN };
  const answers = [
    await send(server.url, 'POST', '/flags', { key: 'new', type: 'boolean', default: 'off' }, headers),
    await send(server.url, 'PATCH', '/flags/a', { owner: 'x' }, headers),
    await send(server.url, 'PATCH', '/flags/a', { owner: 'y' }, { ...headers, 'if-match': '"z"' }),
    await send(server.url, 'POST', '/flags/a', {}, headers),
    await send(server.url, 'GET', '/flags/a', undefined, headers),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 412, 405, 200]);
  const seen = answers.flatMap((answer) => {
    const exposed = String(answer.headers.get('access-control-expose-headers')).toLowerCase().split(', ');
    const names = [...answer.headers.keys()].filter((name) => !SAFELISTED.includes(name) && !FOR_BROWSERS.test(name));
    expect(exposed).toEqual(expect.arrayContaining(names));
    return names;
  });
  expect(seen).toEqual(
    expect.arrayContaining(['allow', 'etag', 'flagstaff-commit', 'flagstaff-left-alone', 'location']),
  );
});
