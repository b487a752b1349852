import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUARDED } from '../../project/files.js';
import { JSON_PATCH, startWriting, type WritingServer } from './writing-server.js';

const LONG = 'x'.repeat(10_000);

const FILES = {
  'flagstaff.yaml': GUARDED,
  'shop/banner.flag.yaml': [
    '# the big one',
    'key: banner',
    'type: string',
    'variants: { blue: "#00f", green: "#0f0" } # colours',
    'default: blue',
    '',
    '# few at first',
    'rollout:',
    '  split: { green: 10 } # grows',
    'environments:',
    '  staging: { rollout: { split: { green: 100 } } }',
    '',
  ].join('\n'),
  'shop/banner.production.override.yaml': '# guarded\nflag: banner\nenvironment: production\ndefault: blue\n',
  'old.flag.yaml': 'key: old\ntype: boolean\ndefault: off\nstate: archived\n',
  'needed.flag.yaml': 'key: needed\ntype: boolean\ndefault: off\n',
  'needy.flag.yaml': 'key: needy\ntype: boolean\ndefault: off\nprerequisites: [{ flag: needed, variants: [on] }]\n',
  'staff.segment.yaml': '# who works here\nkey: staff\nincluded: [ada]\n',
  'chiefs.segment.yaml': 'key: chiefs\nparent: staff\nincluded: [ada]\n',
};

let writing: WritingServer;
beforeAll(async () => {
  writing = await startWriting(FILES);
});
afterAll(() => writing.close());

const head = () => writing.repository.git('rev-parse', 'main');

describe('a new flag', () => {
  it('is committed, served and told where it is', async () => {
    const { status, headers, body } = await writing.send('POST', '/flags?reason=to%20try%20it', {
      owner: 'team',
      key: 'fresh',
      type: 'boolean',
      default: 'off',
    });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/flags/fresh');
    expect(headers.get('flagstaff-commit')).toBe(await head());
    expect(headers.get('flagstaff-event-id')).toMatch(`-0-${(await head()).slice(0, 12)}`);
    expect(await writing.file('fresh.flag.yaml')).toBe('key: fresh\ntype: boolean\nowner: team\ndefault: off');
    expect(await writing.message()).toMatch(/^fresh: created \(boolean\)[\s\S]*\nReason: to try it/);
    const read = await writing.send('GET', '/flags/fresh');
    expect(read.body).toEqual(body);
    expect(read.headers.get('etag')).toBe(headers.get('etag'));
    const evaluated = await writing.send('POST', '/flags/fresh/evaluate', {});
    expect(evaluated.body).toMatchObject({ value: false, version: await head() });
  });

  it.each([
    [{ type: 'boolean', default_value: true }, { default: 'on' }],
    [
      { type: 'number', default_value: 3 },
      { default: 'default', variants: { default: 3 } },
    ],
    [
      { type: 'json', default_value: { a: null } },
      { default: 'default', variants: { default: { a: null } } },
    ],
  ])('may say its default value alone: %j', async (given, expected) => {
    const key = `value-${given.type}`;
    const { status, body } = await writing.send('POST', '/flags', { key, ...given });
    expect([status, body]).toMatchObject([201, { ...expected, default_value: given.default_value }]);
  });

  it('comes to stand in the folder that is asked for, its protected part in a file of its own', async () => {
    const flag = { key: 'both', type: 'boolean', default: 'off', environments: { production: { default: 'on' } } };
    expect((await writing.send('POST', '/flags?directory=shop/new', flag)).status).toBe(201);
    expect(await writing.file('shop/new/both.flag.yaml')).toBe('key: both\ntype: boolean\ndefault: off');
    expect(await writing.file('shop/new/both.production.override.yaml')).toBe(
      'flag: both\nenvironment: production\ndefault: on',
    );
    expect((await writing.send('GET', '/flags/both')).body).toMatchObject(flag);
  });

  it.each([
    ['banner', /there is a flag `banner` already/],
    ['old', /there is an archived flag `old` already/],
    ['Banner', /differs by case only/],
  ])('cannot take the key %s', async (key, detail) => {
    const { status, body } = await writing.send('POST', '/flags', { key, type: 'boolean', default: 'off' });
    expect([status, body]).toMatchObject([
      409,
      { code: 'already_exists', detail: expect.stringMatching(detail), errors: [{ pointer: '/key' }] },
    ]);
  });

  it.each(['../x', '/etc/passwd', 'a/b', 'a\0b', '.git', '..', '', 'nul', 'COM1.txt', 'a..b', LONG])(
    'is no way out of the flag repository (key %#)',
    async (key) => {
      const before = await head();
      const { status, body } = await writing.send('POST', '/flags', { key, type: 'boolean', default: 'off' });
      expect([status, body]).toMatchObject([400, { errors: [{ pointer: '/key' }] }]);
      expect(await head()).toBe(before);
    },
  );

  it.each(['..', '/tmp', 'a/../b', '.git', 'a//b', 'node_modules', '%00'])(
    'stands in no folder that is none of the repository: %s',
    async (directory) => {
      const flag = { key: 'astray', type: 'boolean', default: 'off' };
      const { status, body } = await writing.send('POST', `/flags?directory=${directory}`, flag);
      expect([status, body]).toMatchObject([400, { errors: [{ pointer: '/directory' }] }]);
    },
  );
});

describe('a change', () => {
  it('by a merge patch keeps comments, order and quotes, and edits each part where it stands', async () => {
    const patch = {
      rollout: { split: { blue: 5, green: 20 } },
      environments: { production: { enabled: false }, staging: { enabled: false } },
      reason: 'more of it',
    };
    const { status } = await writing.send('PATCH', '/flags/banner', patch);
    expect(status).toBe(200);
    expect(await writing.file('shop/banner.flag.yaml')).toBe(
      [
        '# the big one',
        'key: banner',
        'type: string',
        'variants: { blue: "#00f", green: "#0f0" } # colours',
        'default: blue',
        '',
        '# few at first',
        'rollout:',
        '  split: { green: 20, blue: 5 } # grows',
        'environments:',
        '  staging: { enabled: false, rollout: { split: { green: 100 } } }',
      ].join('\n'),
    );
    expect(await writing.file('shop/banner.production.override.yaml')).toBe(
      '# guarded\nflag: banner\nenvironment: production\ndefault: blue\nenabled: false',
    );
    expect(await writing.message()).toMatch(/^banner: [\s\S]*\nReason: more of it/);
  });

  it('by a JSON Patch does all of its operations or none', async () => {
    const before = await head();
    const failing = [
      { op: 'replace', path: '/description', value: 'x' },
      { op: 'add', path: '/tags', value: ['web'] },
    ];
    expect(await writing.send('PATCH', '/flags/banner', failing, JSON_PATCH)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/0/path' }] },
    });
    const test = [{ op: 'test', path: '/default', value: 'green' }, failing[1]];
    expect(await writing.send('PATCH', '/flags/banner', test, JSON_PATCH)).toMatchObject({
      status: 409,
      body: { code: 'test_failed', errors: [{ pointer: '/0/value' }] },
    });
    expect(await head()).toBe(before);
    const passing = [{ op: 'test', path: '/default', value: 'blue' }, failing[1]];
    expect((await writing.send('PATCH', '/flags/banner', passing, JSON_PATCH)).body).toMatchObject({ tags: ['web'] });
  });

  it('of the whole puts back what was read, and then makes no commit', async () => {
    const { body, headers } = await writing.send('GET', '/flags/banner');
    const before = await head();
    const same = await writing.send('PUT', '/flags/banner', body);
    expect(same.status).toBe(200);
    expect(same.headers.get('etag')).toBe(headers.get('etag'));
    expect(same.headers.get('flagstaff-commit')).toBe(before);
    expect(await head()).toBe(before);
    const changed = { ...body, description: 'Banner' };
    expect((await writing.send('PUT', '/flags/banner', changed)).body).toMatchObject({ description: 'Banner' });
    expect(await writing.file('shop/banner.flag.yaml')).toContain('# few at first');
  });

  it('honours `If-Match`, and shows what there is instead', async () => {
    const { headers, body } = await writing.send('GET', '/flags/banner');
    const tag = String(headers.get('etag'));
    expect((await writing.send('PATCH', '/flags/banner', { owner: 'a' }, { 'if-match': tag })).status).toBe(200);
    const stale = await writing.send('PATCH', '/flags/banner', { owner: 'b' }, { 'if-match': tag });
    const { default_value: _, file: __, version: ___, ...flag } = body;
    expect(stale).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed', current: { ...flag, owner: 'a' } },
    });
    const now = { 'if-match': `"other", ${stale.body.etag}` };
    expect((await writing.send('PUT', '/flags/banner', { ...flag, owner: 'c' }, now)).status).toBe(200);
    expect((await writing.send('DELETE', '/segments/staff', undefined, { 'if-match': '"x"' })).status).toBe(412);
    expect((await writing.send('PATCH', '/flags/nothing', {}, { 'if-match': '*' })).status).toBe(404);
  });

  it('is refused with an `If-None-Match`, which nobody would have looked at', async () => {
    const before = await head();
    const headers = { 'if-none-match': '*' };
    for (const [method, path] of [
      ['PUT', '/flags/banner'],
      ['PATCH', '/flags/banner'],
      ['DELETE', '/flags/banner'],
      ['POST', '/flags/old/restore'],
      ['POST', '/changes'],
    ] as const) {
      const { status, body } = await writing.send(method, path, method === 'DELETE' ? undefined : {}, headers);
      expect([method, path, status, body.detail]).toEqual([
        method,
        path,
        400,
        'the header `If-None-Match` says nothing here',
      ]);
    }
    expect(await head()).toBe(before);
    expect((await writing.send('POST', '/segments', { key: 'once', included: ['ada'] }, headers)).status).toBe(201);
    expect((await writing.send('POST', '/segments', { key: 'once', included: ['bob'] }, headers)).status).toBe(409);
  });

  it.each([
    ['PATCH', { key: 'other' }],
    ['PATCH', { type: 'boolean' }],
    ['PUT', { key: 'needed', type: 'string', variants: { a: 'b' }, default: 'a' }],
    ['PUT', { key: 'other', type: 'boolean', default: 'off' }],
  ])('%s %j changes neither key nor type', async (method, body) => {
    const path = method === 'PUT' ? '/flags/needed' : '/flags/banner';
    expect(await writing.send(method, path, body)).toMatchObject({ status: 409, body: { code: 'immutable' } });
  });

  it('that a hand has made meanwhile is never overwritten', async () => {
    const { headers } = await writing.send('GET', '/flags/needed');
    await writing.repository.commit({
      on: 'main',
      files: { 'needed.flag.yaml': '# by hand\nkey: needed\ntype: boolean\ndefault: on\n' },
    });
    await writing.repository.git('switch', '--quiet', 'elsewhere');
    const tag = { 'if-match': String(headers.get('etag')) };
    expect((await writing.send('PATCH', '/flags/needed', { owner: 'x' }, tag)).status).toBe(412);
    expect((await writing.send('PATCH', '/flags/needed', { owner: 'x' })).status).toBe(200);
    expect(await writing.file('needed.flag.yaml')).toBe('# by hand\nkey: needed\ntype: boolean\nowner: x\ndefault: on');
  });
});

describe('archiving', () => {
  it('keeps the flag and its key, and can be taken back', async () => {
    await writing.send('POST', '/flags', { key: 'short', type: 'boolean', default_value: true });
    expect((await writing.send('DELETE', '/flags/short?reason=done')).body).toMatchObject({ state: 'archived' });
    expect((await writing.send('POST', '/flags/short/evaluate', {})).status).toBe(404);
    const before = await head();
    expect((await writing.send('DELETE', '/flags/short')).status).toBe(200);
    expect(await head()).toBe(before);
    expect((await writing.send('POST', '/flags/short/restore', { reason: 'not yet' })).body).not.toHaveProperty(
      'state',
    );
    expect((await writing.send('POST', '/flags/short/evaluate', {})).body).toMatchObject({ value: true });
  });

  it('waits for those who ask for the flag', async () => {
    expect(await writing.send('DELETE', '/flags/needed')).toMatchObject({
      status: 409,
      body: { code: 'has_dependents', dependents: [{ file: 'needy.flag.yaml', pointer: '/prerequisites/0/flag' }] },
    });
  });
});

describe('segments and groups', () => {
  it('are created, changed and removed', async () => {
    const segment = { key: 'guests', conditions: [{ attribute: 'plan', operator: 'eq', value: 'none' }] };
    expect((await writing.send('POST', '/segments', segment)).headers.get('location')).toBe('/segments/guests');
    expect((await writing.send('PATCH', '/segments/guests', { enabled: false })).body).toMatchObject({
      enabled: false,
    });
    expect((await writing.send('DELETE', '/segments/guests')).body).toMatchObject({ key: 'guests', removed: true });
    expect((await writing.send('GET', '/segments/guests')).status).toBe(404);
  });

  it('are not removed while others ask for them', async () => {
    expect(await writing.send('DELETE', '/segments/staff')).toMatchObject({
      status: 409,
      body: { dependents: [{ file: 'chiefs.segment.yaml', pointer: '/parent' }] },
    });
    for (const key of ['left', 'right']) {
      const experiment = { split: { on: 50, off: 50 } };
      await writing.send('POST', '/flags', { key, type: 'boolean', default: 'off', experiment });
    }
    const slots = [
      { flag: 'left', range: [0, 50] },
      { flag: 'right', range: [50, 100] },
    ];
    expect((await writing.send('POST', '/groups', { key: 'sides', slots })).status).toBe(201);
    expect((await writing.send('GET', '/groups/sides')).body).toMatchObject({ key: 'sides', slots });
    expect(await writing.send('DELETE', '/groups/sides')).toMatchObject({
      status: 409,
      body: { code: 'has_dependents', dependents: [{ key: 'left' }, { key: 'right' }] },
    });
    for (const key of ['left', 'right']) await writing.send('PATCH', `/flags/${key}`, { experiment: null });
    expect((await writing.send('DELETE', '/groups/sides')).status).toBe(200);
  });

  it('are never emptied', async () => {
    expect(await writing.send('PATCH', '/segments/staff', { included: [] })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    expect(await writing.file('staff.segment.yaml')).toBe('# who works here\nkey: staff\nincluded: [ada]');
  });
});

describe('what is wrong', () => {
  const rule = (value: unknown) => ({ conditions: [{ operator: 'in_segment', value }], serve: 'blue' });

  it.each([
    ['PATCH', '/flags/banner', { colour: 'red' }, '/colour', 'schema/unknown-key'],
    ['PATCH', '/flags/banner', { tags: 3 }, '/tags', 'schema/wrong-type'],
    [
      'PATCH',
      '/flags/banner',
      { rules: [rule('staff'), rule('stuff')] },
      '/rules/1/conditions/0/value',
      'reference/unknown-segment',
    ],
    [
      'PATCH',
      '/flags/banner',
      { environments: { production: { default: 'red' } } },
      '/environments/production/default',
      'reference/unknown-variant',
    ],
    [
      'PATCH',
      '/flags/banner',
      { environments: { nowhere: { enabled: true } } },
      '/environments/nowhere',
      'reference/unknown-environment',
    ],
    [
      'PATCH',
      '/flags/banner',
      { rollout: { split: { green: 80, blue: 80 } } },
      '/rollout/split',
      'arithmetic/rollout-sum',
    ],
    ['PATCH', '/flags/banner', { default: null, variants: null }, '/variants', 'schema/missing-key'],
    ['PATCH', '/segments/staff', { parent: 'chiefs' }, '/parent', 'cycle/segment'],
    ['PATCH', '/flags/banner', { default_value: '#0f0' }, '/default_value', undefined],
    ['PATCH', '/flags/banner', { metadata: JSON.parse('{"__proto__": 1}') }, '/metadata/__proto__', undefined],
    ['PATCH', '/flags/banner', { description: '\ud800' }, '/description', undefined],
    ['PUT', '/flags/banner', [], '', undefined],
    [
      'PUT',
      '/flags/banner',
      { key: 'banner', type: 'string', variants: { a: 1 }, default: 'a' },
      '/variants/a',
      'type/variant-value',
    ],
    ['PUT', '/flags/banner', { reason: 'x' }, '/reason', 'schema/unknown-key'],
    ['POST', '/flags', { key: 'n', type: 'number', default_value: 'x' }, '/default_value', 'type/variant-value'],
    ['POST', '/flags', { key: 'n', type: 'boolean', default_value: 'x' }, '/default_value', undefined],
    ['POST', '/flags', { key: 'n', type: 'boolean', default_value: true, default: 'on' }, '/default_value', undefined],
    ['POST', '/flags', {}, '/key', 'schema/missing-key'],
    ['POST', '/segments', { key: 'n' }, '', 'schema/empty'],
    [
      'POST',
      '/groups',
      { key: 'n', slots: [{ flag: 'gone', range: [0, 10] }] },
      '/slots/0/flag',
      'reference/unknown-flag',
    ],
  ])('%s %s %j is told at its place', async (method, path, body, pointer, code) => {
    const before = await head();
    const answer = await writing.send(method, path, body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'invalid_request' });
    expect(answer.body.errors).toContainEqual(
      expect.objectContaining({ pointer, ...(code !== undefined && { code }) }),
    );
    expect(await head()).toBe(before);
  });

  it('spells a cycle out', async () => {
    const prerequisites = [{ flag: 'needy', variants: ['on'] }];
    const { body } = await writing.send('PATCH', '/flags/needed', { prerequisites });
    expect(body.errors?.[0]?.message).toContain('`needed → needy → needed`');
  });

  it.each([
    ['?reason=a%0ab', '/reason'],
    ['?reason=', '/reason'],
    ['?reason=a&reason=b', '/reason'],
    ['?colour=red', '/colour'],
    ['?proposal=x', undefined],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await writing.send('PATCH', `/flags/banner${query}`, { owner: 'z' });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.pointer).toBe(pointer);
  });

  it('refuses a reason twice, one that is no text or long, and one that would pass for more', async () => {
    expect((await writing.send('PATCH', `/flags/banner?reason=${'x'.repeat(501)}`, {})).status).toBe(400);
    expect((await writing.send('PATCH', '/flags/banner?reason=a', { reason: 'b' })).status).toBe(400);
    expect((await writing.send('PATCH', '/flags/banner', { reason: 1 })).status).toBe(400);
    const sneaky = { owner: 'sly', reason: 'Reviewed-by: Boss <boss@example.com>' };
    expect((await writing.send('PATCH', '/flags/banner', sneaky)).status).toBe(200);
    const trailers = await writing.repository.git('log', '-1', '--format=%(trailers:key=Reviewed-by)', 'main');
    expect(trailers).toBe('');
  });

  it.each([
    ['PATCH', '/flags/banner', 'text/plain', 415],
    ['PUT', '/flags/banner', 'application/merge-patch+json', 415],
    ['POST', '/flags', 'application/json-patch+json', 415],
  ])('%s %s takes no %s', async (method, path, type, status) => {
    expect((await writing.send(method, path, '{}', { 'content-type': type })).status).toBe(status);
  });

  it('wants no body where there is nothing to say', async () => {
    expect((await writing.send('DELETE', '/flags/banner', { force: true })).status).toBe(400);
    expect((await writing.send('POST', '/flags/old/restore', { force: true })).status).toBe(400);
  });
});

describe('several changes', () => {
  it('are one commit, whatever asks for what', async () => {
    const before = await head();
    const { status, headers, body } = await writing.send('POST', '/changes', {
      reason: 'all at once',
      changes: [
        { method: 'POST', path: '/segments', body: { key: 'testers', included: ['bob'] } },
        { method: 'POST', path: '/flags', body: { key: 'tested', type: 'boolean', default: 'off' } },
        {
          method: 'PATCH',
          path: '/flags/tested',
          body: { rules: [{ conditions: [{ operator: 'in_segment', value: 'testers' }], serve: 'on' }] },
        },
        { method: 'PATCH', path: '/flags/needy', body: [{ op: 'remove', path: '/prerequisites' }] },
        { method: 'DELETE', path: '/flags/needed' },
      ],
    });
    expect([status, body.changed]).toEqual([200, true]);
    expect(headers.get('flagstaff-commit')).toBe(await head());
    expect(await writing.repository.git('rev-list', '--count', `${before}..main`)).toBe('1');
    expect(await writing.message()).toMatch(/Reason: all at once/);
    const bob = await writing.send('POST', '/flags/tested/evaluate', { user_id: 'bob' });
    expect(bob.body).toMatchObject({ value: true });
    await writing.send('POST', '/flags/needed/restore');
  });

  it('are called after the first that changes something', async () => {
    const changes = [
      { method: 'DELETE', path: '/flags/old' },
      { method: 'PATCH', path: '/flags/needy', body: { description: 'in need' } },
    ];
    expect((await writing.send('POST', '/changes', { changes })).status).toBe(200);
    expect(await writing.message()).toBe('needy: description set to "in need"\n');
  });

  it('are none when one of them is wrong, and it is told which', async () => {
    const before = await head();
    const good = { method: 'PATCH', path: '/flags/banner', body: { owner: 'nobody' } };
    const cases: [unknown, number, string][] = [
      [{ method: 'PATCH', path: '/flags/banner', body: { tags: 3 } }, 400, '/changes/1/body/tags'],
      [{ method: 'PATCH', path: '/flags/banner', body: [{ op: 'x', path: '' }] }, 400, '/changes/1/body/0/op'],
      [
        { method: 'POST', path: '/flags', body: { key: 'old', type: 'boolean', default: 'on' } },
        409,
        '/changes/1/body/key',
      ],
      [{ method: 'PATCH', path: '/nothing', body: {} }, 400, '/changes/1/path'],
      [{ method: 'PATCH', path: '/flags/%zz', body: {} }, 400, '/changes/1/path'],
      [{ method: 'GET', path: '/flags/banner' }, 400, '/changes/1/method'],
      [{ method: 'PUT key', path: '/flags', body: { key: 'banner' } }, 400, '/changes/1/method'],
      [{ method: 'PUT', path: '/flags/banner' }, 400, '/changes/1/body'],
      [
        { method: 'POST', path: '/flags', body: { key: 'fresh', type: 'boolean', default: 'on' }, if_match: '"a"' },
        400,
        '/changes/1/if_match',
      ],
      [{ method: 'DELETE', path: '/flags/banner', body: {} }, 400, '/changes/1/body'],
      [{ method: 'DELETE', path: '/flags/banner', if_match: 3 }, 400, '/changes/1/if_match'],
      [{ method: 'DELETE', path: '/flags/banner', force: true }, 400, '/changes/1/force'],
    ];
    for (const [change, status, pointer] of cases) {
      const answer = await writing.send('POST', '/changes', { changes: [good, change] });
      expect([change, answer.status, answer.body.errors?.[0]?.pointer]).toEqual([change, status, pointer]);
    }
    const stale = { method: 'DELETE', path: '/flags/banner', if_match: '"x"' };
    expect((await writing.send('POST', '/changes', { changes: [good, stale] })).status).toBe(412);
    const gone = await writing.send('POST', '/changes', {
      changes: [good, { method: 'DELETE', path: '/flags/nothing' }],
    });
    expect([gone.status, gone.body.errors?.[0]?.pointer]).toEqual([404, '/changes/1']);
    const headers = { 'if-match': '"a"' };
    expect((await writing.send('POST', '/changes', { changes: [good] }, headers)).status).toBe(400);
    expect((await writing.send('POST', '/flags', { key: 'fresh', type: 'boolean' }, headers)).status).toBe(400);
    expect((await writing.send('POST', '/changes', { changes: [] })).status).toBe(400);
    expect((await writing.send('POST', '/changes', { change: [good] })).status).toBe(400);
    expect(await head()).toBe(before);
  });
});
