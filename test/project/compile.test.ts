import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, compile } from '../../src/project/compile.js';
import type { ReadingCache } from '../../src/project/read-file.js';
import { compiled, FLAGSTAFF, filesOf, flag, type Literal, told } from './files.js';

describe('compile', () => {
  it('gives a snapshot of what passes the gate', () => {
    const { snapshot, diagnostics } = compiled({
      'flagstaff.yaml': `${FLAGSTAFF}default_environment: staging\nprotected: [production]\nlifecycle: { release: 40 }\n`,
      'x/f.flag.yaml': flag('f'),
      's.segment.yaml': 'key: s\nincluded: [u]\n',
      'a/h.group.yaml': 'key: h\nslots: []\n',
      'c/i.group.yaml': 'key: i\nslots: []\n',
      'b/g.group.yaml': 'key: g\nbucket_by: company\nslots: []\n',
      'readme.md': '[',
      'other.yaml': '[',
    });
    expect(diagnostics).toEqual([]);
    expect(snapshot).toMatchObject({
      settings: {
        environments: ['development', 'staging', 'production'],
        defaultEnvironment: 'staging',
        protected: ['production'],
        context: {},
        naming: {},
        lint: {},
        review: { max_impact: {} },
        lifecycle: { release: 40 },
      },
      groups: [
        { key: 'g', bucket_by: 'company', slots: [] },
        { key: 'h', bucket_by: 'targetingKey', slots: [] },
        { key: 'i', bucket_by: 'targetingKey', slots: [] },
      ],
    });
    expect([...(snapshot?.definitions.keys() ?? [])]).toEqual(['development', 'staging', 'production']);
    expect([...(snapshot?.files ?? [])].sort()).toEqual([
      ['flag:f', 'x/f.flag.yaml'],
      ['group:g', 'b/g.group.yaml'],
      ['group:h', 'a/h.group.yaml'],
      ['group:i', 'c/i.group.yaml'],
      ['segment:s', 's.segment.yaml'],
    ]);
  });

  it('has the first environment for the default one', () => {
    expect(compiled({}).snapshot?.settings.defaultEnvironment).toBe('development');
  });

  it('tells every problem of every file at once, in the order of files and places', () => {
    expect(
      told({
        'flagstaff.yaml': `${FLAGSTAFF}protect: []\n`,
        'b.flag.yaml': flag('b', 'off_variant: yes\nprerequisites: [{ flag: x, variants: [on] }]\n'),
        'a.flag.yaml': 'key: a\ntyp: boolean\ndefault: 1\n',
        'c.segment.yaml': 'a: [\n',
      }),
    ).toEqual([
      'a.flag.yaml:2:1 schema/unknown-key unknown key `typ`',
      'a.flag.yaml:3:10 schema/unquoted-string `1` is read as a number, but `default` is text',
      'b.flag.yaml:4:14 reference/unknown-variant flag `b` has no variant `yes`',
      'b.flag.yaml:5:25 reference/unknown-flag there is no flag `x`',
      expect.stringContaining('c.segment.yaml:2:1 syntax/invalid-yaml not YAML: '),
      'flagstaff.yaml:2:1 schema/unknown-key unknown key `protect`',
    ]);
  });

  it('says what is missing when there is no flagstaff.yaml, and checks the files all the same', () => {
    const { project, snapshot, diagnostics } = compile([{ path: 'f.flag.yaml', text: 'key: f\n' }]);
    expect(project).toBeUndefined();
    expect(snapshot).toBeUndefined();
    expect(diagnostics.map(({ code, file, range }) => `${file}:${range.start.line} ${code}`)).toEqual([
      'f.flag.yaml:1 schema/missing-key',
      'f.flag.yaml:1 schema/missing-key',
      'flagstaff.yaml:1 reference/missing-project',
    ]);
  });

  it.each(['[', '- a\n', 'null\n', 'environments: []\n', 'environments: a\n', '{}\n'])(
    'has no project where flagstaff.yaml is %j',
    (text) => {
      const { project, diagnostics } = compiled({ 'flagstaff.yaml': text, 'f.flag.yaml': flag('f') });
      expect(project).toBeUndefined();
      expect(diagnostics).toHaveLength(1);
    },
  );

  it('a broken test keeps no flag from being served, but is told by lint', () => {
    const literal = {
      'f.flag.yaml': flag('f'),
      'f.test.yaml': 'cases: []\n',
      'g.test.yaml': 'flag: g\ncases: [{ name: n, expect: { variant: on } }]\n',
    };
    expect(compiled(literal).snapshot).toBeDefined();
    expect(check(filesOf(literal)).findings.map(({ code }) => code)).toEqual([
      'schema/empty',
      'reference/unknown-flag',
    ]);
  });

  it('takes unchanged files from the cache, and forgets those that are gone', () => {
    const cache: ReadingCache = new Map();
    const before = filesOf({ 'f.flag.yaml': flag('f'), 'g.flag.yaml': flag('g') });
    compile(before, cache);
    const [f, g] = [cache.get('f.flag.yaml'), cache.get('g.flag.yaml')];
    const after = filesOf({ 'f.flag.yaml': flag('f'), 'g.flag.yaml': flag('g', 'enabled: false\n') });
    expect(compile(after, cache)).toEqual(compile(after));
    expect(cache.get('f.flag.yaml')).toBe(f);
    expect(cache.get('g.flag.yaml')).not.toBe(g);
    compile(filesOf({}), cache);
    expect([...cache.keys()]).toEqual(['flagstaff.yaml']);
  });

  it('reads a file again when what the edge says of it has changed', () => {
    const cache: ReadingCache = new Map();
    const file = { path: 'f.flag.yaml', text: '' };
    const project = filesOf({});
    expect(compile([...project, { ...file, problem: 'not-utf8' }], cache).diagnostics.map(({ code }) => code)).toEqual([
      'syntax/not-utf8',
    ]);
    expect(compile([...project, file], cache).diagnostics.map(({ code }) => code)).toEqual(['syntax/invalid-yaml']);
  });
});

/** Pieces of files, right and wrong, that refer to each other under few names. */
const key = fc.constantFrom('a', 'b', 'c', 'A', 'a/b');
const variant = fc.constantFrom<unknown>('on', 'off', 'x', true, null, 1);
const percent = fc.constantFrom<unknown>(0, 50, 100, 33.333, 33.3333, -1, 'half');
const time = fc.constantFrom<unknown>('2027-01-01', '2026-01-01T00:00:00Z', 'soon', 7);
const split = fc.dictionary(fc.constantFrom('on', 'off', 'true', 'x'), percent, { maxKeys: 3 });
const condition = fc.letrec<{ condition: unknown; comparison: unknown }>((tie) => ({
  comparison: fc.record(
    {
      attribute: fc.constantFrom('plan', 'age', 'segment', 'targetingKey', ''),
      operator: fc.constantFrom(
        'eq',
        'in',
        'gt',
        'matches',
        'semver_gt',
        'date_before',
        'time_window',
        'ip_in',
        'modulo',
        'exists',
        'in_segment',
        'bucket',
        'serves',
        'is',
      ),
      value: fc.oneof(
        key,
        variant,
        percent,
        fc.array(key, { maxLength: 2 }),
        fc.constant({ seed: 's', range: [50, 10] }),
        fc.constant({ start: '1', end: '2' }),
        fc.constant({ divisor: 2, remainder: 5 }),
      ),
      flag: key,
      ignore_case: fc.boolean(),
    },
    { requiredKeys: ['operator'] },
  ),
  condition: fc.oneof(
    { maxDepth: 3 },
    tie('comparison'),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 2 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 2 }) }),
    fc.record({ not: tie('condition') }),
  ),
})).condition;
const rollout = fc.record(
  {
    percent,
    split,
    steps: fc.array(fc.record({ at: time, percent, split }, { requiredKeys: ['at'] }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const behaviour = {
  enabled: fc.constantFrom<unknown>(true, false, null, 'yes'),
  default: variant,
  off_variant: variant,
  starts_at: time,
  expires_at: time,
  overrides: fc.dictionary(
    fc.constantFrom('on', 'off', 'x'),
    fc.array(fc.constantFrom<unknown>('u', 'v', 7), { maxLength: 2 }),
  ),
  prerequisites: fc.array(fc.record({ flag: key, variants: fc.array(variant, { maxLength: 2 }) }), { maxLength: 2 }),
  rules: fc.array(
    fc.record(
      { name: key, conditions: fc.array(condition, { maxLength: 2 }), serve: variant, split },
      { requiredKeys: ['conditions'] },
    ),
    { maxLength: 2 },
  ),
  rollout,
  experiment: rollout,
};
const files = {
  flag: fc.record(
    {
      key,
      type: fc.constantFrom('boolean', 'boolean', 'string', 'json', 'number', 'bool'),
      variants: fc.dictionary(fc.constantFrom('on', 'off', 'x', '1'), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
      value_schema: fc.constantFrom<unknown>({}, { type: 'string' }, { type: 'x' }, true),
      bucket_by: key,
      state: fc.constantFrom('active', 'archived'),
      environments: fc.dictionary(
        fc.constantFrom('development', 'production', 'x'),
        fc.record(behaviour, { requiredKeys: [] }),
        { maxKeys: 2 },
      ),
      ...behaviour,
    },
    { requiredKeys: ['key', 'type', 'default'] },
  ),
  override: fc.record(
    { flag: key, environment: fc.constantFrom('development', 'production', 'x'), ...behaviour },
    { requiredKeys: ['flag', 'environment'] },
  ),
  segment: fc.record(
    { key, parent: key, conditions: fc.array(condition, { maxLength: 2 }), included: fc.array(key) },
    { requiredKeys: ['key'] },
  ),
  group: fc.record({
    key,
    bucket_by: key,
    slots: fc.array(fc.record({ flag: key, range: fc.tuple(percent, percent) }), { maxLength: 3 }),
  }),
  test: fc.record({
    flag: key,
    cases: fc.array(
      fc.record(
        { name: key, environment: key, now: time, expect: fc.record({ variant }) },
        { requiredKeys: ['name', 'expect'] },
      ),
      { maxLength: 2 },
    ),
  }),
};
const file = fc.oneof(
  ...Object.entries(files).map(([kind, arbitrary]) => {
    return fc
      .tuple(fc.nat(9), arbitrary)
      .map(([number, data]): [string, string] => [`${number}.${kind}.yaml`, JSON.stringify(data)]);
  }),
  fc.tuple(fc.nat(9), fc.string()).map(([number, text]): [string, string] => [`${number}.flag.yaml`, text]),
);
const repository = fc
  .tuple(
    fc.constantFrom(
      FLAGSTAFF,
      `${FLAGSTAFF}protected: [production]\ncontext: { plan: { type: string, enum: [a] }, age: { type: number } }\n`,
      'environments: [',
      '',
    ),
    fc.array(file, { maxLength: 10 }),
  )
  .map(([project, others]): Literal => ({ ...Object.fromEntries(others), 'flagstaff.yaml': project }));

describe('any repository', () => {
  it('compiles or gives diagnostics, and nothing throws', () => {
    let snapshots = 0;
    fc.assert(
      fc.property(repository, (literal) => {
        const { snapshot, diagnostics } = compiled(literal);
        expect(snapshot === undefined).toBe(diagnostics.length > 0);
        expect(() => check(filesOf(literal))).not.toThrow();
        if (snapshot !== undefined) snapshots += 1;
      }),
      { numRuns: 250 },
    );
    expect(snapshots).toBeGreaterThan(0);
  });

  it('is the same whatever the order of its files', () => {
    fc.assert(
      fc.property(repository, fc.infiniteStream(fc.nat()), (literal, numbers) => {
        const shuffled = filesOf(literal)
          .map((one) => ({ one, at: numbers.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const [sorted, mixed] = [compile(filesOf(literal)), compile(shuffled)];
        expect(mixed.diagnostics).toEqual(sorted.diagnostics);
        expect(mixed.snapshot).toEqual(sorted.snapshot);
      }),
      { numRuns: 80 },
    );
  });

  it('is the same with and without a cache', () => {
    const cache: ReadingCache = new Map();
    fc.assert(
      fc.property(repository, (literal) => {
        const files = filesOf(literal);
        expect(compile(files, cache).diagnostics).toEqual(compile(files).diagnostics);
      }),
      { numRuns: 80 },
    );
  });
});
