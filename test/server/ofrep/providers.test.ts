import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { type Provider, ProviderEvents, OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FLAGSTAFF } from '../../project/files.js';
import { startTestServer, type TestServer } from '../running.js';
import { keyRingOf, makeKey } from '../serving.js';
import { FLAGS } from './flags.js';

const [serverKey, server] = makeKey(1, { role: 'server', environment: 'development' });
const [clientKey, client] = makeKey(2, { role: 'client', environment: 'development' });

let root: string;
let running: TestServer;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'flagstaff-ofrep-'));
  await write({ 'flagstaff.yaml': FLAGSTAFF, ...FLAGS });
  running = await startTestServer({ root, server: { keyRing: keyRingOf([server, client]) } });
  vi.stubGlobal('EventSource', EventSource);
});
afterAll(async () => {
  await OpenFeature.close();
  await WebOpenFeature.close();
  await running.close();
  await rm(root, { recursive: true, force: true });
  vi.unstubAllGlobals();
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
}

describe('the official server provider', () => {
  beforeAll(async () => {
    const headers: [string, string][] = [['Authorization', `Bearer ${serverKey}`]];
    await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: running.url, headers }));
  });

  const ask = () => OpenFeature.getClient();

  it('gets values of every type, with variant, reason and metadata', async () => {
    expect(await ask().getBooleanDetails('plain', false, { targetingKey: 'u' })).toMatchObject({
      value: true,
      variant: 'on',
      reason: 'STATIC',
      flagMetadata: { ticket: 'PAY-1', weight: 2, 'flagstaff.reason': 'STATIC' },
    });
    expect(await ask().getStringDetails('colour', '', { targetingKey: 'u', plan: 'pro' })).toMatchObject({
      value: '#00f',
      reason: 'TARGETING_MATCH',
      flagMetadata: { 'flagstaff.rule': 'Members', 'flagstaff.segment': 'members' },
    });
    expect(await ask().getNumberDetails('split', 0, {})).toMatchObject({
      value: 2,
      reason: 'DEFAULT',
      flagMetadata: { 'flagstaff.errorCode': 'TARGETING_KEY_MISSING' },
    });
    expect(await ask().getObjectValue('shape', {}, {})).toEqual({ a: [1, { b: null }] });
    expect(await ask().getBooleanDetails('off', true, {})).toMatchObject({ value: false, reason: 'DISABLED' });
  });

  it("gets the code's own default where no variant is served, and from what is not there", async () => {
    expect((await ask().getBooleanDetails('own', true, {})).value).toBe(true);
    expect((await ask().getBooleanDetails('own', false, {})).value).toBe(false);
    expect(await ask().getBooleanDetails('nowhere', true, {})).toMatchObject({
      value: true,
      errorCode: 'FLAG_NOT_FOUND',
    });
    expect(await ask().getStringDetails('plain', 'mine', {})).toMatchObject({
      value: 'mine',
      errorCode: 'TYPE_MISMATCH',
    });
  });
});

describe('the official web provider', () => {
  it('sees a change of context of the same user, and a saved file, without polling', async () => {
    const headers: [string, string][] = [['Authorization', `Bearer ${clientKey}`]];
    await WebOpenFeature.setContext({ targetingKey: 'u', plan: 'free' });
    const provider = new OFREPWebProvider({ baseUrl: running.url, headers, cacheMode: 'disabled', pollInterval: 0 });
    await WebOpenFeature.setProviderAndWait(provider as Provider);
    const ask = WebOpenFeature.getClient();
    expect(ask.getStringValue('colour', '')).toBe('#f00');
    expect(ask.getBooleanDetails('hidden', false)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });

    await WebOpenFeature.setContext({ targetingKey: 'u', plan: 'pro' });
    expect(ask.getStringValue('colour', '')).toBe('#00f');

    const changed: (readonly string[] | undefined)[] = [];
    ask.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
      changed.push(details?.flagsChanged);
    });
    await vi.waitFor(async () => expect(await streams()).toBe(1), 10_000);
    await write({ 'plain.flag.yaml': 'key: plain\ntype: boolean\ndefault: off\nexpose: [server, client]\n' });
    await vi.waitFor(() => expect(ask.getBooleanValue('plain', true)).toBe(false), 10_000);
    expect(changed).toContainEqual(['plain']);
  });
});

/** How many streams the server has open. */
async function streams(): Promise<number> {
  const text = await (await fetch(`${running.url}/metrics`)).text();
  return Number(/^flagstaff_streams (\d+)/m.exec(text)?.[1]);
}
