import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { lint } from '../../src/index.js';

const NOW = Date.parse('2026-12-01T12:00:00Z');

/** Every YAML block of a page that begins with the name of its file. */
function filesIn(page: string): { path: string; text: string }[] {
  const blocks = page.matchAll(/^( *)```yaml\n\1# (\S+\.yaml)\n([\s\S]*?)^\1```$/gm);
  return Array.from(blocks, ([, indent = '', path = '', text = '']) => {
    return { path, text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), '') };
  });
}

describe('the page about moving to Flagstaff', () => {
  it('shows files that pass lint, without a warning', async () => {
    const page = await readFile('docs/migrate.md', 'utf8');
    const files = filesIn(page);
    expect(files).toHaveLength(page.match(/```yaml/g)?.length ?? 0);
    expect(files.length).toBeGreaterThan(8);
    const { diagnostics } = lint(files, { now: NOW });
    expect(diagnostics.map(({ file, code, message }) => `${file} ${code} ${message}`)).toEqual([]);
  });
});
