import { describe, expect, it } from 'vitest';
import { createEvaluator } from '../../src/engine/evaluator.js';
import { loadConformance, relevantPart, timeOf } from '../conformance/load.js';

describe.each(loadConformance())('$name: $about', ({ definitions, cases }) => {
  const evaluator = createEvaluator(definitions);

  it.each(cases)('$name', (testCase) => {
    const evaluation = evaluator.evaluate(testCase.flag, testCase.context, timeOf(testCase));
    expect(relevantPart(evaluation, testCase)).toEqual(testCase.expect);
  });

  it('gives the same answers one by one, all at once, and explained', () => {
    for (const testCase of cases) {
      const now = timeOf(testCase);
      const keys = [...evaluator.keys, 'nowhere'];
      const single = keys.map((key) => evaluator.evaluate(key, testCase.context, now));
      expect(evaluator.evaluateAll(keys, testCase.context, now)).toEqual(single);
      expect(keys.map((key) => evaluator.explain(key, testCase.context, now).evaluation)).toEqual(single);
    }
  });
});
