import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../src/model/condition.js';
import type { Context } from '../../src/model/context.js';
import { evaluatorOf, flag, holds, malformed, NOW, rule, segment, split } from './building.js';

const exists = (attribute: string) => ({ attribute, operator: 'exists' }) as const;
const eq = (attribute: string, value: string | number | boolean) => ({ attribute, operator: 'eq', value }) as const;

/** Operands that are valid, one for each operator. */
const OPERANDS: Readonly<Record<string, unknown>> = {
  in: ['a', 1],
  not_in: ['a', 1],
  starts_with: ['a'],
  matches: 'a',
  semver_satisfies: '>=1',
  date_before: '2026-01-01',
  date_after: 'now',
  date_within: 'P1M',
  ip_in: '10.0.0.0/8',
  modulo: { divisor: 3, remainder: 1 },
  gt: 1,
  gte: 1,
  lt: 1,
  lte: 1,
  in_segment: 's',
  not_in_segment: 's',
  serves: 'on',
  bucket: { seed: 's', range: [0, 50] },
  time_window: { start: '09:00', end: '17:00' },
  semver_eq: '1.0.0',
  semver_gt: '1.0.0',
  semver_gte: '1.0.0',
  semver_lt: '1.0.0',
  semver_lte: '1.0.0',
};

/** A flag for each operator, on two attributes, one on a path. */
const everyOperator = OPERATORS.flatMap((operator) =>
  ['x', 'y.z'].map((attribute) =>
    flag(`${operator}-${attribute}`, {
      rules: [
        rule({
          attribute,
          operator,
          value: (OPERANDS[operator] ?? 'a') as never,
          ...(operator === 'serves' ? { flag: 'base' } : {}),
        }),
      ],
      rollout: { percent: 50, split: split(['on', 50]) },
      bucket_by: attribute,
      overrides: { on: ['a'] },
    }),
  ),
);
const evaluator = evaluatorOf(
  [...everyOperator, flag('base', { rules: [rule(exists('y.z'))] })],
  [segment('s', { conditions: [eq('x', 'a')], included: ['b'] })],
);

function answers(context: unknown) {
  return evaluator.evaluateAll(evaluator.keys, malformed<Context>(context), NOW);
}

describe('a context', () => {
  it('may be anything at all without an evaluation throwing', () => {
    const keys = fc.constantFrom('x', 'y', 'z', 'y.z', 'targetingKey', 'toJSON');
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withBoxedValues: true,
    });
    const contexts = fc.oneof(
      anything,
      fc.dictionary(keys, anything),
      fc.dictionary(keys, fc.dictionary(keys, anything)),
    );
    fc.assert(
      fc.property(contexts, (context) => {
        for (const key of evaluator.keys)
          expect(evaluator.explain(key, malformed(context), NOW).evaluation.flag).toBe(key);
        expect(answers(context).map((answer) => answer.flag)).toEqual(evaluator.keys);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same answers in process as over JSON', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        undefined,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        new Date(NOW),
        new Date(Number.NaN),
        () => 1,
        Symbol('s'),
        Object('boxed'),
        Object(1),
        Object(true),
        -0,
        new Map([[1, 2]]),
        { toJSON: () => 'a' },
        { toJSON: () => Number.NaN },
        { z: undefined },
        [undefined, 'a', Number.NaN, new Date(NOW)],
        { toJSON: () => ({ z: 'a' }) },
      ),
    );
    const keys = fc.constantFrom('x', 'y', 'y.z', 'targetingKey');
    fc.assert(
      fc.property(fc.dictionary(keys, fc.oneof(value, fc.dictionary(fc.constant('z'), value))), (context) => {
        expect(answers(context)).toEqual(answers(JSON.parse(JSON.stringify(context))));
      }),
      { numRuns: 1000 },
    );
  });

  it('explained gives the answer that it gives', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('a', 'b', 1, '10.0.0.1', '1.2.3', '2026-06-20', [1, 'a'], new Date(NOW)),
    );
    const keys = fc.constantFrom('x', 'y', 'y.z', 'targetingKey');
    fc.assert(
      fc.property(fc.dictionary(keys, value), fc.date({ noInvalidDate: true }), (context, now) => {
        for (const key of evaluator.keys) {
          const { evaluation } = evaluator.explain(key, context, now.getTime());
          expect(evaluation).toEqual(evaluator.evaluate(key, context, now.getTime()));
          expect(evaluator.evaluate(key, context, now.getTime())).toBe(evaluator.evaluate(key, context, now.getTime()));
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([undefined, null, {}, Object.create(null)])('of nothing is empty: %s', (context) => {
    expect(evaluatorOf([flag('f')]).evaluate('f', malformed(context), NOW).reason).toBe('STATIC');
  });

  it.each([
    [[]],
    ['text'],
    [5],
    [true],
    [5n],
    [Symbol('s')],
    [() => 1],
    [new Date(NOW)],
    [new Date(Number.NaN)],
    [Object('x')],
    [{ toJSON: () => [] }],
  ])('that is no object is invalid: %s', (context) => {
    const subject = evaluatorOf([flag('f'), flag('killed', { enabled: false })]);
    const invalid = { value: undefined, variant: null, reason: 'ERROR_FALLBACK', error_code: 'INVALID_CONTEXT' };
    expect(subject.evaluate('f', malformed(context), NOW)).toMatchObject(invalid);
    expect(subject.evaluateAll(['f', 'killed'], malformed(context), NOW)).toMatchObject([invalid, invalid]);
    expect(subject.explain('f', malformed(context), NOW).evaluation).toMatchObject(invalid);
  });

  it('that throws makes the flag that reads it an error, and no other', () => {
    const context = {
      get plan(): never {
        throw new Error('no plan');
      },
    };
    const subject = evaluatorOf(
      [
        flag('reads', { rules: [rule(eq('plan', 'pro'))] }),
        flag('other'),
        flag('needs', { prerequisites: [{ flag: 'reads', variants: ['off'] }] }),
        flag('asks', { rules: [rule({ flag: 'reads', operator: 'serves', value: 'on' })] }),
        flag('member', { rules: [rule({ operator: 'in_segment', value: 's' })] }),
      ],
      [segment('s', { conditions: [eq('plan', 'pro')] })],
    );
    expect(subject.evaluateAll(['reads', 'other', 'needs', 'asks', 'member'], context, NOW)).toMatchObject([
      { reason: 'ERROR_FALLBACK', error_code: 'INVALID_CONTEXT' },
      { reason: 'STATIC' },
      { reason: 'PREREQUISITE_FAILED' },
      { reason: 'ERROR_FALLBACK', error_code: 'INVALID_CONTEXT' },
      { reason: 'ERROR_FALLBACK', error_code: 'INVALID_CONTEXT' },
    ]);
  });

  it('may throw whatever it likes', () => {
    const nasty = new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('trap');
        },
        get: () => {
          throw new Error('trap');
        },
      },
    );
    for (const thrown of [undefined, null, 'text', 5, nasty, { code: 'GENERAL', message: 'fake' }]) {
      const context = {
        get plan(): never {
          throw thrown;
        },
      };
      expect(
        evaluatorOf([flag('f', { rules: [rule(eq('plan', 'pro'))] })]).evaluate('f', context, NOW).error_code,
      ).toBe('INVALID_CONTEXT');
    }
  });

  it('may be a revoked proxy', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(evaluatorOf([flag('f')]).evaluate('f', proxy, NOW).error_code).toBe('INVALID_CONTEXT');
    expect(evaluatorOf([flag('f')]).explain('f', proxy, NOW).evaluation.error_code).toBe('INVALID_CONTEXT');
    expect(
      evaluatorOf([flag('f', { rules: [rule(eq('plan', 'x'))] })]).evaluate('f', { plan: proxy }, NOW).error_code,
    ).toBe('INVALID_CONTEXT');
  });

  it('may contain itself', () => {
    const context: Record<string, unknown> = { name: 'a' };
    context.self = context;
    expect(holds(eq('self.self.self.name', 'a'), context)).toBe(true);
    expect(
      evaluatorOf([flag('f', { rules: [rule(eq('self', 'a'))] })]).explain('f', context, NOW).evaluation.variant,
    ).toBe('off');
  });

  it('may hold ten megabytes of text', () => {
    const text = 'a'.repeat(10_000_000);
    const subject = evaluatorOf([
      flag('f', {
        rules: [
          rule({ attribute: 'text', operator: 'matches', value: 'b$' }),
          rule({ attribute: 'text', operator: 'contains', value: 'B', ignore_case: true }),
          rule({ attribute: 'text', operator: 'semver_eq', value: '1.0.0' }),
          rule({ attribute: 'text', operator: 'ip_in', value: '::/0' }),
        ],
        rollout: { split: split(['on', 50]) },
      }),
    ]);
    expect(subject.evaluate('f', { text, targetingKey: text }, NOW).reason).not.toBe('ERROR_FALLBACK');
    expect(JSON.stringify(subject.explain('f', { text, targetingKey: 'u' }, NOW)).length).toBeLessThan(10_000);
  });

  it('has only what is its own and what JSON would carry', () => {
    const context = Object.create(
      { inherited: 'yes' },
      { hidden: { value: 'yes', enumerable: false }, shown: { value: 'yes', enumerable: true } },
    );
    expect([
      holds(exists('inherited'), context),
      holds(exists('hidden'), context),
      holds(exists('shown'), context),
    ]).toEqual([false, false, true]);
    expect(holds(exists('__proto__'), JSON.parse('{"__proto__": 1}'))).toBe(true);
    expect(holds(exists('__proto__'), {})).toBe(false);
  });

  it('takes a date for its ISO text', () => {
    expect(holds(eq('d', '2026-07-01T12:00:00.000Z'), { d: new Date(NOW) })).toBe(true);
    expect(holds({ attribute: 'd', operator: 'date_before', value: '2027-01-01' }, { d: new Date(NOW) })).toBe(true);
    expect(holds(exists('d'), { d: new Date(Number.NaN) })).toBe(false);
    expect(holds(eq('d', '2026-07-01T12:00:00.000Z'), { d: [new Date(NOW)] })).toBe(true);
  });

  it('takes NaN and infinities for null, functions, symbols and big integers for missing', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol('s'), 5n, undefined]) {
      expect(holds(exists('x'), { x: value })).toBe(false);
    }
    expect(holds(eq('a.b', 'yes'), { 'a.b': Number.NaN, a: { b: 'yes' } })).toBe(false);
    for (const value of [() => 1, Symbol('s'), 5n, undefined]) {
      expect(holds(eq('a.b', 'yes'), { 'a.b': value, a: { b: 'yes' } })).toBe(true);
    }
  });

  it('falls through many dots in time that does not double with each', () => {
    const name = Array.from({ length: 60 }, () => 'a').join('.');
    expect(holds(exists(name), { a: { a: { a: { a: {} } } } })).toBe(false);
  });
});
