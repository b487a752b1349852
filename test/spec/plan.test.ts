import { describe, expect, it } from 'vitest';
import type { BrokenCase, PlannedCase } from '../../src/spec/case.js';
import { planCases } from '../../src/spec/plan.js';
import { specification } from './specification.js';

const FLAG = 'key: f\ntype: boolean\ndefault: off\n';
const SEGMENT = 'key: s\nincluded: [user-1]\n';

function plan(tests: string): (PlannedCase | BrokenCase)[] {
  return planCases(specification({ 'f.flag.yaml': FLAG, 's.segment.yaml': SEGMENT, 'f.test.yaml': tests }).project);
}

describe('planning cases', () => {
  it('takes what a case leaves out from its file, and the environment from the project', () => {
    expect(plan('flag: f\nnow: 2026-01-01\ncases: [{ name: a, expect: { variant: on } }]')).toEqual([
      {
        file: 'f.test.yaml',
        name: 'a',
        subject: { flag: 'f' },
        environment: 'development',
        context: {},
        now: '2026-01-01',
        expect: { variant: 'on' },
      },
    ]);
  });

  it('prefers what the case says', () => {
    const [only] = plan(
      'flag: f\nenvironment: production\nnow: 2026-01-01\ncases: [{ name: a, environment: development, now: 2026-02-02, expect: { value: true } }]',
    );
    expect(only).toMatchObject({ environment: 'development', now: '2026-02-02' });
  });

  it("lays the case's context over the file's, attribute by attribute", () => {
    const [only] = plan(
      'flag: f\ncontext: { a: { x: 1 }, b: 2, c: 3 }\ncases: [{ name: a, context: { a: { y: 1 }, b: null }, expect: { value: true } }]',
    );
    expect(only).toMatchObject({ context: { a: { y: 1 }, b: null, c: 3 } });
  });

  it("lets a case's own subject take the place of the file's", () => {
    const [only] = plan('flag: f\ncases: [{ name: a, segment: s, expect: { member: false } }]');
    expect(only).toMatchObject({ subject: { segment: 's' } });
  });

  it('takes true and false for on and off', () => {
    const planned = plan(
      'flag: f\ncases: [{ name: a, expect: { variant: true } }, { name: b, expect: { variant: false } }, { name: c, expect: { variant: null } }]',
    );
    expect(planned.map((one) => 'expect' in one && one.expect)).toEqual([
      { variant: 'on' },
      { variant: 'off' },
      { variant: null },
    ]);
  });

  it('expands a matrix in everything but the subject', () => {
    const planned = plan(
      [
        'flag: f',
        'cases:',
        '  - name: "{env} at {place} for {who}"',
        '    environment: "{env}"',
        '    now: "{time}"',
        '    context: { who: ["{who}", "x-{who}"], number: "{place}" }',
        '    bucket: "{place}"',
        '    expect: { variant: "{variant}", reason: "{reason}" }',
        '    matrix: { env: [production], place: [1, 2.5], who: [a], time: [2026-01-01], variant: [on], reason: [SPLIT] }',
      ].join('\n'),
    );
    expect(planned).toMatchObject([
      {
        name: 'production at 1 for a (time: 2026-01-01, variant: on, reason: SPLIT)',
        environment: 'production',
        now: '2026-01-01',
        context: { who: ['a', 'x-a'], number: 1 },
        places: { bucket: 1 },
        expect: { variant: 'on', reason: 'SPLIT' },
      },
      { places: { bucket: 2.5 } },
    ]);
  });

  it('fills in the sample and the tolerance of a distribution', () => {
    const [only] = plan('flag: f\ncases: [{ name: a, distribution: { expect: { on: 25 } } }]');
    expect(only).toMatchObject({ distribution: { sample: 10_000, expect: { on: 25 }, tolerance: 1 } });
  });

  it('breaks a case without a subject, with a place that is none, or with too many combinations', () => {
    const ten = '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]';
    const planned = plan(
      [
        'cases:',
        '  - { name: nobody, expect: { value: true } }',
        '  - { name: nowhere, flag: f, bucket: "{x}", matrix: { x: [100] }, expect: { value: true } }',
        '  - { name: no place, flag: f, bucket: 1, entry: "{x}", matrix: { x: [a] }, expect: { value: true } }',
        `  - { name: many, flag: f, matrix: { a: ${ten}, b: ${ten}, c: ${ten}, d: ${ten}, e: ${ten} }, expect: { value: true } }`,
      ].join('\n'),
    );
    expect(planned).toEqual([
      { file: 'f.test.yaml', name: 'nobody', problem: 'the case names neither a flag nor a segment' },
      {
        file: 'f.test.yaml',
        name: 'nowhere (x: 100)',
        problem: '`bucket` and `entry` are numbers from 0 to below 100',
      },
      { file: 'f.test.yaml', name: 'no place (x: a)', problem: '`bucket` and `entry` are numbers from 0 to below 100' },
      {
        file: 'f.test.yaml',
        name: 'many',
        problem: 'the matrix has 100000 combinations; write between 1 and 10000',
      },
    ]);
  });
});
