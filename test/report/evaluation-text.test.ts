import { describe, expect, it } from 'vitest';
import { traceTree } from '../../src/report/evaluation-explanation.js';
import { evaluationLines, evaluationText, percentage } from '../../src/report/evaluation-text.js';
import { palette } from '../../src/report/palette.js';

describe('answers as text', () => {
  it('cut a percentage off, so that nothing below a limit reads as on it', () => {
    expect([24.99999, 25, 0, 99.999999].map(percentage)).toEqual(['24.9999 %', '25.0000 %', '0.0000 %', '99.9999 %']);
  });

  it('show the beginning of a long value, and no control character of any', () => {
    const row = { flag: 'a', value: { text: `\u009b31m${'x'.repeat(100)}` }, variant: 'v', reason: 'STATIC' as const };
    const [, line] = evaluationText([row], { colour: false }).split('\n');
    expect(line).toBe(`a     {"text":"\ufffd31m${'x'.repeat(34)}…  v        STATIC`);
  });

  it('keep to one line each where they stream', () => {
    const row = { line: 3, flag: 'a', value: 'x\ty\n', variant: null, reason: 'DEFAULT' as const, rule: 'r\ts' };
    expect(evaluationLines([row])).toBe('3\ta\t"x\\ty\\n"\t–\tDEFAULT\tr  s\n');
  });

  it('mark the steps that held, did not, were passed by, and decided', () => {
    const steps = ['true', 'false', 'passed', 'SPLIT'].map((outcome) => ({
      step: 's',
      outcome,
      detail: 'd',
      children: [],
    }));
    expect(traceTree(steps, palette(false))).toEqual([
      '├─ ✓ s  d',
      '├─ ✗ s  d',
      '├─ · s  passed  d',
      '└─ ▸ s  SPLIT  d',
    ]);
  });
});
