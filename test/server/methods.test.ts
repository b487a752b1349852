import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLAGS } from './ofrep/flags.js';
import { type Serving, serve } from './serving.js';

let serving: Serving;
beforeAll(async () => {
  serving = await serve(FLAGS);
});
afterAll(() => serving.close());

const ask = (method: string, path: string) => fetch(serving.url + path, { method });

describe('a path that is there with other methods', () => {
  it.each([
    ['PUT', '/flags', 'GET'],
    ['DELETE', '/status', 'GET, HEAD'],
    ['PATCH', '/flags/plain/evaluate', 'POST'],
    ['GET', '/flags/plain/evaluate?explain=true', 'POST'],
    ['POST', '/flags/plain/audit/', 'GET, HEAD'],
    ['GET', '/ofrep/v1/evaluate/flags', 'POST'],
    ['PUT', '/ofrep/v1/evaluate/flags/a%2Fb', 'POST'],
  ])('gets 405 for %s %s, and is told of %s', async (method, path, allowed) => {
    const response = await ask(method, path);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(allowed.split(', ')));
  });

  it('is told so as problem details, below /ofrep/ as OFREP says', async () => {
    expect(await (await ask('PUT', '/healthz')).json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(await (await ask('GET', '/ofrep/v1/evaluate/flags/plain')).json()).toMatchObject({
      errorCode: 'GENERAL',
      errorDetails: expect.stringContaining('POST'),
      metadata: {},
    });
  });

  it.each(['/nowhere', '/flags/plain/nowhere', '/flags//evaluate', '/'])('is not %s', async (path) => {
    const response = await ask('PUT', path);
    expect(response.status).toBe(404);
    expect(response.headers.get('allow')).toBeNull();
  });
});
