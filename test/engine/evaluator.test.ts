import { describe, expect, it } from 'vitest';
import { createEvaluator, evaluatorFor } from '../../src/engine/evaluator.js';
import type { Flag } from '../../src/model/flag.js';
import type { Segment } from '../../src/model/segment.js';
import { evaluatorOf, flag, malformed, NOW, rule, segment, split } from './building.js';

const pro = { attribute: 'plan', operator: 'eq', value: 'pro' } as const;

describe('an evaluator', () => {
  it('names its environment and the flags it serves, sorted by code unit', () => {
    const flags = ['b', 'a', 'B', 'ä', '_'].map((key) => flag(key));
    const evaluator = createEvaluator({
      environment: 'staging',
      flags: [...flags, flag('old', { state: 'archived' })],
      segments: [],
    });
    expect(evaluator.environment).toBe('staging');
    expect(evaluator.keys).toEqual(['B', '_', 'a', 'b', 'ä']);
  });

  it('is made once for the same definitions', () => {
    const definitions = { environment: 'test', flags: [flag('a')], segments: [] };
    expect(evaluatorFor(definitions)).toBe(evaluatorFor(definitions));
    expect(evaluatorFor({ ...definitions })).not.toBe(evaluatorFor(definitions));
  });

  it('shares its answers, so they are frozen through and through', () => {
    const variants = { a: { limits: [{ max: 1 }], nothing: null }, b: [[1]] };
    const evaluator = evaluatorOf([flag('json', { type: 'json', variants, default: 'a' })]);
    const first = evaluator.evaluate('json', {}, NOW);
    expect(evaluator.evaluate('json', { other: 1 }, NOW + 1)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(() => Reflect.apply(Array.prototype.push, (first.value as typeof variants.a).limits, [2])).toThrow(
      TypeError,
    );
    expect(Object.isFrozen(variants.a.limits[0])).toBe(true);
  });

  it('takes a variant that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    const evaluator = evaluatorOf([flag('loop', { type: 'json', variants: malformed({ a: loop }), default: 'a' })]);
    expect(evaluator.evaluate('loop', {}, NOW).variant).toBe('a');
  });

  it('answers about unknown flags and segments', () => {
    const evaluator = evaluatorOf([flag('a')]);
    const unknown = {
      flag: 'b',
      value: undefined,
      variant: null,
      reason: 'ERROR_FALLBACK',
      error_code: 'FLAG_NOT_FOUND',
    };
    expect(evaluator.evaluate('b', {}, NOW)).toMatchObject(unknown);
    expect(evaluator.evaluateAll(['a', 'b'], {}, NOW)).toMatchObject([{ flag: 'a' }, unknown]);
    expect(evaluator.explain('b', {}, NOW)).toMatchObject({
      evaluation: unknown,
      trace: { outcome: 'ERROR_FALLBACK' },
    });
    expect(evaluator.isMember('nobody', {}, NOW)).toBeUndefined();
    expect(evaluator.explainMember('nobody', {}, NOW)).toEqual({
      step: 'segment nobody',
      outcome: 'error',
      detail: 'there is no such segment',
      children: [],
    });
    expect(evaluator.bucket('b', { targetingKey: 'u' })).toBeUndefined();
    expect(evaluator.evaluate('__proto__', {}, NOW).error_code).toBe('FLAG_NOT_FOUND');
  });

  it('decides membership', () => {
    const segments = [
      segment('pros', { conditions: [pro] }),
      segment('broken', { parent: 'nowhere', conditions: [pro] }),
    ];
    const evaluator = evaluatorOf([], segments);
    expect(evaluator.isMember('pros', { plan: 'pro' }, NOW)).toBe(true);
    expect(evaluator.isMember('pros', {}, NOW)).toBe(false);
    expect(evaluator.isMember('broken', {}, NOW)).toBeUndefined();
    expect(evaluator.isMember('pros', malformed([]), NOW)).toBeUndefined();
    expect(evaluator.explainMember('pros', { plan: 'pro' }, NOW)).toMatchObject({
      step: 'segment pros',
      outcome: 'true',
    });
    expect(evaluator.explainMember('broken', {}, NOW)).toMatchObject({ step: 'segment broken', outcome: 'error' });
    expect(evaluator.explainMember('pros', malformed(5), NOW)).toMatchObject({
      outcome: 'error',
      detail: 'the context is not an object',
    });
  });

  it('gives the unit itself', () => {
    const evaluator = evaluatorOf([flag('a', { bucket_by: 'team.id' }), flag('old', { state: 'archived' })]);
    expect(evaluator.unit('a', { team: { id: 'x' } })).toBe('x');
    expect(evaluator.unit('a', { 'team.id': 7 })).toBe('7');
    expect(evaluator.unit('a', { targetingKey: 'x' })).toBeUndefined();
    expect(evaluator.unit('a', malformed(7))).toBeUndefined();
    expect(evaluator.unit('old', { 'team.id': 'x' })).toBeUndefined();
  });

  it('gives the place of a unit', () => {
    const evaluator = evaluatorOf([flag('a', { bucket_by: 'team.id' }), flag('old', { state: 'archived' })]);
    const place = evaluator.bucket('a', { team: { id: 'x' } });
    expect(place).toBeGreaterThanOrEqual(0);
    expect(place).toBeLessThan(100);
    expect(evaluator.bucket('a', { 'team.id': 'x' })).toBe(place);
    expect(evaluator.bucket('a', { targetingKey: 'x' })).toBeUndefined();
    expect(evaluator.bucket('a', malformed(7))).toBeUndefined();
    expect(evaluator.bucket('old', { targetingKey: 'x' })).toBeUndefined();
    const throwing = {
      get team(): never {
        throw new Error('no team');
      },
    };
    expect(evaluator.bucket('a', throwing)).toBeUndefined();
  });

  it('reads an attribute, decides a segment and a prerequisite once for all flags', () => {
    const reads: string[] = [];
    const context = new Proxy({ plan: 'pro', targetingKey: 'u' } as Record<string, unknown>, {
      get: (target, key) => {
        reads.push(String(key));
        return target[String(key)];
      },
    });
    const asks = { operator: 'in_segment', value: 'pros' } as const;
    const flags = ['a', 'b', 'c'].map((key) =>
      flag(key, { prerequisites: [{ flag: 'base', variants: ['on'] }], rules: [rule(asks, pro)] }),
    );
    const evaluator = evaluatorOf(
      [...flags, flag('base', { rules: [rule(asks)] })],
      [segment('pros', { conditions: [pro], excluded: ['x'] })],
    );
    const answers = evaluator.evaluateAll(evaluator.keys, context, NOW);
    expect(answers.map((answer) => answer.variant)).toEqual(['on', 'on', 'on', 'on']);
    expect(reads.filter((key) => key !== 'toJSON').sort()).toEqual(['plan', 'targetingKey']);
  });

  it('may be called by the very context that it reads', () => {
    const evaluator = evaluatorOf(
      [
        flag('outer', { rules: [rule(pro, { operator: 'in_segment', value: 's' })] }),
        flag('inner', { rules: [rule(pro)] }),
      ],
      [segment('s', { conditions: [{ attribute: 'plan', operator: 'exists' }] })],
    );
    const seen: unknown[] = [];
    const context = {
      get plan() {
        seen.push(evaluator.evaluate('inner', { plan: 'free' }, 5).variant);
        seen.push(evaluator.explain('inner', { plan: 'pro' }, 5).evaluation.variant);
        return 'pro';
      },
    };
    expect(evaluator.evaluate('outer', context, NOW).variant).toBe('on');
    expect(evaluator.explain('outer', context, NOW)).toMatchObject({
      evaluation: { variant: 'on' },
      trace: { step: 'flag outer' },
    });
    expect(evaluator.evaluateAll(['outer', 'inner'], context, NOW).map((answer) => answer.variant)).toEqual([
      'on',
      'on',
    ]);
    expect(new Set(seen)).toEqual(new Set(['off', 'on']));
  });

  it('does not suffer from a context that asks without end', () => {
    const evaluator = evaluatorOf([flag('f', { rules: [rule(pro)] })]);
    let depth = 0;
    const context = {
      get plan(): string {
        depth += 1;
        return depth > 2000 ? 'pro' : String(evaluator.evaluate('f', context, NOW).variant);
      },
    };
    expect(evaluator.evaluate('f', context, NOW).variant).toBe('off');
  });
});

describe('long chains', () => {
  const LENGTH = 10_000;
  const keys = Array.from({ length: LENGTH }, (_, number) => `f${number}`);
  const last = LENGTH - 1;

  function chain(link: (next: string) => Partial<Flag>): Flag[] {
    return keys.map((key, number) => flag(key, number === last ? { rules: [rule(pro)] } : link(`f${number + 1}`)));
  }

  function segmentChain(link: (next: string) => Partial<Segment>): Segment[] {
    return keys.map((key, number) =>
      segment(key, { conditions: [pro], ...(number === last ? {} : link(`f${number + 1}`)) }),
    );
  }

  /** Calls with little of the stack left. */
  function deepDown<T>(depth: number, call: () => T): T {
    return depth === 0 ? call() : deepDown(depth - 1, call);
  }

  it.each([
    [
      'prerequisites',
      (next: string) =>
        ({ prerequisites: [{ flag: next, variants: ['on'] }], default: 'on', off_variant: 'off' }) as const,
    ],
    ['serves', (next: string) => ({ rules: [rule({ flag: next, operator: 'serves', value: 'on' })] }) as const],
  ])('of 10,000 %s are decided wherever one begins and however deep the caller', (_name, link) => {
    const evaluator = evaluatorOf(chain(link));
    for (const key of ['f0', 'f5000', 'f9990', 'f9999']) {
      expect(evaluator.evaluate(key, { plan: 'pro' }, NOW).variant).toBe('on');
      expect(evaluator.evaluate(key, {}, NOW).variant).toBe('off');
      expect(deepDown(3000, () => evaluator.evaluate(key, { plan: 'pro' }, NOW).variant)).toBe('on');
    }
    const { evaluation, trace } = evaluator.explain('f0', { plan: 'pro' }, NOW);
    expect(evaluation.variant).toBe('on');
    expect(() => JSON.stringify(trace)).not.toThrow();
    expect(new Set(evaluator.evaluateAll(keys, { plan: 'pro' }, NOW).map((answer) => answer.variant))).toEqual(
      new Set(['on']),
    );
  });

  it.each([
    ['parents', (next: string) => ({ parent: next })],
    ['in_segment', (next: string) => ({ conditions: [{ operator: 'in_segment', value: next } as const] })],
  ])('of 10,000 %s are decided too', (_name, link) => {
    const evaluator = evaluatorOf(
      [flag('f', { rules: [rule({ operator: 'in_segment', value: 'f0' })] })],
      segmentChain(link),
    );
    expect(evaluator.isMember('f0', { plan: 'pro' }, NOW)).toBe(true);
    expect(evaluator.isMember('f0', {}, NOW)).toBe(false);
    expect(evaluator.evaluate('f', { plan: 'pro' }, NOW).variant).toBe('on');
  });

  it('with a fault at their end give the fault', () => {
    const link = (next: string) => ({ rules: [rule({ flag: next, operator: 'serves', value: 'on' } as const)] });
    const flags = chain(link).with(
      last,
      flag(`f${last}`, { rules: [rule({ operator: 'in_segment', value: 'nowhere' })] }),
    );
    const answer = evaluatorOf(flags).evaluate('f0', {}, NOW);
    expect(answer).toMatchObject({
      reason: 'ERROR_FALLBACK',
      error_code: 'GENERAL',
      error_message: 'there is no segment `nowhere`',
    });
  });

  it('that meet again are walked once', () => {
    const ladder = Array.from({ length: 60 }, (_, number) =>
      flag(
        `f${number}`,
        number === 59
          ? { rules: [rule(pro)] }
          : {
              default: 'on',
              prerequisites: [
                { flag: `f${number + 1}`, variants: ['on'] },
                { flag: `f${Math.min(number + 2, 59)}`, variants: ['on'] },
              ],
            },
      ),
    );
    expect(evaluatorOf(ladder).evaluate('f0', { plan: 'pro' }, NOW).variant).toBe('on');
  });

  it('that are a circle are an error for each', () => {
    const circle = keys.map((key, number) =>
      flag(key, { prerequisites: [{ flag: `f${(number + 1) % LENGTH}`, variants: ['on'] }] }),
    );
    const evaluator = evaluatorOf(circle);
    expect(new Set(evaluator.evaluateAll(keys, {}, NOW).map((answer) => answer.error_code))).toEqual(
      new Set(['GENERAL']),
    );
  });
});

describe('what is not of its type', () => {
  const cases: readonly (readonly [string, Partial<Flag>])[] = [
    ['rules that are no list', { rules: malformed(null) }],
    ['a rule that is nothing', { rules: malformed([null]) }],
    ['conditions that are no list', { rules: malformed([{ name: 'r', conditions: 5, serve: 'on' }]) }],
    ['a condition that is nothing', { rules: malformed([{ name: 'r', conditions: [null], serve: 'on' }]) }],
    ['a condition that is a text', { rules: malformed([{ name: 'r', conditions: ['x'], serve: 'on' }]) }],
    ['a group that is no list', { rules: malformed([{ name: 'r', conditions: [{ all: 5 }], serve: 'on' }]) }],
    ['a split that is no list', { rollout: malformed({ split: { on: 50 } }) }],
    ['variants that are nothing', { variants: malformed(null) }],
    ['overrides that are nothing', { overrides: malformed(null) }],
    ['a time that is no text', { starts_at: malformed(5) }],
    ['a seed that is no text', { seed: malformed(5) }],
  ];

  it.each(cases)('is an error of that flag alone: %s', (_name, more) => {
    const evaluator = evaluatorOf([
      flag('bad', more),
      flag('good'),
      flag('needs', { prerequisites: [{ flag: 'bad', variants: [] }] }),
    ]);
    expect(evaluator.evaluate('bad', { targetingKey: 'u' }, NOW).reason).toBe('ERROR_FALLBACK');
    expect(evaluator.explain('bad', { targetingKey: 'u' }, NOW).evaluation.reason).toBe('ERROR_FALLBACK');
    expect(evaluator.evaluate('good', {}, NOW).reason).toBe('STATIC');
    expect(evaluator.evaluate('needs', {}, NOW).reason).toBe('ERROR_FALLBACK');
  });

  it('is an error of a segment', () => {
    const evaluator = evaluatorOf(
      [flag('f', { rules: [rule({ operator: 'in_segment', value: 's' })] })],
      [segment('s', { conditions: malformed(null) })],
    );
    expect(evaluator.evaluate('f', {}, NOW)).toMatchObject({ reason: 'ERROR_FALLBACK', error_code: 'PARSE_ERROR' });
    expect(evaluator.isMember('s', {}, NOW)).toBeUndefined();
  });

  it.each([
    ['a segment that is no text', { operator: 'in_segment', value: 5 }],
    ['a comparison without attribute', { operator: 'eq', value: 5 }],
    ['a comparison of an attribute without name', { attribute: '', operator: 'exists' }],
    ['serves without variants', { flag: 'good', operator: 'serves', value: [] }],
    ['serves without a value', { flag: 'good', operator: 'serves' }],
    ['serves without a flag', { operator: 'serves', value: 'on' }],
    ['bucket without a value', { operator: 'bucket' }],
    ['modulo without a value', { attribute: 'x', operator: 'modulo' }],
    ['an operator that is none', { attribute: 'x', operator: 5 }],
  ])('is a fault of a condition: %s', (_name, condition) => {
    const evaluator = evaluatorOf([flag('good'), flag('bad', { rules: [rule(malformed(condition))] })]);
    expect(evaluator.evaluate('bad', { x: 1 }, NOW).reason).toBe('ERROR_FALLBACK');
  });

  it('is a prerequisite that names no variant', () => {
    const evaluator = evaluatorOf([flag('good'), flag('bad', { prerequisites: [{ flag: 'good', variants: [] }] })]);
    expect(evaluator.evaluate('bad', {}, NOW).reason).toBe('ERROR_FALLBACK');
  });

  it('is a targetingKey under two variants, for that key', () => {
    const evaluator = evaluatorOf([flag('f', { overrides: { on: ['a', 'b'], off: ['b'] } })]);
    expect(evaluator.evaluate('f', { targetingKey: 'a' }, NOW).reason).toBe('OVERRIDE');
    expect(evaluator.evaluate('f', { targetingKey: 'b' }, NOW).reason).toBe('ERROR_FALLBACK');
  });

  it('is a condition that is two at once', () => {
    const both = malformed<typeof pro>({ ...pro, all: [pro] });
    expect(evaluatorOf([flag('f', { rules: [rule(both)] })]).evaluate('f', { plan: 'pro' }, NOW).reason).toBe(
      'ERROR_FALLBACK',
    );
  });

  it('is a tree of conditions that is nested too deeply', () => {
    let tree: unknown = pro;
    for (let depth = 0; depth < 100_000; depth += 1) tree = { not: tree };
    const evaluator = evaluatorOf([flag('f', { rules: [rule(malformed(tree))] })]);
    expect(evaluator.evaluate('f', {}, NOW).reason).toBe('ERROR_FALLBACK');
  });
});

describe('clocks', () => {
  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e300,
    -8.64e15,
    0.5,
    malformed<number>(undefined),
    malformed<number>(5n),
    malformed<number>(Symbol('now')),
  ])('of any kind do not throw', (now) => {
    const window = {
      operator: 'time_window',
      value: { start: '09:00', end: '17:00', timezone: 'Europe/Berlin' },
    } as const;
    const within = { attribute: 'd', operator: 'date_within', value: 'P1M' } as const;
    const steps = { steps: [{ at: '2026-01-01', percent: 5 }], split: split(['on', 50]) };
    const flags = [
      flag('a', { rules: [rule(window)] }),
      flag('b', { rules: [rule(within)] }),
      flag('c', { rollout: steps }),
      flag('d', { starts_at: '2026-01-01' }),
    ];
    const evaluator = evaluatorOf(flags);
    for (const key of evaluator.keys)
      expect(evaluator.evaluate(key, { d: '2026-01-01', targetingKey: 'u' }, now).flag).toBe(key);
  });

  it('that show no time are outside the times of a flag', () => {
    const evaluator = evaluatorOf([flag('a', { starts_at: '2026-01-01' }), flag('b', { expires_at: '2026-01-01' })]);
    expect(evaluator.evaluateAll(['a', 'b'], {}, Number.NaN).map((answer) => answer.reason)).toEqual([
      'INACTIVE',
      'INACTIVE',
    ]);
  });

  it('count whole milliseconds', () => {
    const evaluator = evaluatorOf([flag('a', { starts_at: '1970-01-01T00:00:00.002Z' })]);
    expect(evaluator.evaluate('a', {}, 1.9).reason).toBe('INACTIVE');
    expect(evaluator.evaluate('a', {}, 2.9).reason).toBe('DEFAULT');
  });
});
