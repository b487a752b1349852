import { createInstance } from '@featurevisor/sdk';

/**
 * The SDK with a datafile made in memory, of the shape that its builder writes (schema version 2).
 * @type {import('./peer.mjs').Prepare}
 */
export async function prepareFeaturevisor(flags) {
  const segments = Object.fromEntries(flags.flatMap(segmentsOf));
  const features = Object.fromEntries(flags.map((flag) => [flag.key, translate(flag)]));
  const instance = createInstance({
    datafile: { schemaVersion: '2', revision: '1', segments, features },
    logLevel: 'fatal',
  });
  return {
    isOn: (key, context) => instance.isEnabled(key, context),
    close: () => instance.close(),
  };
}

/** Conditions stand in segments; a rule names its segment. */
function segmentsOf(flag) {
  return flag.rules.map((rule, index) => [`${flag.key}-${index}`, { conditions: rule.map(condition) }]);
}

function translate(flag) {
  return { bucketBy: 'targetingKey', traffic: traffic(flag) };
}

function traffic({ key, default: fallback, rules, percent }) {
  if (percent !== undefined) return [{ key: 'everyone', segments: '*', percentage: percent * 1000 }];
  if (rules.length === 0) return [{ key: 'everyone', segments: '*', percentage: fallback === 'on' ? 100000 : 0 }];
  return rules.map((_, index) => ({ key: `rule-${index}`, segments: `${key}-${index}`, percentage: 100000 }));
}

const OPERATORS = {
  in: 'in',
  gte: 'greaterThanOrEquals',
  lt: 'lessThan',
  semver_gte: 'semverGreaterThanOrEquals',
  semver_lt: 'semverLessThan',
};

function condition({ attribute, operator, value }) {
  return { attribute, operator: OPERATORS[operator], value };
}
