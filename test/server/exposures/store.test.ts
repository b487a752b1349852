import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch, Exposure } from '../../../src/experiment/exposure.js';
import { reportTally } from '../../../src/experiment/report.js';
import { Tally } from '../../../src/experiment/tally.js';
import { EmbeddedStore } from '../../../src/server/exposures/store.js';

let directory: string;
let warnings: string[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flagstaff-exposures-'));
  warnings = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const NOW = Date.parse('2026-11-22T00:00:00Z');
const SPLIT = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

const open = (maxJournal?: number) =>
  EmbeddedStore.open({
    directory,
    now: () => NOW,
    warn: (message) => warnings.push(message),
    ...(maxJournal !== undefined && { maxJournal }),
  });

function met(user: string, variant: string): Exposure {
  const timestamp = '2026-11-22T00:00:00Z';
  return {
    flag_key: 'f',
    variant_key: variant,
    user_id: user,
    timestamp,
    reason: 'SPLIT',
    environment: 'e',
    version: 'v',
  };
}

const batch = (id: string, ...exposures: readonly Exposure[]): Batch => ({ id, exposures, events: [] });
const window = { id: 'w', version: 'v0', since: NOW, split: SPLIT };
const version = () => window;

async function counts(store: EmbeddedStore) {
  const { variants, several } = reportTally(
    (await store.tallies('f', 'e'))[0] ?? new Tally({ flag: 'f', environment: 'e', window }),
    { interval: 3_600_000 },
  );
  return {
    several,
    evaluations: variants.map(({ evaluations }) => evaluations),
    users: variants.map(({ users }) => users),
  };
}

describe('the embedded store', () => {
  it('counts a batch once, however often it comes', async () => {
    const store = await open();
    const one = batch('1', met('u1', 'a'), met('u2', 'b'));
    expect(await Promise.all([store.add(one, version), store.add(one, version)])).toEqual([true, false]);
    expect(await store.add(one, version)).toBe(false);
    expect(await counts(store)).toEqual({ several: 0, evaluations: [1, 1], users: [1, 1] });
    await store.close();
    const again = await open();
    expect(await again.add(one, version)).toBe(false);
    expect(await counts(again)).toEqual({ several: 0, evaluations: [1, 1], users: [1, 1] });
    await again.close();
  });

  it('is after a start what it was before, wherever the journal was cut', async () => {
    const batches = fc.array(
      fc.array(fc.tuple(fc.nat(30).map(String), fc.constantFrom('a', 'b')), { minLength: 1, maxLength: 4 }),
      { maxLength: 15 },
    );
    await fc.assert(
      fc.asyncProperty(batches, fc.constantFrom(1, 300, 100_000), async (all, maxJournal) => {
        await rm(directory, { recursive: true, force: true });
        const store = await open(maxJournal);
        await Promise.all(
          all.map((users, at) =>
            store.add(batch(`${at}`, ...users.map(([user, variant]) => met(user, variant))), version),
          ),
        );
        const before = await counts(store);
        await store.close();
        const again = await open();
        expect(await counts(again)).toEqual(before);
        expect(before.evaluations.reduce((sum, count) => sum + count, 0)).toBe(all.flat().length);
        await again.close();
        expect(warnings).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('does without what is torn or damaged, and says so', async () => {
    const store = await open();
    await store.add(batch('1', met('u1', 'a')), version);
    await store.close();
    await appendFile(join(directory, 'journal', '000001.ndjson'), '{"id":"2","exp\nnot json\n{"id":"3","at":1,"expo');
    const again = await open(1);
    expect(warnings).toEqual(Array(2).fill('a line of the exposure journal is damaged and was left out'));
    expect(await counts(again)).toMatchObject({ users: [1, 0] });
    await again.add(batch('4', met('u2', 'b')), version);
    await again.close();
    const file = join(directory, 'counts.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"v0"', '"v1"'));
    warnings = [];
    await (await open()).close();
    expect(warnings).toEqual(['the exposure counts on disk are damaged; counting begins with the journal']);
  });

  it('keeps events as they came', async () => {
    const store = await open();
    const event = { name: 'bought', user_id: 'u1', timestamp: '2026-11-22T00:00:00Z', value: 3, environment: 'e' };
    await store.add({ id: '1', exposures: [], events: [event] }, version);
    await store.close();
    const [name = ''] = await readdir(join(directory, 'events'));
    expect(JSON.parse(await readFile(join(directory, 'events', name), 'utf8'))).toEqual(event);
  });
});
