import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { type LintReport, summarize } from '../../src/diagnostics/report.js';
import { lint } from '../../src/lint/lint.js';
import { diagnosticsGithub } from '../../src/report/diagnostics-github.js';
import { diagnosticsJson } from '../../src/report/diagnostics-json.js';
import { diagnosticsSarif } from '../../src/report/diagnostics-sarif.js';
import { diagnosticsText } from '../../src/report/diagnostics-text.js';
import { readDirectory } from '../../src/sources/directory.js';

const HERE = import.meta.dirname;
const shownPath = (file: string) => `flags/${file}`;

const SLIP: Diagnostic = {
  code: 'schema/unknown-key',
  severity: 'error',
  file: 'checkout.flag.yaml',
  range: { start: { line: 8, column: 5 }, end: { line: 8, column: 9 } },
  pointer: '/rules/1/serv',
  message: 'unknown key `serv` in rule 2',
  help: 'did you mean `serve`?',
};
const TEXT = `${'\n'.repeat(7)}    serv: off\n`;

function reportOf(...diagnostics: readonly Diagnostic[]): LintReport {
  return { diagnostics, summary: summarize(diagnostics, 3) };
}

function textOf(report: LintReport, text = TEXT, colour = false): string {
  return diagnosticsText(report, { shownPath, textOf: () => text, colour });
}

/** Everything that the failing fixtures of all codes are told. */
async function everything(): Promise<LintReport> {
  const files = await readDirectory(join(HERE, '..', 'rules'));
  const folders = [...new Set(files.map(({ path }) => path.split('/').slice(0, 3).join('/')))];
  const reports = folders.map((folder) => {
    const own = files.filter(({ path }) => path.startsWith(`${folder}/`));
    const here = own.map((file) => ({ ...file, path: file.path.slice(folder.length + 1) }));
    return lint(here, { now: Date.parse('2026-11-22T00:00:00Z') });
  });
  const diagnostics = reports.flatMap((report) => report.diagnostics);
  return { diagnostics, summary: summarize(diagnostics, files.length) };
}

describe('diagnostics as text', () => {
  it('show the place, the message, the line and what to do', () => {
    expect(textOf(reportOf(SLIP))).toBe(
      [
        'flags/checkout.flag.yaml:8:5  error  schema/unknown-key',
        '  unknown key `serv` in rule 2',
        '  8 |     serv: off',
        '    |     ^^^^',
        '  help: did you mean `serve`?',
        '',
        '1 error in 3 files',
        '',
      ].join('\n'),
    );
  });

  it('end with a summary', () => {
    const warning = { ...SLIP, severity: 'warning' } as const;
    const note = { ...SLIP, severity: 'info' } as const;
    expect(textOf(reportOf())).toBe('no problems in 3 files\n');
    expect(textOf(reportOf(SLIP, SLIP, warning, note))).toMatch(/\n2 errors, 1 warning, 1 note in 3 files\n$/);
    expect(textOf({ diagnostics: [], summary: { errors: 0, warnings: 0, files: 1 } })).toBe('no problems in 1 file\n');
  });

  it('list related places', () => {
    const related = [{ file: 'b.flag.yaml', range: SLIP.range, pointer: '/x', message: 'it is here' }];
    expect(textOf(reportOf({ ...SLIP, related }))).toContain('\n  flags/b.flag.yaml:8:5: it is here\n  help:');
  });

  it('are coloured only when asked', () => {
    expect(textOf(reportOf(SLIP), TEXT, true)).toContain('\u001b[31merror\u001b[39m');
    expect(textOf(reportOf(SLIP), TEXT, false)).not.toContain('\u001b');
  });

  it('have no frame where there is no such line', () => {
    expect(textOf(reportOf(SLIP), 'short')).not.toContain('|');
    const report = diagnosticsText(reportOf(SLIP), { shownPath, textOf: () => undefined, colour: false });
    expect(report).not.toContain('|');
  });

  it('let nothing from a file drive the terminal', () => {
    const hostile = { ...SLIP, message: 'unknown key `\u001b[2J\u202e`' };
    const report = textOf(reportOf(hostile), `${'\n'.repeat(7)}    \u001b[2J\u0007\u202ex`);
    expect(['\u001b', '\u0007', '\u202e'].filter((character) => report.includes(character))).toEqual([]);
  });
});

describe('the code frame', () => {
  const frame = (line: string, from: number, to: number, lines = 1): string[] => {
    const range = { start: { line: 1, column: from }, end: { line: lines, column: to } };
    const shown = textOf(reportOf({ ...SLIP, range, help: '' }), line).split('\n');
    return shown.filter((one) => one.includes(' | ')).map((one) => one.slice(one.indexOf('| ') + 2));
  };

  it('marks wide characters by the cells they take', () => {
    expect(frame('名前: 値', 5, 6)).toEqual(['名前: 値', '      ^^']);
    expect(frame('a: 👩‍👩‍👧 b', 4, 12)).toEqual(['a: 👩‍👩‍👧 b', '   ^^']);
  });

  it('shows tabs as spaces, above and below', () => {
    expect(frame('\ta\tb', 4, 5)).toEqual(['  a  b', '     ^']);
  });

  it('marks at least one cell', () => {
    expect(frame('abc', 2, 2)).toEqual(['abc', ' ^']);
    expect(frame('abc', 4, 4)).toEqual(['abc', '   ^']);
  });

  it('marks to the end of the line what goes on below', () => {
    expect(frame('  all:\n    - x', 3, 8, 2)).toEqual(['  all:', '  ^^^^']);
  });

  it('cuts a long line around the place', () => {
    const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    expect(frame(line, 501, 505)).toEqual([`…${'a'.repeat(40)}HERE${'b'.repeat(76)}…`, `${' '.repeat(41)}^^^^`]);
  });

  it('cuts a long place', () => {
    expect(frame('x'.repeat(1000), 1, 1001)).toEqual([`${'x'.repeat(80)}…`, '^'.repeat(80)]);
  });

  it('cuts no character in half', () => {
    const [code = ''] = frame(`${'👍'.repeat(300)}HERE`, 601, 605);
    expect(Buffer.from(code).toString()).toBe(code);
    expect(code.endsWith('👍HERE')).toBe(true);
  });
});

describe('diagnostics as JSON', () => {
  it('have the shape of the schema, whatever is told', async () => {
    const schema = JSON.parse(await readFile(join(HERE, '../../schemas/output/lint.schema.json'), 'utf8'));
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    const report = await everything();
    expect(report.diagnostics.length).toBeGreaterThan(15);
    validate(JSON.parse(diagnosticsJson(report, shownPath)));
    expect(validate.errors).toBeNull();
  });

  it('give paths as the reader knows them, of related places too', () => {
    const related = [{ file: 'b.flag.yaml', range: SLIP.range, pointer: '', message: 'here' }];
    const { diagnostics, summary } = JSON.parse(diagnosticsJson(reportOf({ ...SLIP, related }), shownPath));
    expect(diagnostics[0].file).toBe('flags/checkout.flag.yaml');
    expect(diagnostics[0].related[0].file).toBe('flags/b.flag.yaml');
    expect(summary).toEqual({ errors: 1, warnings: 0, files: 3 });
  });
});

describe('diagnostics for GitHub', () => {
  it('are workflow commands', () => {
    expect(diagnosticsGithub(reportOf(SLIP), shownPath)).toBe(
      '::error file=flags/checkout.flag.yaml,line=8,endLine=8,col=5,endColumn=9,title=schema/unknown-key' +
        '::unknown key `serv` in rule 2%0Adid you mean `serve`?\n',
    );
  });

  it('name no columns for what spans lines, and call info a notice', () => {
    const range = { start: { line: 8, column: 5 }, end: { line: 9, column: 1 } };
    const { help: _, ...rest } = SLIP;
    expect(diagnosticsGithub(reportOf({ ...rest, range, severity: 'info' }), shownPath)).toBe(
      '::notice file=flags/checkout.flag.yaml,line=8,endLine=9,title=schema/unknown-key::unknown key `serv` in rule 2\n',
    );
  });

  it('escape what would end a command or a property', () => {
    const odd = { ...SLIP, file: 'a,b:c%.flag.yaml', message: '100%\r\n::error::injected', help: '' };
    const text = diagnosticsGithub(reportOf(odd), (file) => file);
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('file=a%2Cb%3Ac%25.flag.yaml,');
    expect(text).toContain('::100%25%0D%0A::error::injected%0A');
  });

  it('are nothing when there is nothing', () => {
    expect(diagnosticsGithub(reportOf(), shownPath)).toBe('');
  });
});

describe('diagnostics as SARIF', () => {
  const sarif = (report: LintReport) => diagnosticsSarif(report, { shownPath, version: '1.2.3' });

  it('satisfy the schema of SARIF 2.1.0, whatever is told', async () => {
    const schema = JSON.parse(await readFile(join(HERE, 'fixtures/sarif-schema-2.1.0.json'), 'utf8'));
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      unicodeRegExp: false,
      formats: {
        uri: URL.canParse,
        'uri-reference': (text: string) => URL.canParse(text, 'file:///'),
        'date-time': true,
      },
    });
    const validate = ajv.compile(schema);
    validate(JSON.parse(sarif(await everything())));
    expect(validate.errors).toBeNull();
    validate(JSON.parse(sarif(reportOf())));
    expect(validate.errors).toBeNull();
  });

  it('describe each code once, with a link to its page', () => {
    const { rules } = JSON.parse(sarif(reportOf(SLIP, SLIP))).runs[0].tool.driver;
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      id: 'schema/unknown-key',
      helpUri: expect.stringMatching(/docs\/rules\/schema\/unknown-key\.md$/),
    });
  });

  it('know a finding again when lines move', () => {
    const moved = { ...SLIP, range: { start: { line: 80, column: 5 }, end: { line: 80, column: 9 } } };
    const fingerprints = (report: LintReport) =>
      JSON.parse(sarif(report)).runs[0].results.map(
        (result: { partialFingerprints: unknown }) => result.partialFingerprints,
      );
    expect(fingerprints(reportOf(SLIP))).toEqual(fingerprints(reportOf(moved)));
    expect(fingerprints(reportOf(SLIP))).not.toEqual(fingerprints(reportOf({ ...SLIP, pointer: '/rules/2/serv' })));
  });

  it('escape what a URI cannot hold', () => {
    const [result] = JSON.parse(sarif(reportOf({ ...SLIP, file: 'a b#c/ü.flag.yaml' }))).runs[0].results;
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('flags/a%20b%23c/%C3%BC.flag.yaml');
  });
});
