import { describe, expect, it } from 'vitest';
import { lintExitCode } from '../../src/diagnostics/report.js';
import { lint } from '../../src/lint/lint.js';
import { codesOf, filesOf, flagOf, lintOf, messagesOf, NOW } from './flag-repository.js';

const CONFIG = { environments: ['development', 'production'] };
const ORPHAN = 'key: f\ntype: boolean\ndefault: off\n';

describe('lint', () => {
  it('has nothing to say of a sound repository', () => {
    expect(lintOf({ 'f.flag.yaml': flagOf() })).toEqual({
      diagnostics: [],
      summary: { errors: 0, warnings: 0, files: 2 },
    });
  });

  it('tells of the gate, tests included, and gives advice in one run, sorted by file and line', () => {
    const report = lintOf({
      'f.flag.yaml': ORPHAN,
      'b.test.yaml': 'cases: nonsense\n',
      'a.flag.yaml': 'key: a\ntype: bolean\ndefault: off\n',
    });
    expect(codesOf(report)).toEqual([
      'a.flag.yaml:2 schema/invalid-value',
      'b.test.yaml:1 schema/wrong-type',
      'f.flag.yaml:1 hygiene/missing-owner',
    ]);
    expect(report.summary).toEqual({ errors: 2, warnings: 1, files: 4 });
  });

  it('does not depend on the order of the files', () => {
    const files = filesOf({ 'f.flag.yaml': ORPHAN, 'g.flag.yaml': 'key: h\ntype: boolean\ndefault: off\n' });
    expect(lint([...files].reverse(), { now: NOW })).toEqual(lint(files, { now: NOW }));
  });

  it('gives no advice without a project file to judge by', () => {
    const files = filesOf({ 'f.flag.yaml': ORPHAN }).filter(({ path }) => path !== 'flagstaff.yaml');
    expect(codesOf(lint(files, { now: NOW }))).toEqual(['flagstaff.yaml:1 reference/missing-project']);
  });

  it('takes severities from the project, and is silent about what is off', () => {
    const severities = (lintSettings: object) =>
      lintOf({ 'flagstaff.yaml': { ...CONFIG, lint: lintSettings }, 'f.flag.yaml': ORPHAN }).diagnostics.map(
        ({ severity }) => severity,
      );
    expect(severities({ 'hygiene/missing-owner': 'error' })).toEqual(['error']);
    expect(severities({ 'hygiene/missing-owner': 'info' })).toEqual(['info']);
    expect(severities({ 'hygiene/missing-owner': 'off' })).toEqual([]);
  });

  it('lets no setting touch the gate', () => {
    const report = lintOf({
      'flagstaff.yaml': { ...CONFIG, lint: { 'schema/unknown-key': 'off' } },
      'f.flag.yaml': { ...flagOf(), onwer: 'x' },
    });
    expect(report.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['schema/unknown-key', 'error'],
      ['lint/unknown-code', 'warning'],
    ]);
    expect(messagesOf(report, 'lint/unknown-code')).toEqual(['`schema/unknown-key` is always an error']);
  });
});

describe('a suppression', () => {
  const suppressed = (comment: string, before = '') =>
    codesOf(lintOf({ 'f.flag.yaml': `${before}${comment}\n${ORPHAN}` }));

  it('silences its codes in the next line that holds more than a comment', () => {
    const why = "# flagstaff-disable-next-line hygiene/missing-owner -- it is nobody's";
    expect(suppressed(why)).toEqual([]);
    expect(suppressed(`${why}\n\n# and another comment`)).toEqual([]);
  });

  it('silences several codes at once', () => {
    const comment = '# flagstaff-disable-next-line hygiene/missing-owner, hygiene/file-name -- imported';
    expect(codesOf(lintOf({ 'other.flag.yaml': `${comment}\n${ORPHAN}` }))).toEqual([]);
  });

  it('works without a reason, but is told to give one', () => {
    expect(suppressed('# flagstaff-disable-next-line hygiene/missing-owner')).toEqual([
      'f.flag.yaml:1 lint/suppression-without-reason',
    ]);
    expect(suppressed('# flagstaff-disable-next-line hygiene/missing-owner --')).toEqual([
      'f.flag.yaml:1 lint/suppression-without-reason',
    ]);
  });

  it('is told when it has no effect, for each code', () => {
    expect(suppressed('# flagstaff-disable-next-line hygiene/missing-owner, hygiene/overdue -- why')).toEqual([
      'f.flag.yaml:1 lint/unused-suppression',
    ]);
    expect(suppressed('# flagstaff-disable-next-line -- why')).toEqual([
      'f.flag.yaml:1 lint/unused-suppression',
      'f.flag.yaml:2 hygiene/missing-owner',
    ]);
  });

  it('cannot name a code that does not exist, or one of the gate', () => {
    const report = lintOf({
      'f.flag.yaml': `# flagstaff-disable-next-line hygiene/missing-ownr, type/date -- why\n${ORPHAN}`,
    });
    expect(codesOf(report)).toEqual([
      'f.flag.yaml:1 lint/unknown-code',
      'f.flag.yaml:1 lint/unknown-code',
      'f.flag.yaml:2 hygiene/missing-owner',
    ]);
    expect(report.diagnostics.map(({ help }) => help)).toContain('did you mean `hygiene/missing-owner`?');
  });

  it('does not silence the gate', () => {
    const text = `key: f\ntype: boolean\nowner: x\n# flagstaff-disable-next-line schema/unknown-key -- why\nserv: off\ndefault: off\n`;
    expect(codesOf(lintOf({ 'f.flag.yaml': text }))).toContain('f.flag.yaml:5 schema/unknown-key');
  });

  it('is not called useless while the gate fails, which may hide what it is for', () => {
    const unused = '# flagstaff-disable-next-line hygiene/unused-segment -- used soon\n';
    const segment = `${unused}key: s\nincluded: [a]\n`;
    expect(codesOf(lintOf({ 's.segment.yaml': segment, 'f.flag.yaml': 'key: f\n' })).join()).not.toContain('lint/');
    expect(codesOf(lintOf({ 's.segment.yaml': segment, 'f.flag.yaml': flagOf() }))).toEqual([]);
  });

  it('is one only in a comment, not in a text', () => {
    const text = `key: f\ntype: boolean\nowner: x\ndefault: off\ndescription: |\n  # flagstaff-disable-next-line nonsense\n  'x' # flagstaff-disable-next-line nonsense\n`;
    expect(codesOf(lintOf({ 'f.flag.yaml': text }))).toEqual([]);
  });

  it('may stand behind something, and then still speaks of the next line', () => {
    const text = `key: f\ntype: boolean\nowner: x # flagstaff-disable-next-line hygiene/overdue -- soon\nremove_by: 2026-01-01\ndefault: off\n`;
    expect(codesOf(lintOf({ 'f.flag.yaml': text }))).toEqual([]);
  });
});

describe('the exit code of a report', () => {
  const report = (errors: number, warnings: number) => ({ diagnostics: [], summary: { errors, warnings, files: 1 } });

  it('is 1 for an error, and for more warnings than are allowed', () => {
    expect(lintExitCode(report(1, 0))).toBe(1);
    expect(lintExitCode(report(0, 3), { maxWarnings: 2 })).toBe(1);
    expect(lintExitCode(report(0, 1), { maxWarnings: 0 })).toBe(1);
  });

  it('is 0 otherwise', () => {
    expect(lintExitCode(report(0, 99))).toBe(0);
    expect(lintExitCode(report(0, 2), { maxWarnings: 2 })).toBe(0);
    expect(lintExitCode(report(0, 0), { maxWarnings: 0 })).toBe(0);
  });
});
