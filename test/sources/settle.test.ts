import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { settler } from '../../src/sources/settle.js';
import { deferred } from '../deferred.js';

describe('a settler', () => {
  it('makes one call of a burst of signals', async () => {
    let calls = 0;
    const settled = deferred();
    const { signal, stop } = settler(
      async () => {
        calls += 1;
        settled.resolve();
      },
      { quiet: 50, limit: 60_000 },
    );
    for (let burst = 0; burst < 20; burst += 1) {
      signal();
      await wait(2);
    }
    await settled.promise;
    await stop();
    expect(calls).toBe(1);
  });

  it('never calls while a call runs, and calls once more for what was signalled meanwhile', async () => {
    let running = 0;
    let most = 0;
    let calls = 0;
    const second = deferred();
    const { signal, stop } = settler(
      async () => {
        calls += 1;
        running += 1;
        most = Math.max(most, running);
        if (calls === 1) {
          signal();
          signal();
        }
        await wait(40);
        running -= 1;
        if (calls === 2) second.resolve();
      },
      { quiet: 5, limit: 60_000 },
    );
    signal();
    await second.promise;
    await stop();
    expect({ calls, most }).toEqual({ calls: 2, most: 1 });
  });

  it('waits as long as somebody is busy', async () => {
    const events: string[] = [];
    const settled = deferred();
    let looks = 0;
    const { signal, stop } = settler(
      async () => {
        events.push('settled');
        settled.resolve();
      },
      { quiet: 5, limit: 60_000 },
      async () => {
        looks += 1;
        events.push('looked');
        return looks < 4;
      },
    );
    signal();
    await settled.promise;
    await stop();
    expect(events).toEqual(['looked', 'looked', 'looked', 'looked', 'settled']);
  });

  it('does not wait beyond its limit for a burst that never ends', async () => {
    const settled = deferred();
    const { signal, stop } = settler(async () => settled.resolve(), { quiet: 60_000, limit: 30 });
    const burst = setInterval(signal, 5);
    await settled.promise;
    clearInterval(burst);
    await stop();
  });

  it('calls no more once it is stopped', async () => {
    let calls = 0;
    const { signal, stop } = settler(
      async () => {
        calls += 1;
      },
      { quiet: 5, limit: 60_000 },
    );
    signal();
    await stop();
    signal();
    await wait(40);
    expect(calls).toBe(0);
  });
});
