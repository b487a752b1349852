import { describe, expect, it } from 'vitest';
import { FLAGSTAFF, flag, GUARDED, helpOf, type Literal, told } from './files.js';

const CONTEXT = `${FLAGSTAFF}context:
  plan: { type: string, enum: [free, pro] }
  age: { type: number, enum: [1, 2] }
  beta: { type: boolean }
  app: { type: semver }
  since: { type: date }
  roles: { type: list }
  ip: { type: ip }
  old: { type: any, enum: [1, x, true] }
`;

/** What the gate says of one condition of a flag, without the place. */
function ofCondition(condition: string): string[] {
  return told({
    'flagstaff.yaml': CONTEXT,
    'f.flag.yaml': flag('f', `rules:\n  - conditions: [${condition}]\n    serve: on\n`),
  }).map((line) => line.replace(/^f\.flag\.yaml:5:\d+ /, ''));
}

function string(variants: string, more = ''): string {
  return `key: f\ntype: string\ndefault: a\nvariants: ${variants}\n${more}`;
}

function json(schema: string, variants: string): Literal {
  return { 'f.flag.yaml': `key: f\ntype: json\ndefault: a\nvariants: ${variants}\nvalue_schema: ${schema}\n` };
}

function slots(...ranges: readonly string[]): Literal {
  const flags = ranges.map((_, index) => [`f${index}.flag.yaml`, flag(`f${index}`)]);
  const lines = ranges.map((range, index) => `  - { flag: f${index}, range: ${range} }\n`);
  return { ...Object.fromEntries(flags), 'g.group.yaml': `key: g\nslots:\n${lines.join('')}` };
}

describe('keys', () => {
  it('that two files define are told of the second, for each kind of object by itself', () => {
    expect(
      told({
        'a/x.flag.yaml': flag('x'),
        'b/x.flag.yaml': flag('x'),
        'a/x.segment.yaml': 'key: x\nincluded: [u]\n',
        'b/x.segment.yaml': 'key: x\nincluded: [u]\n',
        'a/x.group.yaml': 'key: x\nslots: []\n',
        'b/x.group.yaml': 'key: x\nslots: []\n',
      }),
    ).toEqual([
      'b/x.flag.yaml:1:6 reference/duplicate-key another flag has the key `x`',
      'b/x.group.yaml:1:6 reference/duplicate-key another group has the key `x`',
      'b/x.segment.yaml:1:6 reference/duplicate-key another segment has the key `x`',
    ]);
  });

  it('that differ by case only are told, among objects of one kind', () => {
    expect(
      told({ 'a.flag.yaml': flag('New'), 'b.flag.yaml': flag('new'), 'n.segment.yaml': 'key: NEW\nincluded: [u]\n' }),
    ).toEqual(['b.flag.yaml:1:6 reference/key-case `new` differs by case only from the flag `New`']);
  });

  it('that are named by mistake are told with the nearest, or with those that there are', () => {
    const needs = (other: string) => ({
      'f.flag.yaml': flag('f', `prerequisites: [{ flag: ${other}, variants: [on] }]\n`),
    });
    expect(helpOf({ ...needs('paymnets'), 'payments.flag.yaml': flag('payments') })).toBe('did you mean `payments`?');
    expect(helpOf(needs('nothing-like-it'))).toBe('there is `f`');
    const many = Array.from({ length: 12 }, (_, index) => [`flag-${index}.flag.yaml`, flag(`flag-${index}`)]);
    expect(helpOf({ ...Object.fromEntries(many), ...needs('something') })).toMatch(
      /^there is (`[^`]+`, ){7}`[^`]+` and 5 more$/,
    );
    expect(helpOf({ 's.segment.yaml': 'key: s\nparent: s2\nincluded: [u]\n' })).toBe('did you mean `s`?');
    expect(
      helpOf({
        'f.flag.yaml': flag('f', 'rules:\n  - conditions: [{ operator: in_segment, value: s }]\n    serve: on\n'),
      }),
    ).toBe('there is no segment yet');
  });

  it('of a file with a problem of its own count as known: one cause, one finding', () => {
    expect(
      told({
        'f.flag.yaml': flag(
          'f',
          'prerequisites: [{ flag: broken, variants: [on] }, { flag: other-key, variants: [on] }]\n',
        ),
        'broken.flag.yaml': 'key: other-key\ntype: bolean\ndefault: off\n',
        's.segment.yaml': 'key: s\nparent: t\nincluded: [u]\n',
        't.segment.yaml': '[',
      }),
    ).toEqual([
      expect.stringContaining('broken.flag.yaml:2:7 schema/invalid-value'),
      expect.stringContaining('t.segment.yaml:1:2 syntax/invalid-yaml'),
    ]);
  });
});

describe('everywhere that a name stands', () => {
  it('flags', () => {
    const test =
      'flag: a\ncases:\n  - { name: n, flag: b, expect: { variant: on } }\n  - { name: m, segment: s, expect: { member: true } }\n';
    expect(
      told({
        'f.flag.yaml': flag('f', 'rules:\n  - conditions: [{ flag: c, operator: serves, value: on }]\n    serve: on\n'),
        'f.staging.override.yaml': 'flag: d\nenvironment: staging\n',
        'g.group.yaml': 'key: g\nslots: [{ flag: e, range: [0, 1] }]\n',
        'f.test.yaml': test,
        'h.test.yaml': 'cases: [{ name: n, segment: t, expect: { member: true, variant: on } }]\n',
      }).map((line) => line.replace(/ reference\/unknown-(flag|segment) there is no/, '')),
    ).toEqual([
      'f.flag.yaml:5:26 flag `c`',
      'f.staging.override.yaml:1:7 flag `d`',
      'f.test.yaml:1:7 flag `a`',
      'f.test.yaml:3:22 flag `b`',
      'f.test.yaml:4:25 segment `s`',
      'g.group.yaml:2:17 flag `e`',
      'h.test.yaml:1:29 segment `t`',
    ]);
  });

  it('environments', () => {
    expect(
      told({
        'flagstaff.yaml':
          'environments: [a]\ndefault_environment: b\nprotected: [c]\nreview: { max_impact: { d: 1 } }\n',
        'f.flag.yaml': flag('f', 'environments: { e: {} }\n'),
        'f.x.override.yaml': 'flag: f\nenvironment: x\n',
        'f.test.yaml': 'flag: f\nenvironment: y\ncases: [{ name: n, environment: z, expect: { variant: on } }]\n',
      }).map((line) => line.replace(' reference/unknown-environment there is no environment', '')),
    ).toEqual([
      'f.flag.yaml:4:17 `e`',
      'f.test.yaml:2:14 `y`',
      'f.test.yaml:3:33 `z`',
      'f.x.override.yaml:2:14 `x`',
      'flagstaff.yaml:2:22 `b`',
      'flagstaff.yaml:3:13 `c`',
      'flagstaff.yaml:4:25 `d`',
    ]);
  });

  it('variants', () => {
    const text = `default: v1
off_variant: v2
overrides: { v3: [u] }
prerequisites: [{ flag: g, variants: [v4, on] }]
rules:
  - conditions: [{ flag: g, operator: serves, value: [on, v5] }, { flag: g, operator: serves, value: v6 }]
    serve: v7
  - conditions: [{ flag: unknown-one, operator: serves, value: v8 }]
    split: { v9: 100, a: 0 }
rollout: { split: { w1: 1 }, steps: [{ at: 2027-01-01, split: { w2: 1 } }, { at: 2027-01-02, percent: 1 }] }
environments: { staging: { experiment: { split: { w3: 100 } } } }
`;
    const lines = told({
      'f.flag.yaml': `key: f\ntype: string\nvariants: { a: x }\n${text}`,
      'g.flag.yaml': flag('g'),
      'f.test.yaml':
        'flag: f\ncases:\n  - { name: n, expect: { variant: w4 } }\n  - { name: m, distribution: { expect: { w5: 100 } } }\n  - { name: o, expect: { variant: null } }\n',
    });
    const named = lines.flatMap((line) => /has no variant `(.*)`/.exec(line)?.[1] ?? []);
    expect(named.sort()).toEqual(['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v9', 'w1', 'w2', 'w3', 'w4', 'w5']);
    expect(lines.filter((line) => !line.includes('has no variant'))).toEqual([
      'f.flag.yaml:11:26 reference/unknown-flag there is no flag `unknown-one`',
    ]);
  });

  it('what an archived flag names of others is not needed any more', () => {
    const needs =
      'prerequisites: [{ flag: x, variants: [on] }]\nrules:\n  - conditions: [{ flag: x, operator: serves, value: on }, { operator: in_segment, value: s }]\n    serve: on\n';
    expect(told({ 'f.flag.yaml': flag('f', `state: archived\n${needs}`) })).toEqual([]);
    expect(told({ 'f.flag.yaml': flag('f', needs) })).toHaveLength(3);
  });

  it('an archived flag is in the way of prerequisites, conditions and slots', () => {
    expect(
      told({
        'x.flag.yaml': flag('x', 'state: archived\n'),
        'f.flag.yaml': flag('f', 'prerequisites: [{ flag: x, variants: [on] }]\n'),
        's.segment.yaml': 'key: s\nconditions: [{ flag: x, operator: serves, value: on }]\n',
        'g.group.yaml': 'key: g\nslots: [{ flag: x, range: [0, 1] }]\n',
      }).map((line) => line.split(' ').slice(0, 2).join(' ')),
    ).toEqual([
      'f.flag.yaml:4:25 reference/archived-flag',
      'g.group.yaml:2:17 reference/archived-flag',
      's.segment.yaml:2:22 reference/archived-flag',
    ]);
  });
});

describe('help', () => {
  it('explains that YAML 1.2 reads `yes` as text, where on or off is meant', () => {
    expect(helpOf({ 'f.flag.yaml': 'key: f\ntype: boolean\ndefault: yes\n' })).toBe(
      'YAML 1.2 reads `yes` as text: write `on`',
    );
    expect(helpOf({ 'f.flag.yaml': 'key: f\ntype: boolean\ndefault: No\n' })).toBe(
      'YAML 1.2 reads `No` as text: write `off`',
    );
    expect(helpOf({ 'f.flag.yaml': string('{ a: x }', 'off_variant: yes\n') })).toBe('there is `a`');
  });

  it('says how thirds add up to 100', () => {
    const thirds = (split: string) => ({
      'f.flag.yaml': string('{ a: x, b: y, c: z }', `experiment: { split: ${split} }\n`),
    });
    expect(helpOf(thirds('{ a: 33.333, b: 33.333, c: 33.333 }'))).toBe('write 33.334 once');
    expect(helpOf(thirds('{ a: 33.334, b: 33.334, c: 33.334 }'))).toBe('write 33.332 once');
    expect(helpOf(thirds('{ a: 30, b: 30, c: 30 }'))).toBe('10 is left to give');
    expect(helpOf(thirds('{ a: 50, b: 50, c: 0.5 }'))).toBe('take 0.5 away');
    expect(helpOf(thirds('{ a: 33.3333, b: 66.667 }'))).toBe(
      'write 33.333; of three equal shares write 33.333 twice and 33.334 once',
    );
  });

  it('shows a value as it is written, and how to quote it', () => {
    expect(helpOf({ 'f.flag.yaml': string('{ a: 2.10 }') })).toBe("quote it: '2.10'");
    expect(helpOf({ 'f.flag.yaml': string('{ a: true }') })).toBe("quote it: 'true'");
    expect(helpOf({ 'f.flag.yaml': string('{ a: [x] }') })).toBe('write text, or choose another `type`');
    expect(helpOf({ 'f.flag.yaml': string('{ a: "1" }').replace('string', 'number') })).toBe(
      'write a number, or choose another `type`',
    );
  });
});

describe('variants', () => {
  it.each<[string, readonly string[]]>([
    ['{}', []],
    ['{ on: true, off: false }', []],
    ['{ on: true }', ['on and off']],
    ['{ on: true, off: true }', ['on and off']],
    ['{ on: true, off: false, more: true }', ['on and off']],
    ['{ yes: true, no: false }', ['on and off']],
  ])('%s of a boolean flag', (variants, expected) => {
    const lines = told({ 'f.flag.yaml': flag('f', `variants: ${variants}\n`) });
    expect(lines).toEqual(
      expected.map(
        () => 'f.flag.yaml:4:1 type/boolean-variants a boolean flag has exactly `on: true` and `off: false`',
      ),
    );
  });

  it.each<[string, string]>([
    ['a:', '`a` is empty'],
    ['a: [x]', '`a` is a list'],
    ['a: { b: x }', '`a` is a mapping'],
    ['a: 1', '`a` is `1`'],
  ])('%s of a string flag', (variant, what) => {
    expect(told({ 'f.flag.yaml': string(`\n  ${variant}`) })).toEqual([
      expect.stringContaining(`type/variant-value variant ${what}, but the flag is of type string`),
    ]);
  });

  it('of a number flag are numbers', () => {
    expect(told({ 'f.flag.yaml': string('{ a: 1, b: 2.5, c: -1 }').replace('string', 'number') })).toEqual([]);
  });

  it('of a json flag are any value that satisfies the schema', () => {
    expect(told(json('{}', '{ a: null, b: [1], c: x }'))).toEqual([]);
    expect(told(json('true', '{ a: null }'))).toEqual([]);
    expect(told(json('{ type: number }', '{ a: 1, b: x }'))).toEqual([
      'f.flag.yaml:4:22 type/value-schema variant `b` does not satisfy `value_schema`: must be number',
    ]);
    expect(told(json('{ type: numbr }', '{ a: x }'))).toEqual([
      expect.stringContaining('f.flag.yaml:5:15 type/invalid-value-schema not a usable JSON Schema: '),
    ]);
    expect(told({ 'f.flag.yaml': 'key: f\ntype: json\ndefault: a\nvariants: { a: null }\n' })).toEqual([]);
  });

  it('have a schema in json flags only', () => {
    const schema = (text: string) => told({ 'f.flag.yaml': flag('f', `value_schema: ${text}\n`) });
    expect(schema('{}')).toEqual([]);
    expect(schema('{ type: boolean }')).toEqual([
      'f.flag.yaml:4:15 type/invalid-value-schema a flag of type boolean has no `value_schema`',
    ]);
    expect(schema('true')).toHaveLength(1);
  });
});

describe('a condition', () => {
  it.each([
    '{ attribute: plan, operator: eq, value: pro }',
    '{ attribute: plan, operator: in, value: [PRO, Free], ignore_case: true }',
    '{ attribute: plan, operator: starts_with, value: [p, f] }',
    '{ attribute: age, operator: in, value: [1, 2] }',
    '{ attribute: age, operator: gt, value: 17 }',
    '{ attribute: age, operator: modulo, value: { divisor: 2, remainder: 1 } }',
    '{ attribute: beta, operator: eq, value: true }',
    '{ attribute: app, operator: semver_gte, value: v2.1 }',
    '{ attribute: app, operator: semver_satisfies, value: ^2.1 || 3.x }',
    '{ attribute: app, operator: eq, value: 2.1.0 }',
    '{ attribute: since, operator: date_before, value: now }',
    '{ attribute: since, operator: date_after, value: 2026-12-01T00:00:00+01:00 }',
    '{ attribute: since, operator: date_within, value: P30D }',
    '{ attribute: since, operator: eq, value: 1700000000000 }',
    '{ attribute: roles, operator: contains, value: admin }',
    '{ attribute: roles, operator: semver_gt, value: 1.0.0 }',
    '{ attribute: ip, operator: ip_in, value: 10.0.0.0/8 }',
    '{ attribute: ip, operator: ip_in, value: ["2001:db8::/32", 192.0.2.1] }',
    '{ attribute: old, operator: gt, value: 1 }',
    '{ attribute: old, operator: eq, value: 99 }',
    '{ attribute: undeclared, operator: semver_gt, value: 1.0.0 }',
    '{ attribute: targetingKey, operator: starts_with, value: u }',
    '{ attribute: plan, operator: exists }',
    '{ attribute: plan, operator: bucket, value: { seed: s, range: [0, 14.955] } }',
    '{ operator: bucket, value: { seed: s, range: [0, 100] } }',
    '{ operator: time_window, value: { start: "22:00", end: "06:00:30", timezone: Europe/Berlin, days: [mon] } }',
    '{ operator: time_window, value: { start: "00:00", end: "24:00" } }',
    '{ attribute: plan, operator: matches, value: "^p.*o$" }',
  ])('%s is all right', (condition) => {
    expect(ofCondition(condition)).toEqual([]);
  });

  it.each<[string, readonly string[]]>([
    ['{ attribute: plan, operator: eq, value: por }', ['type/enum `plan` is never `por`']],
    ['{ attribute: plan, operator: ne, value: 1 }', ['type/operand `1` is a number, but `plan` is of type string']],
    ['{ attribute: age, operator: eq, value: "1" }', ['type/operand `"1"` is a string, but `age` is of type number']],
    ['{ attribute: age, operator: eq, value: 3 }', ['type/enum `age` is never `3`']],
    [
      '{ attribute: beta, operator: in, value: [true, x] }',
      ['type/operand `x` is a string, but `beta` is of type boolean'],
    ],
    [
      '{ attribute: beta, operator: contains, value: x }',
      ['type/operator `contains` never holds for `beta`, which is of type boolean'],
    ],
    [
      '{ attribute: plan, operator: modulo, value: { divisor: 2, remainder: 2 } }',
      [
        'type/operator `modulo` never holds for `plan`, which is of type string',
        'type/operand dividing by 2 never leaves 2',
      ],
    ],
    [
      '{ attribute: age, operator: semver_gt, value: 1.0.0 }',
      ['type/operator `semver_gt` never holds for `age`, which is of type number'],
    ],
    [
      '{ attribute: plan, operator: date_before, value: 2026-01-01 }',
      ['type/operator `date_before` never holds for `plan`, which is of type string'],
    ],
    [
      '{ attribute: plan, operator: ip_in, value: 10.0.0.1 }',
      ['type/operator `ip_in` never holds for `plan`, which is of type string'],
    ],
    [
      '{ attribute: beta, operator: bucket, value: { seed: s, range: [0, 1] } }',
      ['type/operator `bucket` never holds for `beta`, which is of type boolean'],
    ],
    [
      '{ attribute: targetingKey, operator: gt, value: 1 }',
      ['type/operator `gt` never holds for `targetingKey`, which is of type string'],
    ],
    ['{ attribute: app, operator: semver_gt, value: 2.x }', ['type/version `2.x` is not a version']],
    [
      '{ attribute: app, operator: semver_satisfies, value: ">>1" }',
      ['type/version-range `>>1` is not a version range'],
    ],
    ['{ attribute: since, operator: date_after, value: soon }', ['type/date `soon` is not a date']],
    ['{ attribute: since, operator: date_within, value: 30d }', ['type/duration `30d` is not a duration']],
    [
      '{ attribute: ip, operator: ip_in, value: [10.0.0.1, 10.0.0.0/33] }',
      ['type/cidr `10.0.0.0/33` is not an address or address range'],
    ],
    [
      '{ attribute: plan, operator: matches, value: "(?=x)" }',
      [expect.stringMatching(/^type\/regex `\(\?=x\)` is not an RE2 pattern: /)],
    ],
    [
      '{ operator: time_window, value: { start: "24:00", end: "6am", timezone: Mars } }',
      [
        'type/time-window `24:00` is not a time of day',
        'type/time-window `6am` is not a time of day',
        'type/time-zone `Mars` is not a time zone',
      ],
    ],
    [
      '{ operator: time_window, value: { start: "10:00", end: "10:00:00" } }',
      ['type/time-window the window opens and closes at `10:00`'],
    ],
    ['{ operator: bucket, value: { seed: s, range: [5, 5] } }', ['arithmetic/range the range [5, 5] is empty']],
    [
      '{ operator: bucket, value: { seed: s, range: [0, 0.0001] } }',
      ['arithmetic/precision `0.0001` is finer than a thousandth of a percent'],
    ],
  ])('%s', (condition, expected) => {
    expect(ofCondition(condition)).toEqual(expected);
  });
});

describe('a declared attribute', () => {
  it.each<[string, readonly string[]]>([
    ['{ type: string, enum: [a, 1] }', ['`1` cannot be the value of an attribute of type string']],
    ['{ type: any, enum: [a, 1] }', []],
    ['{ type: string, enum: [a, b], weights: [1] }', ['1 weights for 2 values']],
    ['{ type: string, weights: [1] }', ['1 weights for 0 values']],
    ['{ type: string, enum: [a, b], weights: [80, 20] }', []],
  ])('%s', (attribute, expected) => {
    const lines = told({ 'flagstaff.yaml': `${FLAGSTAFF}context: { x: ${attribute} }\n` });
    expect(lines.map((line) => line.replace(/^.* type\/enum /, ''))).toEqual(expected);
  });

  it('patterns of `naming` are RE2', () => {
    expect(told({ 'flagstaff.yaml': `${FLAGSTAFF}naming: { flag: '^[a-z]+$', group: '(' }\n` })).toEqual([
      expect.stringContaining('flagstaff.yaml:2:36 type/regex'),
    ]);
  });
});

describe('dates', () => {
  it('are checked wherever they stand', () => {
    const lines = told({
      'f.flag.yaml': flag(
        'f',
        'remove_by: r1\nsnooze: { until: r2, reason: x }\nstarts_at: r3\nenvironments: { staging: { expires_at: r4 } }\nrollout: { split: { on: 1 }, steps: [{ at: r5, percent: 1 }, { at: 2027-01-01, percent: 2 }] }\n',
      ),
      'f.test.yaml': 'flag: f\nnow: r6\ncases: [{ name: n, now: r7, expect: { variant: on } }]\n',
    });
    expect(lines.map((line) => /type\/date `(.*)` is not a date/.exec(line)?.[1])).toEqual(
      ['r1', 'r2', 'r3', 'r5', 'r4', 'r6', 'r7'].sort(
        (a, b) => lines.findIndex((line) => line.includes(a)) - lines.findIndex((line) => line.includes(b)),
      ),
    );
    expect(lines).toHaveLength(7);
  });

  it('order steps strictly', () => {
    const steps = (...times: readonly string[]) =>
      told({
        'f.flag.yaml': flag(
          'f',
          `rollout: { split: { on: 1 }, steps: [${times.map((at) => `{ at: ${at}, percent: 1 }`).join(', ')}] }\n`,
        ),
      });
    expect(steps('2027-01-01', '2027-01-01T00:00:00.001Z')).toEqual([]);
    expect(steps('2027-01-01', '2027-01-01T00:00:00Z')).toEqual([
      expect.stringContaining('arithmetic/steps-order step 2'),
    ]);
    expect(steps('2027-01-03', '2027-01-01', '2027-01-02', '2027-01-04')).toEqual([
      expect.stringContaining('step 2 is not after'),
      expect.stringContaining('step 3 is not after'),
    ]);
  });

  it.each<[string, readonly string[]]>([
    ['starts_at: 2027-01-01\nexpires_at: 2027-01-02\n', []],
    [
      'starts_at: 2027-01-01\nexpires_at: 2027-01-01\n',
      ['f.flag.yaml:5:13 arithmetic/times-order the flag expires before it starts'],
    ],
    [
      'starts_at: 2027-06-01\nenvironments: { staging: { expires_at: 2027-01-01 } }\n',
      ['f.flag.yaml:5:40 arithmetic/times-order the flag expires before it starts in `staging`'],
    ],
    [
      'expires_at: 2027-01-01\nenvironments: { staging: { starts_at: 2027-06-01 } }\n',
      ['f.flag.yaml:5:39 arithmetic/times-order the flag expires before it starts in `staging`'],
    ],
    [
      'starts_at: 2027-06-01\nexpires_at: 2028-01-01\nenvironments: { staging: { starts_at: null, expires_at: 2027-01-01 } }\n',
      [],
    ],
    ['starts_at: 2027-06-01\nexpires_at: nonsense\n', ['f.flag.yaml:5:13 type/date `nonsense` is not a date']],
  ])('%j', (text, expected) => {
    expect(told({ 'f.flag.yaml': flag('f', text) })).toEqual(expected);
  });
});

describe('arithmetic in every part of a flag', () => {
  it('of its own, of `environments` and of override files', () => {
    const wrong = 'rollout: { split: { on: 70, off: 40 } }';
    expect(
      told({
        'f.flag.yaml': flag('f', `${wrong}\nenvironments: { development: { ${wrong} } }\n`),
        'f.staging.override.yaml': `flag: f\nenvironment: staging\n${wrong}\n`,
      }).map((line) => line.split(' ').slice(0, 2).join(' ')),
    ).toEqual([
      'f.flag.yaml:4:12 arithmetic/rollout-sum',
      'f.flag.yaml:5:43 arithmetic/rollout-sum',
      'f.staging.override.yaml:3:12 arithmetic/rollout-sum',
    ]);
  });

  it('of steps, percents and experiments', () => {
    const rollout =
      'rollout: { split: { on: 33.3333 }, steps: [{ at: 2027-01-01, percent: 0.0005 }, { at: 2027-01-02, split: { on: 101 } }] }\n';
    expect(told({ 'f.flag.yaml': flag('f', rollout.replace('101', '60, off: 60')) })).toEqual([
      expect.stringContaining('arithmetic/precision `33.3333`'),
      expect.stringContaining('arithmetic/precision `0.0005`'),
      expect.stringContaining('arithmetic/rollout-sum the rollout adds up to 120, more than 100'),
    ]);
    expect(
      told({ 'f.flag.yaml': flag('f', 'experiment: { percent: 12.34567, split: { on: 50, off: 49 } }\n') }),
    ).toEqual([
      expect.stringContaining('arithmetic/precision `12.34567`'),
      expect.stringContaining('arithmetic/split-sum the split of an experiment adds up to 99, not to exactly 100'),
    ]);
  });

  it('of rules', () => {
    const rule = (split: string) =>
      told({
        'f.flag.yaml': flag('f', `rules:\n  - conditions: [{ attribute: a, operator: exists }]\n    split: ${split}\n`),
      });
    expect(rule('{ on: 50, off: 50 }')).toEqual([]);
    expect(rule('{ on: 50 }')).toEqual([
      'f.flag.yaml:6:5 arithmetic/split-sum the split of a rule adds up to 50, not to exactly 100',
    ]);
  });

  it('a rollout of exactly 100, and thousandths that no binary fraction is, are all right', () => {
    const split = '{ a: 0.1, b: 0.2, c: 99.7 }';
    expect(told({ 'f.flag.yaml': string('{ a: x, b: y, c: z }', `experiment: { split: ${split} }\n`) })).toEqual([]);
    expect(told({ 'f.flag.yaml': string('{ a: x, b: y, c: z }', `rollout: { split: ${split} }\n`) })).toEqual([]);
  });

  it('an experiment beside a rollout is told at the second', () => {
    const both = (first: string, second: string) =>
      told({ 'f.flag.yaml': flag('f', `${first}: { split: { on: 100 } }\n${second}: { split: { on: 100 } }\n`) });
    expect(both('rollout', 'experiment')).toEqual([
      expect.stringContaining('f.flag.yaml:5:1 arithmetic/experiment-and-rollout `experiment` beside `rollout`'),
    ]);
    expect(both('experiment', 'rollout')).toEqual([
      expect.stringContaining('f.flag.yaml:5:1 arithmetic/experiment-and-rollout `rollout` beside `experiment`'),
    ]);
  });
});

describe('slots', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['side by side', ['[0, 50]', '[50, 100]'], []],
    ['in any order', ['[50, 100]', '[0, 50]'], []],
    [
      'that overlap',
      ['[0, 50]', '[49.999, 100]'],
      ['g.group.yaml:4:24 arithmetic/slot-overlap the slot of `f1` overlaps that of `f0`'],
    ],
    [
      'that overlap backwards',
      ['[40, 60]', '[0, 50]'],
      ['g.group.yaml:4:24 arithmetic/slot-overlap the slot of `f1` overlaps that of `f0`'],
    ],
    [
      'that are the same',
      ['[0, 50]', '[0, 50]'],
      ['g.group.yaml:4:24 arithmetic/slot-overlap the slot of `f1` overlaps that of `f0`'],
    ],
    [
      'within a long one',
      ['[0, 100]', '[10, 20]', '[30, 40]'],
      [
        'g.group.yaml:4:24 arithmetic/slot-overlap the slot of `f1` overlaps that of `f0`',
        'g.group.yaml:5:24 arithmetic/slot-overlap the slot of `f2` overlaps that of `f0`',
      ],
    ],
    [
      'that run backwards',
      ['[50, 0]', '[10, 20]'],
      ['g.group.yaml:3:24 arithmetic/range the range [50, 0] runs backwards'],
    ],
  ])('%s', (_name, ranges, expected) => {
    expect(told(slots(...ranges))).toEqual(expected);
  });

  it('are for a flag each', () => {
    const group = (key: string, range: string) => `key: ${key}\nslots: [{ flag: f, range: ${range} }]\n`;
    expect(
      told({ 'f.flag.yaml': flag('f'), 'g.group.yaml': group('g', '[0, 50]'), 'h.group.yaml': group('h', '[0, 50]') }),
    ).toEqual(['h.group.yaml:2:17 reference/duplicate-slot flag `f` has a slot already']);
  });

  it('bucket by what their flags bucket by', () => {
    const group =
      'key: g\nbucket_by: company\nslots: [{ flag: f, range: [0, 50] }, { flag: h, range: [50, 60] }, { flag: x, range: [60, 61] }]\n';
    expect(
      told({ 'f.flag.yaml': flag('f'), 'h.flag.yaml': flag('h', 'bucket_by: company\n'), 'g.group.yaml': group }),
    ).toEqual([
      'g.group.yaml:3:17 reference/slot-bucket-by flag `f` buckets by `targetingKey`, its group `g` by `company`',
      'g.group.yaml:3:76 reference/unknown-flag there is no flag `x`',
    ]);
    expect(
      told({
        'f.flag.yaml': flag('f', 'bucket_by: company\n'),
        'g.group.yaml': 'key: g\nslots: [{ flag: f, range: [0, 50] }]\n',
      }),
    ).toEqual([
      'g.group.yaml:2:17 reference/slot-bucket-by flag `f` buckets by `company`, its group `g` by `targetingKey`',
    ]);
  });
});

describe('a protected environment', () => {
  const override = (more: string) => `flag: f\nenvironment: production\n${more}`;

  it('needs a default of its own', () => {
    expect(
      told({
        'flagstaff.yaml': GUARDED,
        'f.flag.yaml': flag('f'),
        'f.production.override.yaml': override('enabled: true\n'),
      }),
    ).toEqual([
      'f.production.override.yaml:1:1 schema/missing-key the file has no `default`, and `production` is protected and inherits none',
    ]);
    expect(
      told({
        'flagstaff.yaml': GUARDED,
        'f.flag.yaml': flag('f'),
        'f.production.override.yaml': override('default: null\n'),
      }),
    ).toEqual([]);
  });

  it('is not for a flag file to speak of, and that is told once', () => {
    expect(
      told({
        'flagstaff.yaml': GUARDED,
        'f.flag.yaml': flag('f', 'environments: { production: { enabled: true } }\n'),
        'f.production.override.yaml': override('default: off\n'),
      }),
    ).toEqual([
      'f.flag.yaml:4:17 reference/protected-environment `production` is protected: a flag file cannot say what happens there',
    ]);
  });
});

describe('what stands twice', () => {
  it('an environment in two override files', () => {
    const part = 'flag: f\nenvironment: staging\n';
    expect(
      told({ 'f.flag.yaml': flag('f'), 'a/f.staging.override.yaml': part, 'b/f.staging.override.yaml': part }),
    ).toEqual(['b/f.staging.override.yaml:2:14 reference/duplicate-part `staging` of flag `f` is described twice']);
  });

  it('a targetingKey under two variants, but not under two names of one', () => {
    const overrides = (text: string) => told({ 'f.flag.yaml': flag('f', `overrides: ${text}\n`) });
    expect(overrides('{ on: [a, b], off: [b] }')).toEqual([
      'f.flag.yaml:4:32 reference/duplicate-override `b` gets `off` here, but is listed under `on` too',
    ]);
    expect(overrides('{ on: [a, a], true: [a] }')).toEqual([]);
  });

  it('the name that an unnamed rule goes by', () => {
    const rules = (first: string, second: string) =>
      told({
        'f.flag.yaml': flag(
          'f',
          `rules:\n  - { ${first}conditions: [{ attribute: a, operator: exists }], serve: on }\n  - { ${second}conditions: [{ attribute: b, operator: exists }], serve: on }\n`,
        ),
      });
    expect(rules('name: rule 2, ', '')).toEqual([
      expect.stringContaining('f.flag.yaml:6:7 reference/duplicate-rule-name rule 2 is named like rule 1: `rule 2`'),
    ]);
    expect(rules('', '')).toEqual([]);
  });
});
