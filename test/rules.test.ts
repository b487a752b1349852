import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Code, catalogue } from '../src/diagnostics/catalogue.js';
import { lint } from '../src/lint/lint.js';
import { readDirectory } from '../src/sources/directory.js';

const NOW = Date.parse('2026-11-22T00:00:00Z');
const HERE = import.meta.dirname;
const DOCS = join(HERE, '..', 'docs', 'rules');
const CODES = Object.keys(catalogue) as Code[];

async function codesIn(directory: string): Promise<string[]> {
  const { diagnostics } = lint(await readDirectory(directory), { now: NOW });
  return [...new Set(diagnostics.map(({ code }) => code))];
}

describe.each(CODES)('%s', (code) => {
  const fixtures = join(HERE, 'rules', ...code.split('/'));

  it('is all that its failing fixture is told', async () => {
    expect(await codesIn(join(fixtures, 'fail'))).toEqual([code]);
  });

  it('is not told to its passing fixture, nor is anything else', async () => {
    expect(await codesIn(join(fixtures, 'pass'))).toEqual([]);
  });

  it('has a page under its name', async () => {
    expect(await readFile(join(DOCS, `${code}.md`), 'utf8')).toMatch(`# ${code}\n`);
  });
});

describe('the index of the pages', () => {
  it('lists every code of the catalogue, in order, with its severity and what it stands for', async () => {
    const index = await readFile(join(DOCS, 'README.md'), 'utf8');
    const rows = index.split('\n').filter((line) => /^\| \[/.test(line));
    expect(rows).toEqual(
      Object.entries(catalogue).map(
        ([code, { severity, summary }]) => `| [${code}](${code}.md) | ${severity} | ${summary} |`,
      ),
    );
  });
});
