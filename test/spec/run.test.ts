import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.js';
import { DEFAULT_NOW, runCases } from '../../src/spec/run.js';
import { runAll, specification } from './specification.js';

const FLAG = [
  'key: f',
  'type: json',
  'variants: { a: { list: [1, 2], deep: { x: null } }, b: null }',
  'default: b',
  'rules:',
  '  - { name: Pro, conditions: [{ operator: in_segment, value: pro }], serve: a }',
  'rollout: { percent: 20, split: { a: 50, b: 50 } }',
  'environments: { production: { enabled: false, default: null } }',
].join('\n');
const SEGMENT = 'key: pro\nconditions: [{ attribute: plan, operator: eq, value: pro }]\nincluded: [user-1]\n';

function run(...cases: readonly string[]) {
  const tests = ['flag: f', 'cases:', ...cases.map((text) => `  - ${text}`)].join('\n');
  return runAll(specification({ 'f.flag.yaml': FLAG, 'pro.segment.yaml': SEGMENT, 'f.test.yaml': tests }));
}

const verdicts = (...cases: readonly string[]) => run(...cases).map(({ ok }) => ok);

describe('running a case of a flag', () => {
  it('passes when each key that is named is met, and fails when one is not', () => {
    expect(
      verdicts(
        '{ name: all, context: { plan: pro }, expect: { value: { deep: { x: null }, list: [1, 2] }, variant: a, reason: TARGETING_MATCH, rule: Pro, error_code: null } }',
        '{ name: one, context: { plan: pro }, expect: { rule: Pro } }',
        '{ name: wrong value, context: { plan: pro }, expect: { value: { list: [2, 1], deep: { x: null } }, variant: a } }',
        '{ name: wrong rule, context: { plan: pro }, expect: { variant: a, rule: null } }',
        '{ name: no rule, context: { targetingKey: "" }, expect: { rule: null, error_code: TARGETING_KEY_MISSING } }',
      ),
    ).toEqual([true, true, false, false, true]);
  });

  it('takes no variant for the value null, and tells it from a variant that is null', () => {
    expect(
      verdicts(
        '{ name: none, environment: production, expect: { value: null, variant: null, reason: DISABLED } }',
        '{ name: "null", bucket: 60, expect: { value: null, variant: b } }',
      ),
    ).toEqual([true, true]);
  });

  it('gives the whole answer and the way to it', () => {
    const [result] = run('{ name: x, context: { plan: free }, bucket: 10, expect: { variant: b } }');
    expect(result).toMatchObject({
      ok: false,
      file: 'f.test.yaml',
      flag: 'f',
      environment: 'development',
      expected: { variant: 'b' },
      actual: { variant: 'a', reason: 'SPLIT', rule: null, error_code: null },
      placed: { attribute: 'targetingKey', unit: expect.stringMatching(/^user-\d+$/) },
    });
    expect(JSON.stringify(result?.trace)).toContain('plan');
  });

  it('puts the generated user in the place of the one that the file names', () => {
    expect(
      verdicts(
        '{ name: in, context: { targetingKey: user-1 }, bucket: 40, expect: { variant: a, reason: SPLIT } }',
        '{ name: out, context: { targetingKey: user-1 }, bucket: 40, entry: 20, expect: { variant: b, reason: DEFAULT } }',
      ),
    ).toEqual([true, true]);
  });
});

describe('running a case of a segment', () => {
  it('asks for membership', () => {
    expect(
      verdicts(
        '{ name: a, segment: pro, context: { plan: pro }, expect: { member: true } }',
        '{ name: b, segment: pro, context: { targetingKey: user-1 }, expect: { member: true } }',
        '{ name: c, segment: pro, expect: { member: true } }',
        '{ name: d, segment: pro, expect: { member: false } }',
        '{ name: e, segment: pro, expect: { member: "{m}" }, matrix: { m: [false, true] } }',
      ),
    ).toEqual([true, true, false, true, true, false]);
  });

  it('fails when a variant is expected of it', () => {
    expect(verdicts('{ name: a, segment: pro, expect: { variant: null } }')).toEqual([false]);
  });
});

describe('running a distribution', () => {
  it('compares the shares that are named, within the tolerance', () => {
    expect(
      verdicts(
        '{ name: a, distribution: { expect: { a: 10, b: 90 } } }',
        '{ name: b, distribution: { expect: { a: 10 } } }',
        '{ name: c, distribution: { expect: { a: 12 } } }',
        '{ name: d, distribution: { expect: { a: 12 }, tolerance: 3 } }',
      ),
    ).toEqual([true, true, false, true]);
  });

  it('counts those without a variant as _none', () => {
    const [result] = run(
      '{ name: a, environment: production, distribution: { expect: { _none: 100, a: 0 }, sample: 7, tolerance: 0 } }',
    );
    expect(result).toMatchObject({
      ok: true,
      expected: { shares: { _none: 100, a: 0 }, sample: 7, tolerance: 0 },
      actual: { shares: { a: 0, b: 0, _none: 100 } },
    });
  });

  it('gives the same shares each time', () => {
    const text = '{ name: a, distribution: { expect: { a: 10 }, sample: 999 } }';
    expect(run(text)).toEqual(run(text));
  });
});

describe('the time of a case', () => {
  const timed = (cases: string) =>
    specification({
      't.flag.yaml': 'key: t\ntype: boolean\ndefault: on\noff_variant: off\nstarts_at: 2026-01-01\n',
      't.test.yaml': `flag: t\ncases:\n${cases}`,
    });

  it('is its own, else the beginning of the year 2000, whatever the clock says', () => {
    const spec = timed(
      '  - { name: a, now: 2026-01-01, expect: { variant: on } }\n  - { name: b, expect: { reason: INACTIVE } }\n',
    );
    expect(runAll(spec).map(({ ok }) => ok)).toEqual([true, true]);
    expect(new Date(DEFAULT_NOW).toISOString()).toBe('2000-01-01T00:00:00.000Z');
  });

  it('can be given for those that name none', () => {
    const spec = timed('  - { name: b, expect: { variant: on } }\n');
    expect(runAll(spec, Date.parse('2026-06-01')).map(({ ok }) => ok)).toEqual([true]);
  });
});

describe('any context', () => {
  const { snapshot } = specification({ 'f.flag.yaml': FLAG, 'pro.segment.yaml': SEGMENT });
  const contexts = fc.dictionary(fc.constantFrom('plan', 'targetingKey', 'x', 'constructor'), fc.jsonValue());

  it('meets the answer that it gives, and no other', () => {
    fc.assert(
      fc.property(contexts, (context) => {
        const planned = {
          file: 'f.test.yaml',
          name: 'x',
          subject: { flag: 'f' },
          environment: 'development',
          context: JSON.parse(JSON.stringify(context)) as JsonObject,
        };
        const [first] = runCases(snapshot, [{ ...planned, expect: {} }]);
        const actual = first?.actual ?? {};
        const [same] = runCases(snapshot, [{ ...planned, expect: actual }]);
        const [other] = runCases(snapshot, [{ ...planned, expect: { variant: actual.variant === 'a' ? 'b' : 'a' } }]);
        expect([same?.ok, other?.ok]).toEqual([true, false]);
      }),
    );
  });
});

describe('a case that cannot be run', () => {
  const { snapshot } = specification({ 'f.flag.yaml': FLAG, 'pro.segment.yaml': SEGMENT });
  const base = { file: 'x.test.yaml', name: 'x', subject: { flag: 'f' }, environment: 'development', context: {} };
  const expectOn = { expect: { variant: 'on' } };
  const problemOf = (planned: Parameters<typeof runCases>[1][number]) => runCases(snapshot, [planned])[0];

  it('fails, and says why', () => {
    const distribution = { sample: 10, expect: { on: 1 }, tolerance: 1 };
    for (const [planned, problem] of [
      [{ file: 'x.test.yaml', name: 'x', problem: 'broken' }, 'broken'],
      [{ ...base, ...expectOn, environment: 'nowhere' }, 'there is no environment `nowhere`'],
      [{ ...base, ...expectOn, now: 'noon' }, '`now: noon` is not an RFC 3339 date'],
      [
        { ...base, ...expectOn, subject: { segment: 'pro' }, places: { bucket: 1 } },
        '`bucket` needs a flag that exists',
      ],
      [{ ...base, ...expectOn, subject: { flag: 'g' }, places: { bucket: 1 } }, '`bucket` needs a flag that exists'],
      [{ ...base, subject: { segment: 'pro' }, distribution }, '`distribution` needs a flag that exists'],
      [base, 'the case expects nothing'],
    ] as const) {
      expect(problemOf(planned)).toMatchObject({ ok: false, problem });
    }
  });

  it('fails when nobody stands where it wants to', () => {
    const narrow = specification({
      'f.flag.yaml':
        'key: f\ntype: boolean\ndefault: off\nexperiment: { percent: 0.001, split: { off: 50, on: 50 } }\n',
      'g.group.yaml': 'key: g\nslots: [{ flag: f, range: [0, 0.001] }]\n',
      'f.test.yaml': 'flag: f\ncases: [{ name: a, bucket: 49.999, expect: { variant: off } }]',
    });
    expect(runAll(narrow)).toMatchObject([{ ok: false, problem: expect.stringContaining('no generated user') }]);
  });
});
