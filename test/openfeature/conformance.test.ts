import { type Client, OpenFeature } from '@openfeature/server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlagType } from '../../src/model/flag.js';
import { FlagstaffProvider } from '../../src/openfeature/index.js';
import { systemTime } from '../../src/sdk/time.js';
import { encodeSnapshot } from '../../src/wire/batch.js';
import { type ConformanceCase, loadConformance, timeOf } from '../conformance/load.js';

/** The words of docs/format.md. */
const OPENFEATURE_REASON: Readonly<Record<string, string>> = {
  OVERRIDE: 'TARGETING_MATCH',
  INACTIVE: 'DISABLED',
  PREREQUISITE_FAILED: 'DEFAULT',
  ERROR_FALLBACK: 'ERROR',
};

const DEFAULTS = { boolean: false, string: 'otherwise', number: -1, json: { otherwise: true } } as const;

function ask(client: Client, type: FlagType, { flag, context }: ConformanceCase) {
  const given = context as Parameters<Client['getBooleanDetails']>[2] & object;
  if (type === 'boolean') return client.getBooleanDetails(flag, DEFAULTS.boolean, given);
  if (type === 'string') return client.getStringDetails(flag, DEFAULTS.string, given);
  if (type === 'number') return client.getNumberDetails(flag, DEFAULTS.number, given);
  return client.getObjectDetails(flag, DEFAULTS.json, given);
}

let clock = 0;

afterAll(() => OpenFeature.close());

describe.each(loadConformance())('$name through the OpenFeature SDK', ({ name, definitions, cases }) => {
  const client = OpenFeature.getClient(name);
  const types = new Map(definitions.flags.map(({ key, type }) => [key, type]));

  beforeAll(async () => {
    const bootstrap = encodeSnapshot(definitions, 'v1', '1-0-000000000000');
    const provider = new FlagstaffProvider({ bootstrap, time: { ...systemTime, now: () => clock } });
    await OpenFeature.setProviderAndWait(name, provider);
  });

  it.each(cases)('$name', async (testCase) => {
    clock = timeOf(testCase);
    const type = types.get(testCase.flag) ?? 'boolean';
    const answer = await ask(client, type, testCase);
    const { flagMetadata: metadata, reason, errorCode, variant = null } = answer;
    const seen: Record<string, unknown> = {
      variant,
      value: variant === null ? null : answer.value,
      reason: metadata['flagstaff.reason'],
      rule: metadata['flagstaff.rule'] ?? null,
      segment: metadata['flagstaff.segment'] ?? null,
      error_code: metadata['flagstaff.errorCode'] ?? null,
    };
    const { expect: expected } = testCase;
    expect(Object.fromEntries(Object.keys(expected).map((field) => [field, seen[field]]))).toEqual(expected);
    const precise = String(metadata['flagstaff.reason']);
    expect(reason).toBe(OPENFEATURE_REASON[precise] ?? precise);
    expect(errorCode).toBe(precise === 'ERROR_FALLBACK' ? metadata['flagstaff.errorCode'] : undefined);
    if (variant === null) expect(answer.value).toEqual(DEFAULTS[type]);
  });
});
