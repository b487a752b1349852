import { afterEach, describe, expect, it } from 'vitest';
import { keyRingOf, makeKey } from '../serving.js';
import { startWriting, type WritingServer } from './writing-server.js';

const FILES = {
  'flagstaff.yaml': 'environments: [staging, production]\n',
  'colour.flag.yaml': 'key: colour\ntype: string\nvariants: { red: r, blue: b }\ndefault: red\n',
  'colour.test.yaml':
    'flag: colour\ncases: [{ name: is blue for somebody, expect: { variant: blue } }, { name: is b, expect: { value: b } }]\n',
  'staff.segment.yaml': 'key: staff\nincluded: [ada]\n',
  'staff.test.yaml': 'cases: [{ name: ada works here, segment: staff, expect: { member: true } }]\n',
  'needed.flag.yaml': 'key: needed\ntype: boolean\ndefault: off\n',
  'needy.flag.yaml': 'key: needy\ntype: boolean\ndefault: off\nprerequisites: [{ flag: needed, variants: [on] }]\n',
};

let writing: WritingServer;
afterEach(() => writing.close());

const head = () => writing.repository.git('rev-parse', 'main');

describe('what a test names', () => {
  it('is not removed under it, and not archived by any way under a flag', async () => {
    writing = await startWriting(FILES);
    const before = await head();
    const segment = await writing.send('DELETE', '/segments/staff');
    expect(segment).toMatchObject({
      status: 409,
      body: {
        code: 'has_dependents',
        help: expect.stringContaining('by hand'),
        dependents: [{ file: 'staff.test.yaml', pointer: '/cases/0/segment', line: 1 }],
      },
    });
    const changes = { changes: [{ method: 'DELETE', path: '/segments/staff' }] };
    expect((await writing.send('POST', '/changes', changes)).status).toBe(409);
    const archived = await writing.send('PATCH', '/flags/needed', { state: 'archived' });
    expect(archived).toMatchObject({ status: 409, body: { dependents: [{ file: 'needy.flag.yaml' }] } });
    expect(await head()).toBe(before);
  });

  it('keeps its variants, and it is told which file asks for them', async () => {
    writing = await startWriting(FILES);
    const { status, body } = await writing.send('PATCH', '/flags/colour', { variants: { blue: null } });
    expect([status, body]).toMatchObject([
      400,
      { errors: [{ code: 'reference/unknown-variant', file: 'colour.test.yaml', pointer: '' }] },
    ]);
    expect((await writing.send('PATCH', '/flags/colour', { variants: { green: 'g' } })).status).toBe(200);
  });
});

describe('a fault that was there', () => {
  const BROKEN = {
    ...FILES,
    'lost.test.yaml': 'cases: [{ name: nobody, flag: gone, expect: { variant: on } }]\n',
    'odd.test.yaml': 'cases: 3\n',
  };

  it('in a test keeps nothing from being written and served, by whoever may', async () => {
    const [text, stored] = makeKey(1, { role: 'admin', environments: ['staging'] });
    writing = await startWriting(BROKEN, { server: { keyRing: keyRingOf([stored]) } });
    const patch = { environments: { staging: { enabled: false } } };
    const bearer = { authorization: `Bearer ${text}` };
    const answer = await writing.send('PATCH', '/flags/needed', patch, bearer);
    expect([answer.status, answer.headers.get('flagstaff-event-id')]).toEqual([200, expect.stringMatching(/^2-0-/)]);
    expect((await writing.send('PATCH', '/flags/needed', { enabled: false }, bearer)).status).toBe(403);
  });

  it('of advice that counts as an error stays one, and is no reason to refuse', async () => {
    const strict = `${FILES['flagstaff.yaml']}lint: { hygiene/missing-owner: error }\n`;
    writing = await startWriting({ ...BROKEN, 'flagstaff.yaml': strict });
    expect((await writing.send('PATCH', '/flags/needed', { description: 'x' })).status).toBe(200);
    expect((await writing.send('PATCH', '/flags/needed', { owner: 'me' })).status).toBe(200);
    expect(await writing.send('PATCH', '/flags/needed', { owner: null })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'hygiene/missing-owner' }] },
    });
    expect((await writing.send('DELETE', '/segments/staff')).status).toBe(409);
  });
});

it('a kill comes into the repository, whatever advice counts as an error there', async () => {
  const strict = `${FILES['flagstaff.yaml']}lint: { safety/kill-switch-without-effect: error }\n`;
  const constant = 'key: constant\ntype: boolean\ndefault: on\n';
  writing = await startWriting({ ...FILES, 'flagstaff.yaml': strict, 'constant.flag.yaml': constant });
  const patch = { environments: { staging: { enabled: false } } };
  expect((await writing.send('PATCH', '/flags/constant', patch)).status).toBe(400);
  const kill = { environment: 'staging', reason: 'it burns' };
  expect((await writing.send('POST', '/flags/constant/kill', kill)).status).toBe(202);
  await expect.poll(() => writing.file('constant.flag.yaml'), { timeout: 20_000 }).toContain('enabled: false');
});

describe('a body', () => {
  it('that says something twice is refused, wherever, and an evaluation is not', async () => {
    writing = await startWriting(FILES);
    const before = await head();
    const twice = '{"key": "x", "type": "boolean", "default": "off", "rollout": {"split": {"on": 1, "on": 100}}}';
    expect(await writing.send('POST', '/flags', twice)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer: '/rollout/split/on' }] },
    });
    const inChanges = '{"changes": [{"method": "DELETE", "path": "/flags/colour", "path": "/flags/needed"}]}';
    expect(await writing.send('POST', '/changes', inChanges)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/changes/0/path' }] },
    });
    const kill = '{"environment": "staging", "environment": "production", "reason": "x"}';
    expect((await writing.send('POST', '/flags/needed/kill', kill)).status).toBe(400);
    for (const [method, path] of [
      ['PUT', '/flags/needed'],
      ['PATCH', '/segments/staff'],
      ['POST', '/flags/needed/restore'],
    ]) {
      expect((await writing.send(String(method), String(path), '{"reason": "a", "reason": "b"}')).status).toBe(400);
    }
    const context = '{"context": {"targetingKey": "a", "targetingKey": "b"}}';
    expect((await writing.send('POST', '/flags/needed/evaluate', context)).status).toBe(200);
    expect(await head()).toBe(before);
  });

  it('that is not UTF-8 is refused: what it says would be lost', async () => {
    writing = await startWriting(FILES);
    const body = Buffer.from('{"description": "Größe"}', 'latin1');
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${writing.server.url}/flags/needed`, { method: 'PATCH', headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([400, { detail: 'the body is not UTF-8' }]);
    expect((await writing.send('PATCH', '/flags/needed', { description: 'Größe \ufffd' })).status).toBe(200);
    expect(await writing.file('needed.flag.yaml')).toContain('description: Größe \ufffd');
  });

  it('is spoken of, and no file', async () => {
    writing = await startWriting({ ...FILES, 'flagstaff.yaml': `${FILES['flagstaff.yaml']}protected: [production]\n` });
    const told = async (method: string, path: string, body: object) => {
      const { status, body: problem } = await writing.send(method, path, body);
      return [status, problem.errors?.map(({ pointer, message }) => `${pointer} ${message}`)];
    };
    expect(await told('POST', '/flags', { key: 'x', default: 'off' })).toEqual([400, ['/type the flag has no `type`']]);
    expect(await told('POST', '/segments', { key: 'x' })).toEqual([
      400,
      [' the segment has neither `conditions` nor `included`'],
    ]);
    expect(await told('PATCH', '/flags/needed', { environments: { production: { enabled: false } } })).toEqual([
      400,
      ['/environments/production there is no `default`, and `production` is protected and inherits none'],
    ]);
  });
});
