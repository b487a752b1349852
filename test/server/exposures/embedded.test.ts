import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportTally } from '../../../src/experiment/report.js';
import { Tally } from '../../../src/experiment/tally.js';
import { writeChecked } from '../../../src/server/checked-file.js';
import { EmbeddedStore } from '../../../src/server/exposures/embedded.js';
import { counts, NOW, WINDOW } from './counting.js';

const PUT_ASIDE =
  'the exposure counts on disk are damaged, or of another version: they are put aside as `counts.json.damaged`, and counting begins with the journal';

let directory: string;
let warnings: string[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flagstaff-exposures-'));
  warnings = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (maxJournal?: number) =>
  EmbeddedStore.open({
    directory,
    now: () => NOW,
    warn: (message) => warnings.push(message),
    ...(maxJournal !== undefined && { maxJournal }),
  });

const met = (user: string, variant: string) => ({ user, variant });

async function told(store: EmbeddedStore) {
  const empty = new Tally({ flag: 'f', environment: 'e', window: WINDOW }).read();
  const [tally = empty] = await store.read('f', 'e');
  const { variants, several_variants: several } = reportTally(tally, { interval: 3_600_000 });
  return {
    several,
    evaluations: variants.map(({ evaluations }) => evaluations),
    users: variants.map(({ unique_users }) => unique_users),
  };
}

describe('the embedded store', () => {
  it('counts a batch once, however often it comes', async () => {
    const store = await open();
    const one = counts('1', met('u1', 'a'), met('u2', 'b'));
    expect(await Promise.all([store.add(one), store.add(one)])).toEqual([true, false]);
    expect(await store.add(one)).toBe(false);
    expect(await told(store)).toEqual({ several: 0, evaluations: [1, 1], users: [1, 1] });
    await store.close();
    const again = await open();
    expect(await again.add(one)).toBe(false);
    expect(await told(again)).toEqual({ several: 0, evaluations: [1, 1], users: [1, 1] });
    await again.close();
  });

  it('takes no more than it can keep while the disk stands still', async () => {
    let goOn: () => void = () => undefined;
    const standing = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const held = { scratch: directory, problem: undefined, confirm: () => standing };
    const store = await EmbeddedStore.open({ directory, held, now: () => NOW, warn: () => undefined });
    const adding = Array.from({ length: 1000 }, (_, index) => store.add(counts(`${index}`, met(`u${index}`, 'a'))));
    await expect(store.add(counts('more', met('u', 'a')))).rejects.toThrow('the disk does not keep up');
    goOn();
    await Promise.all(adding);
    expect(await store.add(counts('more', met('u', 'a')))).toBe(true);
    expect((await told(store)).users[0]).toBe(1001);
    await store.close();
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
          all.map((users, at) => store.add(counts(`${at}`, ...users.map(([user, variant]) => met(user, variant))))),
        );
        const before = await told(store);
        await store.close();
        const again = await open();
        expect(await told(again)).toEqual(before);
        expect(before.evaluations.reduce((sum, count) => sum + count, 0)).toBe(all.flat().length);
        await again.close();
        expect(warnings).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('counts once what comes while the counts are written down, and tells of it at once', async () => {
    const windows = Array.from({ length: 2000 }, (_, at) => ({ ...WINDOW, id: `w${at}` }));
    const sum = async (store: EmbeddedStore) => {
      const hours = (await store.read('f', 'e')).flatMap((tally) => [...tally.hours.values()]);
      return hours.flatMap((variants) => [...variants.values()]).reduce((one, other) => one + other, 0);
    };
    const store = await open(100_000);
    // So much that it is written down at once, and the rest is not.
    await store.add(counts('much', ...windows.map((window) => ({ ...met('u', 'a'), window }))));
    const few = [1, 500, 1000, 1500, 1999]
      .flatMap((at) => windows[at] ?? [])
      .map((window) => ({ ...met('v', 'b'), window }));
    for (let at = 1; at <= 10; at += 1) {
      expect(await store.add(counts(`${at}`, ...few))).toBe(true);
      expect(await sum(store)).toBe(2000 + at * 5);
    }
    await store.close();
    const again = await open();
    expect(await sum(again)).toBe(2050);
    await again.close();
  });

  it('does without what is torn or damaged, and says so', async () => {
    const store = await open();
    await store.add(counts('1', met('u1', 'a')));
    await store.close();
    await appendFile(join(directory, 'journal', '000001.ndjson'), '{"id":"2","exp\nnot json\n{"id":"3","at":1,"expo');
    const again = await open(1);
    expect(warnings).toEqual(Array(2).fill('a line of the exposure journal is damaged and was left out'));
    expect(await told(again)).toMatchObject({ users: [1, 0] });
    await again.add(counts('4', met('u2', 'b')));
    await again.close();
    const file = join(directory, 'counts.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"v0"', '"v1"'));
    warnings = [];
    await (await open()).close();
    expect(warnings).toEqual([PUT_ASIDE]);
    expect(await readFile(`${file}.damaged`, 'utf8')).toContain('"v1"');
  });

  it('does not begin anew because its counts cannot be read just now', async () => {
    await mkdir(join(directory, 'counts.json'));
    await expect(open()).rejects.toMatchObject({ code: 'unreadable', message: /counts\.json` \(EISDIR\)/ });
  });

  it('puts aside counts in a form that it does not know', async () => {
    const file = join(directory, 'counts.json');
    await writeChecked(file, JSON.stringify({ format: 2, what: 'is newer' }), 'the counts');
    const store = await open();
    expect(warnings).toEqual([PUT_ASIDE]);
    await store.add(counts('1', { user: 'u1', variant: 'a' }));
    await store.close();
    expect(await readFile(`${file}.damaged`, 'utf8')).toContain('is newer');
  });

  it('lets nobody else look into its directory', async () => {
    const inner = join(directory, 'inner');
    await (await EmbeddedStore.open({ directory: inner, now: () => NOW, warn: () => undefined })).close();
    expect((await stat(inner)).mode & 0o077).toBe(0);
  });

  it('goes on behind its last file, also when that was cut away', async () => {
    const first = await open(1);
    await first.add(counts('1', met('u1', 'a')));
    await first.close();
    expect(await readdir(join(directory, 'journal'))).toEqual([]);
    for (const user of ['u2', 'u3']) {
      const next = await open();
      await next.add(counts(user, met(user, 'a')));
      await next.close();
    }
    const last = await open();
    expect(await told(last)).toMatchObject({ users: [3, 0] });
    await last.close();
  });

  it('cuts a journal that has grown long over many short lives', async () => {
    for (const user of ['u1', 'u2', 'u3', 'u4', 'u5', 'u6']) {
      const store = await open(1000);
      await store.add(counts(user, met(user, 'a')));
      await store.close();
    }
    expect((await readdir(join(directory, 'journal'))).length).toBeLessThan(6);
    const last = await open();
    expect(await told(last)).toMatchObject({ users: [6, 0] });
    await last.close();
  });

  it('takes nothing for a line that it did not write', async () => {
    const store = await open();
    await store.add(counts('1', met('u1', 'a')));
    await store.add(counts('2', met('u2', 'a'), met('u3', 'b')));
    await store.close();
    const file = join(directory, 'journal', '000001.ndjson');
    const [one = '', two = ''] = (await readFile(file, 'utf8')).split('\n');
    const damaged = ['{}', 'null', '5', '\u0000\u0000\u0000', two.replace('"a"', '"c"'), one.slice(0, -1)];
    await writeFile(file, `${one}\n${damaged.join('\n')}\n`);
    const again = await open();
    expect(warnings).toHaveLength(damaged.length);
    expect(await told(again)).toEqual({ several: 0, evaluations: [1, 0], users: [1, 0] });
    await again.close();
  });

  it('begins anew with the journal when its counts are empty', async () => {
    const store = await open();
    await store.add(counts('1', met('u1', 'a')));
    await store.close();
    await writeFile(join(directory, 'counts.json'), '');
    const again = await open();
    expect(warnings).toHaveLength(1);
    expect(await told(again)).toMatchObject({ users: [1, 0] });
    await again.close();
  });

  it('counts an id anew after a quarter of an hour, and so does a start', async () => {
    let now = NOW;
    const begin = () => EmbeddedStore.open({ directory, now: () => now, warn: (text) => warnings.push(text) });
    const store = await begin();
    const taken = [];
    for (const minutes of [0, 14, 16]) {
      now = NOW + minutes * 60_000;
      taken.push(await store.add(counts('1', met('u1', 'a'))));
    }
    expect(taken).toEqual([true, false, true]);
    await store.close();
    const again = await begin();
    expect(await told(again)).toMatchObject({ evaluations: [2, 0] });
    await again.close();
  });

  it('keeps events as they came', async () => {
    const store = await open();
    const event = { name: 'bought', user_id: 'u1', timestamp: '2026-11-22T00:00:00Z', value: 3, environment: 'e' };
    await store.add({ ...counts('1'), events: [event] });
    await store.close();
    const [name = ''] = await readdir(join(directory, 'events'));
    expect(JSON.parse(await readFile(join(directory, 'events', name), 'utf8'))).toEqual(event);
  });

  it('says so as long as nothing can be written, once, and loses nothing of it', async () => {
    const store = await open();
    const away = join(directory, 'away');
    await rename(join(directory, 'journal'), away);
    for (const id of ['1', '1', '2']) await expect(store.add(counts(id, met(`u${id}`, 'a')))).rejects.toThrow('ENOENT');
    expect(store.status()).toMatchObject({ kind: 'embedded', error: expect.stringContaining('ENOENT') });
    expect(warnings).toEqual([expect.stringMatching(/^exposures cannot be kept: ENOENT/)]);
    await rename(away, join(directory, 'journal'));
    expect(await store.add(counts('1', met('u1', 'a')))).toBe(true);
    expect(store.status()).toEqual({ kind: 'embedded' });
    await store.close();
    const again = await open();
    expect(await told(again)).toMatchObject({ users: [1, 0] });
    await again.close();
  });

  it.each(['journal/000001.ndjson', 'events/x'])('refuses to begin where it cannot read: %s', async (path) => {
    const isFile = path.endsWith('x');
    if (isFile) await writeFile(join(directory, 'events'), '');
    else await mkdir(join(directory, path), { recursive: true });
    await expect(open()).rejects.toMatchObject({
      code: 'unreadable',
      message: isFile ? /\(EEXIST\)$/ : /\(EISDIR\)$/,
    });
  });

  it('puts aside a window that nobody was counted in for 180 days, and one that it cannot put aside it keeps', async () => {
    let now = NOW;
    const begin = (maxJournal: number) =>
      EmbeddedStore.open({ directory, now: () => now, maxJournal, warn: (text) => warnings.push(text) });
    const first = await begin(1e6);
    await first.add(counts('old', met('u1', 'a')));
    await first.close();
    const shown = async (store: EmbeddedStore) => (await store.read('f', 'e')).map(({ name }) => name.window.id);
    const fresh = (id: string) =>
      counts(id, { ...met('u2', 'b'), window: { ...WINDOW, id: 'new', since: now }, at: now });

    now += 180 * 86_400_000;
    const store = await begin(1);
    await store.add(fresh('on time'));
    await expect.poll(() => readdir(join(directory, 'journal'))).toEqual([]);
    expect(await shown(store)).toEqual(['w', 'new']);
    now += 3_600_001;
    await rename(join(directory, 'ended'), join(directory, 'away'));
    await store.add(fresh('no room'));
    await expect.poll(() => warnings).toEqual([expect.stringContaining('could not be written down: ENOENT')]);
    expect(await shown(store)).toEqual(['new', 'w']);
    await rename(join(directory, 'away'), join(directory, 'ended'));
    await store.add(fresh('room'));
    await expect.poll(() => warnings).toHaveLength(2);
    expect(warnings[1]).toBe('a window of `f` in e is forgotten: nobody was counted in it for 180 days');
    expect(await shown(store)).toEqual(['new']);
    await store.close();

    const again = await begin(1e6);
    expect(await shown(again)).toEqual(['new']);
    await again.close();
    const [name = ''] = await readdir(join(directory, 'ended'));
    const aside = JSON.parse(await readFile(join(directory, 'ended', name), 'utf8'));
    expect(aside).toEqual(counts('old', met('u1', 'a')).tallies[0]);
  });
});
