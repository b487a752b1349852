import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/model/json.js';
import { compile } from '../../../src/project/compile.js';
import { jsonPatch } from '../../../src/server/writing/json-patch.js';
import { mergePatch } from '../../../src/server/writing/merge-patch.js';
import { keepSplitOrder } from '../../../src/server/writing/split-order.js';
import { parseYaml } from '../../../src/syntax/parse-yaml.js';
import { FLAGSTAFF } from '../../project/files.js';
import { startWriting } from './writing-server.js';

const KEYS = ['one', 'two', 'three'];
const COMMENT = '# what people wrote';

const key = fc.constantFrom(...KEYS);
const share = fc.integer({ min: 0, max: 120 });
const field = fc.oneof(
  fc.record({ enabled: fc.boolean() }),
  fc.record({ owner: fc.constantFrom('a', 'b', null, 7) }),
  fc.record({ default: fc.constantFrom('on', 'off', 'red') }),
  fc.record({ rollout: fc.record({ split: fc.record({ on: share }) }) }),
  fc.record({ environments: fc.record({ staging: fc.constantFrom(null, { enabled: false }, { default: 'on' }) }) }),
  fc.record({ prerequisites: key.map((flag) => [{ flag, variants: ['on'] }]) }),
  fc.record({ colour: fc.constant('unknown') }),
);
const request = fc.oneof(
  { weight: 4, arbitrary: fc.record({ method: fc.constant('PATCH'), key, body: field }) },
  fc.record({
    method: fc.constant('POST'),
    key,
    body: key.map((one) => ({ key: one, type: 'boolean', default: 'off' })),
  }),
  fc.record({ method: fc.constantFrom('DELETE', 'RESTORE'), key }),
);

/** A pointer leads somewhere in the body, or to what should stand right there. */
function leadsInto(body: unknown, pointer: string): boolean {
  const steps = pointer.split('/').slice(1);
  let value = body;
  for (const [index, step] of steps.entries()) {
    if (typeof value !== 'object' || value === null) return false;
    if (!Object.hasOwn(value, step)) return index === steps.length - 1;
    value = (value as Record<string, unknown>)[step];
  }
  return true;
}

describe('any sequence of writes', () => {
  it('leads from one good state to the next, keeps comments, and is told where it is wrong', async () => {
    const first = Object.fromEntries(
      KEYS.map((one) => [`${one}.flag.yaml`, `${COMMENT} of ${one}\nkey: ${one}\ntype: boolean\ndefault: off\n`]),
    );
    const writing = await startWriting({ 'flagstaff.yaml': FLAGSTAFF, ...first });
    await fc.assert(
      fc.asyncProperty(request, async ({ method, key: flag, ...rest }) => {
        const body = 'body' in rest ? rest.body : undefined;
        const path = method === 'POST' ? '/flags' : `/flags/${flag}${method === 'RESTORE' ? '/restore' : ''}`;
        const before = await writing.repository.git('rev-parse', 'main');
        const answer = await writing.send(method === 'RESTORE' ? 'POST' : method, path, body);
        const after = await writing.repository.git('rev-parse', 'main');
        if (answer.status >= 400) {
          expect(after).toBe(before);
          expect([400, 409]).toContain(answer.status);
          for (const { pointer } of answer.body.errors ?? [])
            expect([body, pointer, leadsInto(body, pointer)]).toEqual([body, pointer, true]);
          return;
        }
        expect(answer.headers.get('flagstaff-commit')).toBe(after);
        const text = `${await writing.file(`${flag}.flag.yaml`)}\n`;
        if (method !== 'POST') expect(text.startsWith(`${COMMENT} of ${flag}\n`)).toBe(true);
        const { default_value: _, file: __, version: ___, ...said } = answer.body;
        expect(said).toEqual(parseYaml({ path: '', text }).data);
      }),
      { numRuns: 20 },
    );
    const paths = (await writing.repository.git('ls-tree', '--name-only', 'main')).split('\n');
    const files = await Promise.all(paths.map(async (path) => ({ path, text: `${await writing.file(path)}\n` })));
    const { snapshot } = compile(files);
    for (const flag of snapshot?.definitions.get('staging')?.flags ?? []) {
      const served = (await writing.send('GET', `/flags/${flag.key}?environment=staging`)).body;
      expect(served).toMatchObject(JSON.parse(JSON.stringify(flag)));
    }
    expect(snapshot).toBeDefined();
    await writing.close();
  }, 120_000);
});

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
const object = fc.dictionary(fc.constantFrom('a', 'b', 'c', '~', '/', ''), json, {
  maxKeys: 4,
}) as fc.Arbitrary<JsonObject>;

describe('a merge patch', () => {
  // The examples of RFC 7396, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ] as [Json, Json, Json][])('of %j by %j gives %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});

describe('a JSON Patch', () => {
  it.each([
    [{ foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
    [{ foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
    [{ foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }], { foo: ['bar', ['abc', 'def']] }],
    [{ foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
    [{ a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    [{ '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
    [{ a: 1, b: [2] }, [{ op: 'test', path: '', value: { b: [2], a: 1 } }], { a: 1, b: [2] }],
    [{ a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    [
      { a: 1 },
      [
        { op: 'add', path: '', value: { '': 2 } },
        { op: 'copy', from: '/', path: '/c' },
      ],
      { '': 2, c: 2 },
    ],
    [{ a: { b: 1 } }, [{ op: 'move', from: '/a', path: '' }], { b: 1 }],
    [{ a: 1 }, [{ op: 'remove', path: '' }], null],
    [{ list: [1, 2, 3] }, [{ op: 'move', from: '/list/0', path: '/list/2' }], { list: [2, 3, 1] }],
    [
      { list: [1, { a: 2 }, { a: 3 }] },
      [{ op: 'move', from: '/list/0', path: '/list/1/a' }],
      { list: [{ a: 2 }, { a: 1 }] },
    ],
  ] as [JsonObject, Json, Json][])('of %j by %j gives %j (RFC 6902, appendix A)', (target, patch, result) => {
    expect(jsonPatch(target, patch)).toEqual(result);
  });

  it.each([
    [{ op: 'remove', path: '/nothing' }, '/0/path'],
    [{ op: 'add', path: '/nothing/below', value: 1 }, '/0/path'],
    [{ op: 'replace', path: '/list/01', value: 1 }, '/0/path'],
    [{ op: 'replace', path: '/list/-', value: 1 }, '/0/path'],
    [{ op: 'add', path: '/list/9', value: 1 }, '/0/path'],
    [{ op: 'copy', from: '/list/x', path: '/a' }, '/0/from'],
    [{ op: 'add', path: '/__proto__/polluted', value: 1 }, '/0/path'],
    [{ op: 'add', path: '/constructor', value: 1 }, '/0/path'],
    [{ op: 'test', path: '', value: { list: [2] } }, '/0/value'],
    [{ op: 'move', from: '', path: '/a' }, '/0/path'],
    [{ op: 'move', from: '/list', path: '/list/0' }, '/0/path'],
    [{ op: 'move', from: '/list/0', path: '/list/1' }, '/0/path'],
    [{ op: 'move', from: '/nothing', path: '/a' }, '/0/from'],
    [{ op: 'add', path: '/a~2b', value: 1 }, '/0/path'],
    [{ op: 'add', path: '/a~', value: 1 }, '/0/path'],
    [{ op: 'add', path: 'a', value: 1 }, '/0/path'],
    [{ op: 'add', path: '/a' }, '/0/value'],
    [{ op: 'toggle', path: '/a' }, '/0/op'],
    [{ op: 'remove', path: '/list', why: 1 }, '/0/why'],
    [{ op: 'test', path: '/list', value: [2] }, '/0/value'],
    ['remove', '/0'],
  ] as [Json, string][])('refuses %j at %s', (operation, pointer) => {
    expect(() => jsonPatch({ list: [1] }, [operation])).toThrow(expect.objectContaining({ pointer }));
    expect({}).not.toHaveProperty('polluted');
  });

  it('grows no file beyond measure', () => {
    const doubling = Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '/a', path: `/a/${index}` }));
    expect(() => jsonPatch({ a: { text: 'x'.repeat(100) } }, doubling)).toThrow(/1 MiB/);
    expect(() =>
      jsonPatch(
        {},
        Array.from({ length: 501 }, () => ({ op: 'test', path: '/a', value: 1 })),
      ),
    ).toThrow(/500/);
  });

  it('never changes what it is applied to', () => {
    fc.assert(
      fc.property(object, json, fc.constantFrom('/a', '/b/a', '/~0', '/~1', '/'), (target, value, path) => {
        const before = JSON.stringify(target);
        try {
          jsonPatch(target, [{ op: 'add', path, value }]);
        } catch {}
        expect(JSON.stringify(target)).toBe(before);
      }),
    );
  });
});

describe('the order of a split', () => {
  it('is that of before, with what is new at the end', () => {
    const before = { rollout: { split: { a: 1, b: 2 } }, rules: [{ name: 'x', split: { c: 1, d: 2 } }] };
    const after = {
      rules: [{ name: 'y' }, { name: 'x', split: { e: 5, d: 1, c: 2 } }],
      rollout: { split: { z: 1, b: 2, a: 3 } },
    };
    const kept = keepSplitOrder(before, after) as typeof after;
    expect(kept).toEqual(after);
    expect(Object.keys(kept.rollout.split)).toEqual(['a', 'b', 'z']);
    expect(Object.keys(kept.rules[1]?.split ?? {})).toEqual(['c', 'd', 'e']);
  });

  it('never changes what a document says', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        expect(keepSplitOrder(before, after)).toEqual(after);
      }),
    );
  });
});
