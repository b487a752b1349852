import { describe, expect, it } from 'vitest';
import { compileEvaluator } from '../../src/engine/compile.js';
import type { LibraryOperator, Notations } from '../../src/engine/notations.js';
import { loadConformance, relevantPart, timeOf } from '../conformance/load.js';

const NEEDING: readonly LibraryOperator[] = ['matches', 'semver_satisfies', 'ip_in'];
const wanted = () => {
  throw new Error('a library is asked for');
};
const NONE: Notations = {
  compileRegex: wanted,
  parseVersionRange: wanted,
  parseAddress: wanted,
  parseIpRange: wanted,
  isInRange: wanted,
};

const suites = loadConformance().filter(({ definitions }) => {
  const text = JSON.stringify(definitions);
  return !NEEDING.some((operator) => text.includes(`"operator":"${operator}"`));
});

describe('without a library', () => {
  it('most of the language is there to be tried', () => {
    expect(suites.length).toBeGreaterThan(10);
  });

  it.each(suites)('$name answers, and explains itself', ({ definitions, cases }) => {
    const evaluator = compileEvaluator(definitions, NONE);
    for (const testCase of cases) {
      const { flag, context, expect: expected } = testCase;
      const now = timeOf(testCase);
      const evaluation = evaluator.evaluate(flag, context, now);
      expect(relevantPart(evaluation, testCase)).toEqual(expected);
      expect(evaluator.explain(flag, context, now).evaluation).toEqual(evaluation);
    }
  });
});
