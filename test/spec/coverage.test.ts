import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../src/spec/coverage.js';
import { runAll, specification } from './specification.js';

function coverage(texts: Readonly<Record<string, string>>, ...cases: readonly string[]) {
  const tests = cases.length === 0 ? {} : { 'a.test.yaml': `cases:\n${cases.map((text) => `  - ${text}\n`).join('')}` };
  const spec = specification({ ...texts, ...tests });
  return coverageOf(spec.snapshot, runAll(spec));
}

const missing = (texts: Readonly<Record<string, string>>, ...cases: readonly string[]) =>
  coverage(texts, ...cases).missing.map(({ kind, flag, segment, name }) => `${flag ?? segment} ${kind} ${name}`);

const PLAIN = 'key: f\ntype: boolean\ndefault: off\n';

const RULES = [
  'key: f',
  'type: string',
  'variants: { a: a, b: b, c: c }',
  'default: a',
  'rules:',
  '  - { name: Same, conditions: [{ attribute: x, operator: eq, value: 1 }], serve: b }',
  '  - { name: Other, conditions: [{ attribute: x, operator: eq, value: 2 }], serve: c }',
  'environments:',
  '  production:',
  '    rules:',
  '      - { name: Same, conditions: [{ attribute: x, operator: eq, value: 1 }], serve: b }',
  '      - { name: Other, conditions: [{ attribute: x, operator: eq, value: 3 }], serve: c }',
].join('\n');

describe('coverage', () => {
  it('is whole where there is nothing to cover', () => {
    expect(coverage({})).toEqual({ percent: 100, covered: 0, total: 0, missing: [] });
  });

  it('counts environments once in which a flag stands the same', () => {
    expect(missing({ 'f.flag.yaml': PLAIN })).toEqual(['f environment development, production', 'f variant off']);
    const inProduction = '{ name: a, flag: f, environment: production, expect: { value: false } }';
    expect(missing({ 'f.flag.yaml': PLAIN }, inProduction)).toEqual([]);
  });

  it('counts a rule once where it stands the same, and twice where it differs', () => {
    expect(missing({ 'f.flag.yaml': RULES })).toEqual([
      'f environment development',
      'f environment production',
      'f rule Same',
      'f rule Other',
      'f rule Other',
      'f variant b',
      'f variant c',
      'f variant a',
    ]);
    const x = (value: number, environment: string) =>
      `{ name: x, flag: f, environment: ${environment}, context: { x: ${value} }, expect: { reason: DEFAULT } }`;
    const { missing: left } = coverage({ 'f.flag.yaml': RULES }, x(1, 'production'), x(2, 'development'));
    expect(left).toEqual([
      { kind: 'rule', flag: 'f', name: 'Other', environments: ['production'] },
      { kind: 'variant', flag: 'f', name: 'a' },
    ]);
  });

  it('does not ask for the rules of a flag that is switched off, nor for what it would serve', () => {
    const off = `${RULES}\n`.replace('    rules:', '    enabled: false\n    off_variant: a\n    rules:');
    expect(missing({ 'f.flag.yaml': off })).toEqual([
      'f environment development',
      'f environment production',
      'f rule Same',
      'f rule Other',
      'f variant b',
      'f variant c',
      'f variant a',
    ]);
  });

  it('asks for off_variant only where it can be served', () => {
    const flag = (more: string) => ({
      'f.flag.yaml': `key: f\ntype: string\nvariants: { a: a, b: b }\ndefault: a\noff_variant: b\n${more}`,
    });
    expect(missing(flag(''))).not.toContain('f variant b');
    expect(missing(flag('expires_at: 2026-01-01\n'))).toContain('f variant b');
    expect(missing(flag('enabled: false\n'))).toEqual(['f environment development, production', 'f variant b']);
  });

  it('asks for what splits, steps and overrides can serve, but for nothing with a share of 0', () => {
    const flag = [
      'key: f',
      'type: string',
      'variants: { a: a, b: b, c: c, d: d, e: e }',
      'default: a',
      'overrides: { b: [user-1] }',
      'rollout: { steps: [{ at: 2026-01-01, split: { c: 10, d: 0 } }] }',
      'rules: [{ name: r, conditions: [{ attribute: x, operator: exists }], split: { e: 100, d: 0 } }]',
    ].join('\n');
    expect(missing({ 'f.flag.yaml': flag }).filter((text) => text.includes('variant'))).toEqual([
      'f variant b',
      'f variant e',
      'f variant c',
      'f variant a',
    ]);
  });

  it('does not ask for the default where a rollout takes everybody', () => {
    expect(missing({ 'f.flag.yaml': `${PLAIN}rollout: { split: { on: 100 } }\n` })).toEqual([
      'f environment development, production',
      'f variant on',
    ]);
    const audience = `${PLAIN}experiment: { conditions: [{ attribute: x, operator: exists }], split: { on: 100 } }\n`;
    expect(missing({ 'f.flag.yaml': audience })).toContain('f variant off');
  });

  it('does not ask for archived flags', () => {
    expect(missing({ 'f.flag.yaml': `${PLAIN}state: archived\n` })).toEqual([]);
  });

  it('counts a distribution for the variants and rules that it meets', () => {
    const flag = `${PLAIN}rules: [{ name: r, conditions: [{ attribute: x, operator: exists }], split: { on: 50, off: 50 } }]\n`;
    expect(
      missing({ 'f.flag.yaml': flag }, '{ name: a, flag: f, context: { x: 1 }, distribution: { expect: { on: 50 } } }'),
    ).toEqual([]);
  });
});

describe('coverage of segments', () => {
  const segments = {
    'top.segment.yaml': 'key: top\nconditions: [{ attribute: x, operator: exists }]\n',
    'low.segment.yaml': 'key: low\nparent: top\nincluded: [user-1]\n',
    'off.segment.yaml': 'key: off\nenabled: false\nincluded: [user-1]\n',
    'below-off.segment.yaml': 'key: below-off\nparent: off\nincluded: [user-1]\n',
    'f.flag.yaml': `${PLAIN}rules: [{ conditions: [{ operator: in_segment, value: low }], serve: on }]\n`,
  };
  const left = (...cases: readonly string[]) => missing(segments, ...cases).filter((text) => text.includes('answer'));

  it('asks for a member and for one who is none, as far as there can be members', () => {
    expect(left()).toEqual([
      'below-off answer not a member',
      'low answer member',
      'low answer not a member',
      'off answer not a member',
      'top answer member',
      'top answer not a member',
    ]);
  });

  it('counts the parents that are asked on the way', () => {
    expect(
      left('{ name: a, segment: low, context: { targetingKey: user-1, x: 1 }, expect: { member: true } }'),
    ).toEqual([
      'below-off answer not a member',
      'low answer not a member',
      'off answer not a member',
      'top answer not a member',
    ]);
  });

  it('counts the segments that a flag asks', () => {
    expect(left('{ name: a, flag: f, expect: { value: false } }')).toEqual([
      'below-off answer not a member',
      'low answer member',
      'off answer not a member',
      'top answer member',
    ]);
  });
});
