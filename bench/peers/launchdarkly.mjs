import { init } from '@launchdarkly/node-server-sdk';
import { TestData } from '@launchdarkly/node-server-sdk/integrations';

/**
 * The server SDK with its in-memory test data source and no events. Its API answers
 * with a promise, so each evaluation is awaited.
 * @type {import('./peer.mjs').Prepare}
 */
export async function prepareLaunchDarkly(flags) {
  const data = new TestData();
  for (const flag of flags) await data.usePreconfiguredFlag(translate(flag));
  const client = init('sdk-key', {
    updateProcessor: data.getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: { error() {}, warn() {}, info() {}, debug() {} },
  });
  await client.waitForInitialization({ timeout: 5 });
  return {
    async: true,
    subject: ({ targetingKey, ...rest }) => ({ kind: 'user', key: targetingKey, ...rest }),
    isOn: (key, subject) => client.variation(key, subject, false),
    close: () => client.close(),
  };
}

const ON = 0;
const OFF = 1;

function translate({ key, default: fallback, rules, percent }) {
  return {
    key,
    version: 1,
    on: true,
    salt: key,
    variations: [true, false],
    offVariation: OFF,
    prerequisites: [],
    targets: [],
    rules: rules.map((rule, index) => ({ id: `rule-${index}`, variation: ON, clauses: rule.map(clause) })),
    fallthrough: percent === undefined ? { variation: fallback === 'on' ? ON : OFF } : { rollout: rollout(percent) },
  };
}

function rollout(percent) {
  const on = percent * 1000;
  return {
    contextKind: 'user',
    variations: [
      { variation: ON, weight: on },
      { variation: OFF, weight: 100000 - on },
    ],
  };
}

/** "At least this version" is "not less than it": there is no operator of that name. */
function clause({ attribute, operator, value }) {
  const shared = { contextKind: 'user', attribute, negate: false };
  switch (operator) {
    case 'in':
      return { ...shared, op: 'in', values: value };
    case 'gte':
      return { ...shared, op: 'greaterThanOrEqual', values: [value] };
    case 'lt':
      return { ...shared, op: 'lessThan', values: [value] };
    case 'semver_gte':
      return { ...shared, op: 'semVerLessThan', values: [value], negate: true };
    case 'semver_lt':
      return { ...shared, op: 'semVerLessThan', values: [value] };
  }
}
