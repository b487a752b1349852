import { describe, expect, it } from 'vitest';
import { serially } from '../../../src/server/refresh/serially.js';
import { type Deferred, deferred } from '../../deferred.js';

/** A task whose runs end when the test says so. */
function taskUnderTest() {
  const runs: Deferred<void>[] = [];
  const run = serially(() => {
    const ended = deferred();
    runs.push(ended);
    return ended.promise;
  });
  return { runs, run };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('a serial task', () => {
  it('runs once more, and no more, for all who ask while it runs', async () => {
    const { runs, run } = taskUnderTest();
    const first = run();
    const later = [run(), run(), run()];
    expect(runs).toHaveLength(1);
    runs[0]?.resolve();
    await first;
    await soon();
    expect(runs).toHaveLength(2);
    runs[1]?.resolve();
    await Promise.all(later);
    expect(runs).toHaveLength(2);
  });

  it('runs again for whoever asks during the second run', async () => {
    const { runs, run } = taskUnderTest();
    const first = run();
    const second = run();
    runs[0]?.resolve();
    await first;
    await soon();
    const third = run();
    runs[1]?.resolve();
    await second;
    await soon();
    expect(runs).toHaveLength(3);
    runs[2]?.resolve();
    await third;
  });

  it('never runs twice at a time, even for whoever asks the moment a run has ended', async () => {
    const { runs, run } = taskUnderTest();
    const asked = run().then(run);
    const second = run();
    runs[0]?.resolve();
    await soon();
    expect(runs).toHaveLength(2);
    runs[1]?.resolve();
    await Promise.all([asked, second]);
    expect(runs).toHaveLength(2);
  });

  it('tells those who asked for a run that failed, and goes on', async () => {
    const { runs, run } = taskUnderTest();
    const first = run();
    const second = run();
    runs[0]?.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await soon();
    runs[1]?.resolve();
    await expect(second).resolves.toBeUndefined();
  });
});
