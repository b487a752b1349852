import { OpenFeature } from '@openfeature/server-sdk';
import { FlagstaffProvider } from '../../dist/openfeature/index.js';
import { FlagstaffClient } from '../../dist/sdk/index.js';
import { flagdCore } from './flagd.mjs';
import { definitionsOf } from './flagstaff.mjs';

/** Our client as an application uses it, without a server. @type {import('./peer.mjs').Prepare} */
export async function prepareClient(flags) {
  const client = new FlagstaffClient({ bootstrap: snapshotOf(flags) });
  await client.ready();
  return { isOn: (key, context) => client.boolean(key, false, context), close: () => client.close() };
}

/** Our provider. @type {import('./peer.mjs').Prepare} */
export function prepareProvider(flags) {
  return throughOpenFeature('flagstaff', new FlagstaffProvider({ bootstrap: snapshotOf(flags) }));
}

/** flagd's evaluator as its in-process provider calls it. @type {import('./peer.mjs').Prepare} */
export function prepareFlagdProvider(flags) {
  const core = flagdCore(flags);
  return throughOpenFeature('flagd', {
    metadata: { name: 'flagd' },
    resolveBooleanEvaluation: async (key, otherwise, context, logger) =>
      core.resolveBooleanEvaluation(key, otherwise, context, logger),
  });
}

/** @returns {Promise<import('./peer.mjs').Peer>} */
async function throughOpenFeature(domain, provider) {
  await OpenFeature.setProviderAndWait(domain, provider);
  const client = OpenFeature.getClient(domain);
  return {
    async: true,
    isOn: (key, context) => client.getBooleanValue(key, false, context),
    close: () => OpenFeature.close(),
  };
}

function snapshotOf(flags) {
  return JSON.stringify({ format: 1, version: 'bench', id: '1-0-000000000000', ...definitionsOf(flags) });
}
