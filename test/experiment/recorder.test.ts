import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Batch, Exposure } from '../../src/experiment/exposure.js';
import { Recorder, type RecorderOptions } from '../../src/experiment/recorder.js';

/** Time that a test lets pass. */
class Timers {
  now = 0;
  #next = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly callback: () => void }>();

  readonly after = (milliseconds: number, callback: () => void) => {
    const id = this.#next++;
    this.#timers.set(id, { at: this.now + milliseconds, callback });
    return () => void this.#timers.delete(id);
  };

  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await new Promise(setImmediate);
      const [due] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].callback();
    }
    this.now = end;
  }
}

const exposure = (user: number | string): Exposure => ({
  flag_key: 'button',
  variant_key: 'green',
  user_id: `u${user}`,
  timestamp: '2026-11-22T00:00:00Z',
  reason: 'SPLIT',
  environment: 'production',
  version: 'abc',
});

function begin(options: Partial<RecorderOptions> = {}) {
  const timers = new Timers();
  const taken: Batch[] = [];
  const failing = { times: 0, attempts: [] as string[] };
  const sink = {
    send: async (batch: Batch) => {
      failing.attempts.push(batch.id);
      if (failing.times > 0) {
        failing.times -= 1;
        throw new Error('away');
      }
      taken.push(batch);
    },
  };
  let id = 0;
  const newId = () => `id${id++}`;
  const recorder = new Recorder({ sink, after: timers.after, newId, random: () => 1, ...options });
  const users = () => taken.flatMap((batch) => batch.exposures.map(({ user_id }) => user_id));
  return { recorder, timers, taken, failing, users };
}

let rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);
process.on('unhandledRejection', note);
afterEach(() => {
  expect(rejections).toEqual([]);
  rejections = [];
});

describe('the recorder', () => {
  it('hands over after ten seconds what is less than a batch', async () => {
    const { recorder, timers, users } = begin();
    recorder.exposure(exposure(1));
    await timers.pass(9_999);
    expect(users()).toEqual([]);
    recorder.event({ name: 'bought', timestamp: '2026-11-22T00:00:01Z', environment: 'production' });
    await timers.pass(1);
    expect(users()).toEqual(['u1']);
    expect(recorder.pending).toBe(0);
  });

  it('hands over a full batch at once, but never in the time of who records', async () => {
    const { recorder, timers, users, taken } = begin({ batchSize: 3 });
    for (let user = 0; user < 3; user += 1) recorder.exposure(exposure(user));
    expect(taken).toEqual([]);
    await timers.pass(0);
    expect(users()).toEqual(['u0', 'u1', 'u2']);
  });

  it('tells a user and a variant once in a window', async () => {
    const { recorder, timers } = begin();
    const ask = () => [recorder.isNew('f', 'on', 'u'), recorder.isNew('f', 'off', 'u'), recorder.isNew('g', 'on', 'u')];
    expect(ask()).toEqual([true, true, true]);
    expect(ask()).toEqual([false, false, false]);
    await timers.pass(10_000);
    expect(ask()).toEqual([true, true, true]);
  });

  it('sends the same batch again under the same id, ever later', async () => {
    const { recorder, timers, users, failing } = begin();
    failing.times = 3;
    recorder.exposure(exposure(1));
    await timers.pass(10_000);
    expect(failing.attempts).toEqual(['id0']);
    recorder.exposure(exposure(2));
    await timers.pass(999);
    expect(failing.attempts).toHaveLength(1);
    await timers.pass(1);
    expect(failing.attempts).toEqual(['id0', 'id0']);
    await timers.pass(2000 + 4000);
    expect(failing.attempts).toEqual(['id0', 'id0', 'id0', 'id0', 'id1']);
    expect(users()).toEqual(['u1', 'u2']);
  });

  it('drops and counts what there is no room for', async () => {
    const { recorder, timers, users, failing } = begin({ capacity: 5, batchSize: 2 });
    failing.times = 1;
    for (let user = 0; user < 8; user += 1) recorder.exposure(exposure(user));
    await timers.pass(0);
    recorder.exposure(exposure(8));
    expect(recorder.dropped).toBe(4);
    await timers.pass(30_000);
    expect(users()).toEqual(['u0', 'u1', 'u2', 'u3', 'u4']);
  });

  it('hands over what is left when it is closed, and takes nothing after', async () => {
    const { recorder, users } = begin();
    recorder.exposure(exposure(1));
    await recorder.close();
    recorder.exposure(exposure(2));
    await recorder.close();
    expect(users()).toEqual(['u1']);
    expect(recorder.dropped).toBe(1);
  });

  it('does not wait for ever for a sink that does not answer', async () => {
    const timers = new Timers();
    const sink = { send: () => new Promise<void>(() => undefined) };
    const recorder = new Recorder({ sink, after: timers.after, newId: () => 'id', random: () => 0 });
    recorder.exposure(exposure(1));
    const closed = recorder.close();
    await timers.pass(5000);
    await closed;
    expect(recorder.dropped).toBe(1);
  });

  it('hands over what comes while a delivery is just about to end, and is then closed', async () => {
    for (let ticks = 0; ticks < 20; ticks += 1) {
      const { recorder, users } = begin();
      recorder.exposure(exposure(1));
      void recorder.flush();
      for (let tick = 0; tick < ticks; tick += 1) await undefined;
      recorder.exposure(exposure(2));
      await recorder.close();
      expect([ticks, users(), recorder.dropped]).toEqual([ticks, ['u1', 'u2'], 0]);
    }
  });

  it('hands over nothing that it has counted as dropped', async () => {
    const handed: (() => void)[] = [];
    const sink = { send: () => new Promise<void>((resolve) => handed.push(resolve)) };
    const { recorder, timers } = begin({ sink, batchSize: 1 });
    for (let user = 0; user < 3; user += 1) recorder.exposure(exposure(user));
    const closing = recorder.close();
    await timers.pass(5000);
    await closing;
    expect([handed.length, recorder.dropped]).toEqual([1, 3]);
    handed[0]?.();
    await timers.pass(60_000);
    expect(handed).toHaveLength(1);
  });

  it('forgets whom it has seen rather than grow', () => {
    const { recorder } = begin({ capacity: 100 });
    for (let user = 0; user < 100; user += 1) recorder.isNew('f', 'on', `u${user}`);
    expect(recorder.isNew('f', 'on', 'u0')).toBe(false);
    expect(recorder.isNew('f', 'on', 'another')).toBe(true);
    expect(recorder.isNew('f', 'on', 'u0')).toBe(true);
  });

  it('loses nothing and doubles nothing, whatever fails, as long as there is room', async () => {
    const step = fc.oneof(
      fc.record({ record: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ pass: fc.integer({ min: 0, max: 20_000 }) }),
      fc.record({ fail: fc.integer({ min: 1, max: 4 }) }),
      fc.constant({ flush: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { recorder, timers, users, failing } = begin({ batchSize: 7 });
        const recorded: string[] = [];
        for (const one of steps) {
          if ('record' in one) {
            for (let at = 0; at < one.record; at += 1) {
              recorder.exposure(exposure(recorded.length));
              recorded.push(`u${recorded.length}`);
            }
          } else if ('pass' in one) await timers.pass(one.pass);
          else if ('fail' in one) failing.times = one.fail;
          else void recorder.flush();
        }
        await timers.pass(200_000);
        expect(users()).toEqual(recorded);
      }),
      { numRuns: 50 },
    );
  });
});
