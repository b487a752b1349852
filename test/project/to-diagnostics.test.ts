import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/diagnostics/diagnostic.js';
import { toDiagnostics } from '../../src/project/to-diagnostics.js';

const FILES = [
  { path: 'a.flag.yaml', text: 'key: a\ntype: boolean\n' },
  { path: 'b.flag.yaml', text: 'key: b\n' },
];

function at(file: string, pointer: string, more: Partial<Finding> = {}): Finding {
  return { code: 'hygiene/overdue', file, pointer, message: 'm', ...more };
}

describe('toDiagnostics', () => {
  it('finds the range of a place, the severity of a code', () => {
    expect(toDiagnostics([at('a.flag.yaml', '/type')], FILES)).toEqual([
      {
        code: 'hygiene/overdue',
        severity: 'warning',
        file: 'a.flag.yaml',
        range: { start: { line: 2, column: 7 }, end: { line: 2, column: 14 } },
        pointer: '/type',
        message: 'm',
      },
    ]);
  });

  it('takes severities from elsewhere, where they are configured', () => {
    expect(toDiagnostics([at('a.flag.yaml', '/key')], FILES, () => 'info')).toMatchObject([{ severity: 'info' }]);
  });

  it('keeps a range that is known, and help, and what is related in other files', () => {
    const range = { start: { line: 9, column: 8 }, end: { line: 9, column: 9 } };
    const related = [{ file: 'b.flag.yaml', pointer: '/key', message: 'there' }];
    expect(toDiagnostics([at('a.flag.yaml', '', { range, help: 'h', related })], FILES)).toMatchObject([
      {
        range,
        help: 'h',
        related: [{ file: 'b.flag.yaml', range: { start: { line: 1, column: 6 } }, message: 'there' }],
      },
    ]);
  });

  it('shows the beginning of a file that is not there', () => {
    const start = { line: 1, column: 1 };
    expect(toDiagnostics([at('c.flag.yaml', '/key')], FILES)).toMatchObject([{ range: { start, end: start } }]);
  });

  it('sorts by file, line, column, code and message', () => {
    const findings = [
      at('b.flag.yaml', '/key'),
      at('a.flag.yaml', '/type'),
      at('a.flag.yaml', '/key', { message: 'z' }),
      at('a.flag.yaml', '/key', { code: 'hygiene/file-name', message: 'y' }),
      at('a.flag.yaml', '/key', { message: 'a' }),
      at('a.flag.yaml', '/key', { target: 'key', message: 'first' }),
      at('a.flag.yaml', '/key', { message: 'a' }),
    ];
    expect(
      toDiagnostics(findings, FILES).map(({ file, pointer, code, message }) => `${file} ${pointer} ${code} ${message}`),
    ).toEqual([
      'a.flag.yaml /key hygiene/overdue first',
      'a.flag.yaml /key hygiene/file-name y',
      'a.flag.yaml /key hygiene/overdue a',
      'a.flag.yaml /key hygiene/overdue a',
      'a.flag.yaml /key hygiene/overdue z',
      'a.flag.yaml /type hygiene/overdue m',
      'b.flag.yaml /key hygiene/overdue m',
    ]);
  });
});
