import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { testsJson } from '../../src/report/tests-json.js';
import { testsJunit } from '../../src/report/tests-junit.js';
import { testsText } from '../../src/report/tests-text.js';
import type { CaseResult } from '../../src/spec/case.js';
import { coverageOf } from '../../src/spec/coverage.js';
import type { TestReport } from '../../src/spec/report.js';
import { runAll, specification } from '../spec/specification.js';

const SPEC = specification({
  'f.flag.yaml': [
    'key: f',
    'type: boolean',
    'default: off',
    'rules: [{ name: Pro & <more>, conditions: [{ attribute: plan, operator: eq, value: pro }], serve: on }]',
  ].join('\n'),
  's.segment.yaml': 'key: s\nincluded: [user-1]\n',
  'a.test.yaml': [
    'cases:',
    '  - { name: passes, flag: f, context: { plan: pro }, expect: { variant: on } }',
    '  - { name: "fails & <loudly>", flag: f, context: { plan: "a\\tb\\u0007" }, bucket: 40, expect: { variant: on } }',
    '  - { name: shares, flag: f, distribution: { expect: { on: 50 }, sample: 4 } }',
  ].join('\n'),
  'b.test.yaml':
    'cases:\n  - { name: member, segment: s, expect: { member: true } }\n  - { name: broken, expect: { value: 1 } }\n',
});
const results = runAll(SPEC);
const REPORT: TestReport = { results, coverage: coverageOf(SPEC.snapshot, results) };
const shownPath = (file: string) => `flags/${file}`;

/** Elements with their attributes, and the text below them; throws where the text is not well-formed XML 1.0. */
function parseXml(text: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes: { ...attributes }, text: '' }));
  parser.on('text', (part) => {
    const last = elements.at(-1);
    if (last) last.text += part;
  });
  parser.write(text).close();
  return elements;
}

describe('the report of flag tests as text', () => {
  const text = testsText(REPORT, { shownPath, colour: false });

  it('shows what was expected, what came, and the way to it, of cases that failed', () => {
    expect(text).toContain('failed  flags/a.test.yaml  fails & <loudly>\n  flag f in development\n');
    expect(text).toContain('  expected  variant: on\n');
    expect(text).toMatch(/ {2}actual {4}value: false, variant: off, reason: DEFAULT, rule: null, error_code: null\n/);
    expect(text).toMatch(/ {2}stands at 40\.\d+ % as targetingKey `user-\d+`\n/);
    expect(text).toContain('rule Pro & <more>');
    expect(text).toContain('expected  shares: {"on":50}, sample: 4, tolerance: 1');
    expect(text).toContain('the case names neither a flag nor a segment');
    expect(text).not.toContain('passes');
  });

  it('ends with the coverage and the sums', () => {
    expect(text).toMatch(
      /coverage {2}83\.33 % \(5 of 6\), no case exercises\n {2}segment s: member\n1 passed, 4 failed\n$/,
    );
  });

  it('shows the cases that passed when it is asked for all', () => {
    expect(testsText(REPORT, { shownPath, colour: false, all: true })).toContain('passed  flags/a.test.yaml  passes\n');
  });

  it('names what is missing by its place', () => {
    const missing = coverageOf(SPEC.snapshot, []);
    const bare = testsText({ results: [], coverage: missing }, { shownPath, colour: false });
    expect(bare).toBe(
      [
        'coverage  0 % (0 of 6), no case exercises',
        '  flag f: in development, production',
        '  flag f: rule `Pro & <more>` in development, production',
        '  flag f: variant `on`',
        '  flag f: variant `off`',
        '  segment s: member',
        '  segment s: not a member',
        '0 passed, 0 failed',
        '',
      ].join('\n'),
    );
  });

  it('never shows a share that is not whole as whole', () => {
    const coverage = { percent: 99.999, covered: 99_999, total: 100_000, missing: [] };
    expect(testsText({ results: [], coverage }, { shownPath, colour: false })).toContain('99.99 %');
  });

  it('writes no control characters of the user, with and without colours', () => {
    for (const colour of [true, false]) {
      expect(testsText(REPORT, { shownPath, colour })).not.toContain('\u0007');
    }
  });
});

describe('the report of flag tests as JSON', () => {
  const schema = JSON.parse(readFileSync('schemas/output/test.schema.json', 'utf8')) as object;
  const validate = new Ajv2020({ strict: true }).compile(schema);

  it('has the shape of its schema, with and without coverage', () => {
    for (const report of [REPORT, { results }]) {
      expect(validate(JSON.parse(testsJson(report, shownPath))) || validate.errors).toBe(true);
    }
  });

  it('has a trace for what failed only', () => {
    const { cases, summary } = JSON.parse(testsJson(REPORT, shownPath)) as {
      cases: readonly (CaseResult & { readonly trace?: object })[];
      summary: object;
    };
    expect(cases.map(({ name, ok, trace }) => [name, ok, trace !== undefined])).toEqual([
      ['passes', true, false],
      ['fails & <loudly>', false, true],
      ['shares', false, false],
      ['member', false, true],
      ['broken', false, false],
    ]);
    expect(summary).toEqual({ passed: 1, failed: 4 });
    expect(cases[0]?.file).toBe('flags/a.test.yaml');
  });
});

describe('the report of flag tests as JUnit XML', () => {
  it('has a suite for each file and a case for each case', () => {
    const elements = parseXml(testsJunit(REPORT, shownPath));
    const ofName = (name: string) => elements.filter((element) => element.name === name);
    expect(ofName('testsuites').map(({ attributes }) => attributes)).toEqual([
      { name: 'flagstaff', tests: '5', failures: '4', errors: '0', skipped: '0' },
    ]);
    expect(
      ofName('testsuite').map(({ attributes }) => [attributes.name, attributes.tests, attributes.failures]),
    ).toEqual([
      ['flags/a.test.yaml', '3', '2'],
      ['flags/b.test.yaml', '2', '2'],
    ]);
    expect(ofName('testcase').map(({ attributes }) => [attributes.classname, attributes.name])).toEqual([
      ['f', 'passes'],
      ['f', 'fails & <loudly>'],
      ['f', 'shares'],
      ['s', 'member'],
      ['flags/b.test.yaml', 'broken'],
    ]);
    expect(ofName('failure').length).toBe(4);
    expect(ofName('failure')[0]?.text).toContain('expected  variant: on');
    expect(ofName('failure')[0]?.text).toContain('rule Pro & <more>');
    expect(ofName('failure')[3]?.attributes.message).toBe('the case names neither a flag nor a segment');
  });

  it('is well-formed whatever names and values the user writes', () => {
    const texts = fc.string({
      unit: fc.oneof(fc.constantFrom('<', '&', '"', ']]>', '\n', '\u0000', '\ud800', '\ufffe'), fc.string()),
    });
    fc.assert(
      fc.property(texts, texts, (name, value) => {
        const result: CaseResult = {
          file: 'a',
          name,
          flag: 'f',
          environment: 'e',
          ok: false,
          expected: { value },
          actual: { value },
        };
        const [testCase] = parseXml(testsJunit({ results: [result] }, () => value)).filter(
          (one) => one.name === 'testcase',
        );
        expect(testCase?.attributes.name?.length).toBe(name.length);
      }),
    );
  });
});
