import { createEvaluator } from '../../dist/index.js';

/** Ourselves. @type {import('./peer.mjs').Prepare} */
export async function prepareFlagstaff(flags) {
  const evaluator = createEvaluator(definitionsOf(flags));
  const now = Date.now();
  return {
    isOn: (key, context) => evaluator.evaluate(key, context, now).value === true,
    countOn: (keys, context) => {
      let on = 0;
      for (const { value } of evaluator.evaluateAll(keys, context, now)) if (value === true) on++;
      return on;
    },
  };
}

/** @param {readonly import('../scenarios.mjs').BenchFlag[]} flags */
export function definitionsOf(flags) {
  return { environment: 'production', flags: flags.map(translate), segments: [] };
}

function translate({ key, default: fallback, rules, percent }) {
  return {
    key,
    type: 'boolean',
    state: 'active',
    tags: [],
    metadata: {},
    expose: ['server'],
    variants: { on: true, off: false },
    bucket_by: 'targetingKey',
    seed: key,
    enabled: true,
    default: fallback,
    off_variant: fallback,
    overrides: {},
    prerequisites: [],
    rules: rules.map((conditions, index) => ({ name: `rule ${index + 1}`, conditions, serve: 'on' })),
    ...(percent === undefined ? {} : { rollout: { split: [{ variant: 'on', percent }] } }),
  };
}
