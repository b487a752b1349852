import { afterEach, beforeEach, expect, it } from 'vitest';
import { FlagstaffClient } from '../../src/sdk/index.js';
import { flag } from '../project/files.js';
import { type ChaosProxy, startProxy } from '../sdk/chaos-proxy.js';
import { type Streaming, serveStreams } from '../sdk/streaming.js';

const MIB = 1_048_576;
/** milliseconds in which what has just been closed is let go of */
const SETTLING = 2000;
const RECONNECTS = Number(process.env.FLAGSTAFF_SOAK_RECONNECTS ?? 10_000);

let server: Streaming;
let proxy: ChaosProxy;
let wrong: unknown[];

const onRejection = (reason: unknown) => wrong.push(reason);

beforeEach(async () => {
  wrong = [];
  process.on('unhandledRejection', onRejection);
  server = await serveStreams({ 'banner.flag.yaml': flag('banner') });
  proxy = await startProxy(server.url);
});

afterEach(async () => {
  await proxy.close();
  await server.close();
  process.off('unhandledRejection', onRejection);
  expect(wrong).toEqual([]);
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function reconnect(clients: number, until: number): Promise<void> {
  const all = Array.from(
    { length: clients },
    () => new FlagstaffClient({ url: proxy.url, backoff: { min: 1, max: 2 } }),
  );
  await Promise.all(all.map((client) => client.ready({ timeout: 60_000 })));
  while (proxy.connections < until) {
    await pause(10);
    proxy.breakAll();
  }
  await Promise.all(all.map((client) => client.close()));
}

it('reconnects thousands of times without keeping anything', async () => {
  const resources = () => process.getActiveResourcesInfo().length;
  await reconnect(20, RECONNECTS / 10);
  const [heap, open] = [heapUsed(), resources()];
  await reconnect(20, RECONNECTS / 10 + RECONNECTS);
  await expect.poll(() => resources(), { timeout: 20_000 }).toBeLessThan(open + 20);
  await pause(SETTLING);
  const grown = heapUsed() - heap;
  process.stdout.write(`${proxy.connections} connections, heap grown by ${(grown / MIB).toFixed(1)} MiB\n`);
  expect(grown).toBeLessThan(5 * MIB);
});
