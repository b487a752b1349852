import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.js';
import type { Details } from '../../src/sdk/flag-client.js';
import { FlagstaffClient } from '../../src/sdk/index.js';
import { encodeSnapshot } from '../../src/wire/batch.js';
import { type ConformanceCase, loadConformance, timeOf } from '../conformance/load.js';
import { Network } from './network.js';
import { settled, VirtualTime } from './virtual-time.js';

/** The engine's words for what details say. */
function asEvaluation({ errorCode, errorMessage, variant, value, ...rest }: Details<unknown>): Record<string, unknown> {
  return { ...rest, variant, value: variant === null ? undefined : value, error_code: errorCode };
}

function relevantPart(details: Details<unknown>, { expect: wanted }: ConformanceCase): Record<string, unknown> {
  const fields = asEvaluation(details);
  return Object.fromEntries(Object.keys(wanted).map((field) => [field, fields[field] ?? null]));
}

function ask(client: FlagstaffClient, { flag, context }: ConformanceCase, type: string | undefined): Details<unknown> {
  if (type === 'string') return client.stringDetails(flag, 'mine', context);
  if (type === 'number') return client.numberDetails(flag, 4711, context);
  if (type === 'json') return client.jsonDetails<Json>(flag, { mine: true }, context);
  return client.booleanDetails(flag, true, context);
}

describe.each(loadConformance())('through the SDK, $name: $about', ({ definitions, cases }) => {
  it('gives the answers of every case, bootstrapped and from a stream', async () => {
    const time = new VirtualTime();
    const network = new Network();
    network.definitions = definitions;
    const bootstrap = encodeSnapshot(definitions, 'v', network.id);
    const offline = new FlagstaffClient({ bootstrap, time });
    const online = new FlagstaffClient({ url: 'http://flags.test', fetch: network.fetch, time });
    await Promise.all([offline.ready(), online.ready()]);
    await settled();
    expect(online.status()).toMatchObject({ state: 'READY', source: 'live' });
    for (const testCase of cases) {
      time.base = timeOf(testCase);
      const type = definitions.flags.find(({ key }) => key === testCase.flag)?.type;
      for (const client of [offline, online]) {
        const details = ask(client, testCase, type);
        expect({ case: testCase.name, ...relevantPart(details, testCase) }).toEqual({
          case: testCase.name,
          ...testCase.expect,
        });
      }
    }
    await Promise.all([offline.close(), online.close()]);
  });
});
