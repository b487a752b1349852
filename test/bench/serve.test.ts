import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Loads {
  load(
    url: string,
    options: { path: string; body: object; connections: number; seconds: number },
  ): Promise<{ perSecond: number; p50: number; p99: number }>;
  percentile(samples: number[], percent: number): number;
}

interface Crowd {
  open(url: string, count: number): Promise<void>;
  timed(change: () => unknown): Promise<number[]>;
  close(): void;
}

const { load, percentile }: Loads = await import(new URL('../../bench/load.mjs', import.meta.url).href);
const { Listeners }: { Listeners: new () => Crowd } = await import(
  new URL('../../bench/listeners.mjs', import.meta.url).href
);

/** Answers each body with how long it is, and tells whoever listens to the stream of each `/change`. */
const server = createServer(async (request, response) => {
  if (request.url === '/stream') {
    listeners.add(response.writeHead(200));
    write(response, 'snapshot');
    return;
  }
  const body = await request.toArray();
  if (request.url === '/missing') response.statusCode = 404;
  response.end(`${body.join('').length}`);
});
const listeners = new Set<{ write(text: string): unknown }>();
const write = (response: { write(text: string): unknown }, event: string) =>
  response.write(`event: ${event}\ndata: {}\n\n`);

let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('the load of a benchmark', () => {
  const options = { body: { a: 1 }, connections: 3, seconds: 0.2 };

  it('counts whole answers and how long they took', async () => {
    const { perSecond, p50, p99 } = await load(url, { ...options, path: '/' });
    expect(perSecond).toBeGreaterThan(10);
    expect(p99).toBeGreaterThanOrEqual(p50);
  });

  it('fails when an answer is not as it should be', async () => {
    await expect(load(url, { ...options, path: '/missing' })).rejects.toThrow('404');
  });

  it('takes percentiles of what it saw', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(samples, 50), percentile(samples, 99), percentile([7], 99)]).toEqual([51, 100, 7]);
  });
});

describe('the listeners of a benchmark', () => {
  it('are timed until the last of them has heard of a change', async () => {
    const crowd = new Listeners();
    await crowd.open(url, 5);
    const times = await crowd.timed(() => {
      for (const one of listeners) write(one, 'commit');
    });
    expect(times).toHaveLength(5);
    crowd.close();
  });
});
