import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLAGS } from './ofrep/flags.js';
import { type Serving, serve } from './serving.js';

let serving: Serving;
let usual: readonly string[];
beforeAll(async () => {
  serving = await serve(FLAGS);
  usual = await answers();
});
afterAll(() => serving.close());

/** What the server says to sound questions. */
async function answers(): Promise<readonly string[]> {
  const context = { targetingKey: 'u', plan: 'pro' };
  const asked = [
    serving.post('/ofrep/v1/evaluate/flags', { context }),
    serving.post('/ofrep/v1/evaluate/flags/colour', { context }),
    serving.get('/flags'),
    serving.get('/segments'),
    serving.get('/readyz'),
  ];
  return Promise.all((await Promise.all(asked)).map(async (response) => `${response.status} ${await response.text()}`));
}

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(serving.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes as they are; gives what came back until the server closed. */
async function send(bytes: string): Promise<string> {
  const socket = await open();
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

describe('what is no proper request', () => {
  it.each([
    ['noise', 'hello\r\n\r\n', '400'],
    [
      'a header bomb in one line',
      `GET /flags HTTP/1.1\r\nHost: localhost\r\nX-Bomb: ${'x'.repeat(100_000)}\r\n\r\n`,
      '431',
    ],
    [
      'a header bomb in many lines',
      `GET /flags HTTP/1.1\r\nHost: localhost\r\n${'X-Bomb: xxxxxxxxxxxx\r\n'.repeat(5_000)}\r\n`,
      '431',
    ],
    [
      'two lengths',
      'POST /flags/plain/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      '400',
    ],
    [
      'a length and chunks',
      'POST /flags/plain/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
  ])('gets one answer, as problem details, and is closed: %s', async (_what, bytes, status) => {
    const text = await send(bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status: Number(status), code: 'malformed_http' });
    expect(await answers()).toEqual(usual);
  });

  it('gets 414 for a URL that is too long, and 400 for a malformed escape', async () => {
    expect((await serving.get(`/flags?cursor=${'x'.repeat(9_000)}`)).status).toBe(414);
    for (const path of ['/flags/%zz', '/flags/%', '/flags/%c3%28', '/ofrep/v1/%zz']) {
      const response = await serving.get(path);
      expect([400, 404]).toContain(response.status);
      expect(await response.json()).toEqual(expect.any(Object));
    }
  });

  it('is told when a body is too large, whether its length is announced or not', async () => {
    const path = '/flags/plain/evaluate';
    const large = JSON.stringify({ user_id: 'x'.repeat(1_100_000) });
    expect((await serving.post(path, large)).status).toBe(413);
    const chunks = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: chunks, duplex: 'half' };
    const status = await fetch(serving.url + path, init as RequestInit).then(
      (response) => response.status,
      () => 'closed',
    );
    expect([413, 'closed']).toContain(status);
    expect(await answers()).toEqual(usual);
  });

  it('gets 404 for keys that no flag can have', async () => {
    for (const key of ['%00', '%2e%2e', 'a%2Fb', '%F0%9F%9A%A9', '__proto__', 'toString', 'x'.repeat(600)]) {
      expect((await serving.get(`/flags/${key}`)).status).toBe(404);
      expect((await serving.post(`/flags/${key}/evaluate`, {})).status).toBe(404);
    }
  });

  it('gets 415 for what is no JSON', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'nonsense',
    ]) {
      const response = await serving.post('/flags/plain/evaluate', 'a=b', { 'content-type': type });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ code: 'unsupported_media_type' });
    }
  });
});

describe('a client that misbehaves', () => {
  it('costs the others nothing when it sends half a request', async () => {
    const halves = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const socket = await open();
        socket.write('POST /flags/plain/evaluate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
        if (index % 2 === 0) socket.write('Content-Length: 1000\r\n\r\n{"user_id": ');
        return socket;
      }),
    );
    expect(await answers()).toEqual(usual);
    for (const socket of halves) socket.destroy();
    expect(await answers()).toEqual(usual);
  });

  it('is not read from any more when it asks and asks and never reads', { timeout: 120_000 }, async () => {
    const socket = await open();
    socket.pause();
    const questions = 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1_300);
    let isTaken = true;
    for (let count = 0; isTaken && count < 500; count += 1) {
      if (socket.write(questions)) continue;
      isTaken = await Promise.race([once(socket, 'drain').then(() => true), pause(1_000).then(() => false)]);
    }
    const others = await answers();
    socket.destroy();
    expect(others).toEqual(usual);
    expect(isTaken).toBe(false);
  });
});

describe('more connections than the server bears', () => {
  it('are closed at once, and those that were there go on', async () => {
    const small = await serve(FLAGS, { limits: { connections: 20 } });
    const { hostname, port } = new URL(small.url);
    const sockets = Array.from({ length: 50 }, () => connect(Number(port), hostname));
    for (const socket of sockets) socket.on('error', () => undefined);
    await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length, { timeout: 10_000 }).toBe(30);
    const first = sockets.find(({ destroyed }) => !destroyed);
    first?.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(String((await once(first ?? small.app.server, 'data'))[0])).toMatch(/^HTTP\/1.1 200 /);
    for (const socket of sockets) socket.destroy();
    await small.close();
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

describe('any request at all', () => {
  const path = fc.oneof(
    fc.constantFrom(
      '/ofrep/v1/evaluate/flags',
      '/ofrep/v1/evaluate/flags/colour',
      '/flags/evaluate-bulk',
      '/flags/colour/evaluate',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }).map((key) => `/flags/${encodeURIComponent(key)}/evaluate`),
    fc.string({ maxLength: 30 }).map((key) => `/ofrep/v1/evaluate/flags/${encodeURIComponent(key)}`),
    fc.webPath(),
  );
  const query = fc.oneof(
    fc.constant(''),
    fc.webQueryParameters().map((text) => `?${text}`),
    fc.constantFrom('?explain=true', '?environment=x'),
  );
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.object({ maxDepth: 6 }).map((context) => JSON.stringify({ context })),
    fc.dictionary(fc.string(), fc.jsonValue()).map((attributes) => JSON.stringify({ user_id: 'u', attributes })),
    fc.integer({ min: 50, max: 3000 }).map((depth) => `{"context":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  );
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS');

  it('is answered without a fault, and leaves the server answering as before', async () => {
    const one = fc.asyncProperty(method, path, query, body, async (verb, where, what, text) => {
      const hasBody = verb !== 'GET' && verb !== 'HEAD';
      const init = {
        method: verb,
        headers: { 'content-type': 'application/json' },
        ...(hasBody ? { body: text } : {}),
      };
      const response = await fetch(serving.url + where + what, init);
      expect(response.status).toBeLessThan(500);
      const answer = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      if (isJson && answer !== '') JSON.parse(answer);
      if (response.status >= 400 && verb !== 'HEAD') expect(isJson).toBe(true);
    });
    await fc.assert(one, { numRuns: 300 });
    expect(await answers()).toEqual(usual);
    expect(serving.log()).not.toContain('a bug');
  });
});
