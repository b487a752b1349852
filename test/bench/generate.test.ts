import { describe, expect, it } from 'vitest';
import { compile } from '../../src/project/compile.js';
import type { SourceFile } from '../../src/syntax/source-file.js';

interface Generator {
  plan(flags: number): object;
  flagstaffRepository(plan: object): readonly SourceFile[];
  featurevisorProject(plan: object): readonly SourceFile[];
}

const generator: Generator = await import(new URL('../../bench/generate.mjs', import.meta.url).href);

describe('a generated repository', () => {
  it('passes the gate', () => {
    const { diagnostics, snapshot } = compile(generator.flagstaffRepository(generator.plan(100)));
    expect(diagnostics).toEqual([]);
    expect(snapshot?.definitions.get('production')?.flags).toHaveLength(100);
  });

  it('is the same each time', () => {
    expect(generator.plan(30)).toEqual(generator.plan(30));
  });

  it('is about as large as the project of the other linter', () => {
    const generated = generator.plan(100);
    const [ours, theirs] = [generator.flagstaffRepository(generated), generator.featurevisorProject(generated)];
    expect(Math.abs(size(ours) / size(theirs) - 1)).toBeLessThan(0.1);
  });
});

function size(files: readonly SourceFile[]): number {
  return files.reduce((sum, { text }) => sum + text.length, 0);
}
