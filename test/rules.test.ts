import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { areaOf, type Code, catalogue } from '../src/diagnostics/catalogue.js';
import { lint } from '../src/lint/lint.js';
import { review } from '../src/review/review.js';
import { readDirectory } from '../src/sources/directory.js';

const NOW = Date.parse('2026-11-22T00:00:00Z');
const HERE = import.meta.dirname;
const DOCS = join(HERE, '..', 'docs', 'rules');
const CODES = Object.keys(catalogue) as Code[];
const REVIEW_CODES = CODES.filter((code) => areaOf(code) === 'review');

/** Codes that look beyond the files of a repository have tests of their own. */
const ELSEWHERE = ['review', 'stale'];

async function codesIn(directory: string): Promise<string[]> {
  const { diagnostics } = lint(await readDirectory(directory), { now: NOW });
  return [...new Set(diagnostics.map(({ code }) => code))];
}

/** What a review says of a change from one directory to another. */
async function reviewCodes(before: string, after: string): Promise<string[]> {
  const base = await readDirectory(before);
  const sides = {
    base,
    before: { name: 'base', files: base },
    after: { name: 'change', files: await readDirectory(after) },
  };
  return [...new Set(review({ ...sides, now: NOW }).findings.map(({ code }) => code))];
}

describe.each(REVIEW_CODES)('%s', (code) => {
  const fixtures = join(HERE, 'rules', ...code.split('/'));

  it('is all that is told of its failing change', async () => {
    expect(await reviewCodes(join(fixtures, 'base'), join(fixtures, 'fail'))).toEqual([code]);
  });

  it('is not told of its passing change, nor is anything else', async () => {
    const base = code === 'review/broken-base' ? 'pass' : 'base';
    expect(await reviewCodes(join(fixtures, base), join(fixtures, 'pass'))).toEqual([]);
  });
});

describe.each(CODES.filter((code) => !ELSEWHERE.includes(areaOf(code))))('%s', (code) => {
  const fixtures = join(HERE, 'rules', ...code.split('/'));

  it('is all that its failing fixture is told', async () => {
    expect(await codesIn(join(fixtures, 'fail'))).toEqual([code]);
  });

  it('is not told to its passing fixture, nor is anything else', async () => {
    expect(await codesIn(join(fixtures, 'pass'))).toEqual([]);
  });
});

describe('every code', () => {
  it.each(CODES)('%s has a page under its name', async (code) => {
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
