import { InMemStorageProvider, Unleash } from 'unleash-client';

/**
 * The client with a bootstrap: nothing listens at the address, nothing is fetched again, metrics are off.
 * @type {import('./peer.mjs').Prepare}
 */
export async function prepareUnleash(flags) {
  const unleash = new Unleash({
    appName: 'bench',
    url: 'http://127.0.0.1:9/api/',
    refreshInterval: 0,
    disableMetrics: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: { data: flags.map(translate) },
    skipInstanceCountWarning: true,
  });
  unleash.on('error', ignoreRefusedFetch);
  unleash.on('warn', ignoreRefusedFetch);
  await new Promise((resolve) => unleash.once('ready', resolve));
  return {
    subject,
    isOn: (key, subject) => unleash.isEnabled(key, subject),
    close: () => unleash.destroy(),
  };
}

/** The one fetch at the start is refused, as meant: the bootstrap is all there is. */
function ignoreRefusedFetch() {}

function subject({ targetingKey, ...rest }) {
  const properties = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  return { userId: targetingKey, properties };
}

function translate(flag) {
  return { name: flag.key, type: 'release', stale: false, variants: [], ...behaviour(flag) };
}

function behaviour({ key, default: fallback, rules, percent }) {
  if (percent !== undefined) return { enabled: true, strategies: [rollout(key, percent)] };
  if (rules.length === 0) return { enabled: fallback === 'on', strategies: [{ name: 'default', parameters: {} }] };
  return {
    enabled: true,
    strategies: rules.map((rule) => ({ name: 'default', parameters: {}, constraints: rule.map(constraint) })),
  };
}

function rollout(key, percent) {
  return { name: 'flexibleRollout', parameters: { rollout: String(percent), stickiness: 'userId', groupId: key } };
}

const OPERATORS = { in: 'IN', gte: 'NUM_GTE', lt: 'NUM_LT', semver_gte: 'SEMVER_GTE', semver_lt: 'SEMVER_LT' };

function constraint({ attribute, operator, value }) {
  const shared = { contextName: attribute, operator: OPERATORS[operator], inverted: false };
  return operator === 'in' ? { ...shared, values: value } : { ...shared, values: [], value: String(value) };
}
