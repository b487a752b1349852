import { GrowthBookClient } from '@growthbook/growthbook';

/**
 * GrowthBookClient is the package's API for servers: one client, a user context per call.
 * @type {import('./peer.mjs').Prepare}
 */
export async function prepareGrowthBook(flags) {
  const client = new GrowthBookClient();
  client.initSync({ payload: { features: Object.fromEntries(flags.map((flag) => [flag.key, translate(flag)])) } });
  return {
    subject: ({ targetingKey, ...rest }) => ({ attributes: { id: targetingKey, ...rest } }),
    isOn: (key, subject) => client.isOn(key, subject),
  };
}

function translate(flag) {
  const rules =
    flag.percent === undefined
      ? flag.rules.map((rule) => ({ condition: condition(rule), force: true }))
      : [{ force: true, coverage: flag.percent / 100, hashAttribute: 'id' }];
  return { defaultValue: flag.default === 'on', rules };
}

const OPERATORS = { in: '$in', gte: '$gte', lt: '$lt', semver_gte: '$vgte', semver_lt: '$vlt' };

function condition(rule) {
  const merged = {};
  for (const { attribute, operator, value } of rule) {
    merged[attribute] = { ...merged[attribute], [OPERATORS[operator]]: value };
  }
  return merged;
}
