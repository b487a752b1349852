import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLAGSTAFF, flag } from '../../project/files.js';
import { keyRingOf, makeKey } from '../serving.js';
import { JSON_PATCH, startWriting, type WritingServer } from './writing-server.js';

const [key, stored] = makeKey(1, { role: 'admin' });
const [revoked] = makeKey(2, { role: 'admin' });
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

let writing: WritingServer;
beforeAll(async () => {
  const files = { 'flagstaff.yaml': FLAGSTAFF, 'banner.flag.yaml': flag('banner') };
  writing = await startWriting(files, { server: { keyRing: keyRingOf([stored]) } });
});
afterAll(() => writing.close());

describe('a mistake is told by what to do about it', () => {
  it.each<[string, string, string, unknown, Readonly<Record<string, string>>, object]>([
    [
      'a key that is revoked',
      'PATCH',
      '/flags/banner',
      {},
      bearer(revoked),
      { status: 401, detail: 'this key is not known here' },
    ],
    [
      'no key',
      'PATCH',
      '/flags/banner',
      {},
      { authorization: '' },
      { status: 401, detail: expect.stringContaining('Bearer KEY') },
    ],
    ['a key mistyped', 'PATCH', '/flags/baner', {}, {}, { status: 404, help: 'did you mean `banner`?' }],
    [
      'a JSON Patch of the type of a merge patch',
      'PATCH',
      '/flags/banner',
      [{ op: 'remove', path: '/owner' }],
      {},
      { status: 400, errors: [{ pointer: '', message: expect.stringContaining('application/json-patch+json') }] },
    ],
    [
      'a body that is compressed',
      'PATCH',
      '/flags/banner',
      {},
      { 'content-encoding': 'gzip' },
      { status: 415, detail: 'the body is encoded as `gzip`', help: 'send it as it is, without `Content-Encoding`' },
    ],
    [
      'a test of what is not there',
      'PATCH',
      '/flags/banner',
      [{ op: 'test', path: '/owner', value: 'me' }],
      JSON_PATCH,
      { status: 409, code: 'test_failed', errors: [{ pointer: '/0/path', message: '`/owner` is not there' }] },
    ],
    [
      'a test of no place at all',
      'PATCH',
      '/flags/banner',
      [{ op: 'test', path: 'owner', value: 'me' }],
      JSON_PATCH,
      { status: 400, errors: [{ pointer: '/0/path', message: expect.stringContaining('begins with `/`') }] },
    ],
    [
      'a kill without a reason',
      'POST',
      '/flags/banner/kill',
      { environment: 'staging' },
      {},
      { status: 400, errors: [{ pointer: '/reason', message: 'is missing: say why' }] },
    ],
    [
      'a kill where there is nothing',
      'POST',
      '/flags/banner/kill',
      { environment: 'prod', reason: 'x' },
      {},
      {
        status: 400,
        errors: [
          {
            pointer: '/environment',
            message: 'there is no environment `prod`; there are development, staging, production',
          },
        ],
      },
    ],
  ])('%s', async (_what, method, path, body, headers, expected) => {
    const answer = await writing.send(method, path, body, { ...bearer(key), ...headers });
    expect(answer.body).toMatchObject(expected);
  });
});
