import { rm, symlink } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { compile } from '../../../src/project/compile.js';
import type { Project } from '../../../src/project/project.js';
import { Compiler } from '../../../src/server/compiler.js';
import { follow as keepUp } from '../../../src/server/refresh/follow.js';
import { gitSource } from '../../../src/server/refresh/git-source.js';
import { Refresher } from '../../../src/server/refresh/refresher.js';
import type { FlagSource } from '../../../src/server/refresh/source.js';
import type { Served } from '../../../src/server/served.js';
import { Store } from '../../../src/server/store.js';
import { edited } from '../../../src/server/writing/edits.js';
import { withRepository } from '../../../src/sources/git.js';
import { type CommitLiteral, makeRepository, type TestRepository } from '../../repository.js';
import { startTestServer, type TestServer } from '../running.js';

const FLAGSTAFF = 'environments: [staging, production]\n';

let repository: TestRepository;
const servers: TestServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await repository.remove();
});

interface Following {
  readonly store: Store;
  /** As a server that writes has it: with the tests, and for drafts as well. */
  readonly compiler: Compiler;
  readonly refresher: Refresher;
  close(): void;
}

function sourceHere(): FlagSource {
  const { dir: root, environment } = repository;
  return gitSource({ root, ref: 'main', timeout: 15_000, environment });
}

async function follow(source = sourceHere()): Promise<Following> {
  const store = new Store();
  const compiler = new Compiler({ tests: true });
  const refresher = new Refresher({ source, store, compiler, allowRewind: false, now: () => 0, tell: () => undefined });
  await refresher.start();
  return { store, compiler, refresher, close: () => source.close() };
}

function current({ store }: Following): Served {
  if (store.current === undefined) throw new Error('nothing is served');
  return store.current;
}

function shown({ definitions, ...rest }: Snapshot): string {
  return JSON.stringify([rest, [...definitions]]);
}

/** What compiling this commit gives to somebody who knows nothing of the others. */
async function compiledAlone(commit: string): Promise<ReturnType<typeof compile>> {
  const { dir, environment } = repository;
  return compile(await withRepository(dir, environment, (opened) => opened.readRevision(commit)));
}

/** By flag, what git says of the files in which it is written. */
async function lastCommits(commit: string, { partsOf, groups, environments }: Project): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const [key, parts] of partsOf) {
    const inGroup = [...groups.values()].filter(({ data }) => data.slots.some(({ flag }) => flag === key));
    const files = new Set([...parts, ...inGroup].map(({ file }) => file));
    for (const environment of environments) files.add(`${key}.${environment}.override.yaml`);
    const touching = await newest(commit, ['--', ...files]);
    const slots = await newest(commit, ['-s', '--diff-merges=first-parent', `-Sflag: ${key},`, '--', '*.group.yaml']);
    versions.set(key, later([touching, slots], await repository.git('rev-list', '--first-parent', commit)));
  }
  return versions;
}

function newest(commit: string, which: readonly string[]): Promise<string> {
  return repository.git('log', '-1', '--first-parent', '--format=%H', commit, ...which);
}

/** @param list commits, newest first */
function later(commits: readonly string[], list: string): string {
  return list.split('\n').find((commit) => commits.includes(commit)) ?? '';
}

const flag = (key: string, more = '') => `key: ${key}\ntype: boolean\ndefault: off\n${more}`;
const SETTINGS = [
  FLAGSTAFF,
  `${FLAGSTAFF}lifecycle: { release: 7 }\n`,
  `${FLAGSTAFF}protected: [production]\n`,
  'environments: [production, canary, staging]\n',
];
const key = fc.constantFrom('a', 'b', 'c');
const file = fc.oneof(
  fc
    .tuple(key, fc.nat(9))
    .map(([name, seed]): [string, string] => [`${name}.flag.yaml`, flag(name, `seed: s${seed}\n`)]),
  fc.tuple(key, key).map(([name, other]): [string, string] => {
    const rule = `rules: [{ conditions: [{ operator: in_segment, value: ${other} }], serve: on }]\n`;
    return [`${name}.flag.yaml`, flag(name, rule)];
  }),
  fc.tuple(key, key).map(([name, other]): [string, string] => {
    return [`${name}.flag.yaml`, flag(name, `prerequisites: [{ flag: ${other}, variants: [on] }]\n`)];
  }),
  fc.tuple(key, fc.constantFrom('on', 'off')).map(([name, served]): [string, string] => {
    return [`${name}.production.override.yaml`, `flag: ${name}\nenvironment: production\ndefault: ${served}\n`];
  }),
  fc.tuple(key, fc.nat(9)).map(([name, user]): [string, string] => {
    return [`${name}.segment.yaml`, `key: ${name}\nincluded: [u${user}]\n`];
  }),
  key.map((name): [string, string] => {
    return [`${name}.flag.yaml`, `key: ${name}\ntype: string\nvariants: { on: x, off: y }\ndefault: on\n`];
  }),
  fc.tuple(key, fc.nat(49)).map(([name, from]): [string, string] => {
    return ['g.group.yaml', `key: g\nslots: [{ flag: ${name}, range: [${from}, 50] }]\n`];
  }),
  fc.tuple(key, fc.constantFrom('a', 'x')).map(([name, other]): [string, string] => {
    return [`${name}.test.yaml`, `flag: ${other}\ncases: [{ name: n, expect: { variant: on } }]\n`];
  }),
  fc.constantFrom(...SETTINGS).map((text): [string, string] => ['flagstaff.yaml', text]),
);
const step = fc.record({
  files: fc.array(file, { minLength: 1, maxLength: 2 }),
  removed: fc.option(fc.nat(20)),
  aside: fc.boolean(),
  unseen: fc.boolean(),
  draft: fc.option(file),
});

const START: Readonly<Record<string, string>> = {
  'flagstaff.yaml': FLAGSTAFF,
  ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.flag.yaml`, flag(name)])),
  ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}.segment.yaml`, `key: ${name}\nincluded: [u]\n`])),
};

/** Removes an override, or a segment that something may still ask for. */
async function changeOf({ files, removed }: { files: string[][]; removed: number | null }): Promise<CommitLiteral> {
  const there = (await repository.git('ls-files')).split('\n').filter((path) => /\.(override|segment)\./.test(path));
  const gone = removed === null ? undefined : there[removed];
  return { files: { ...(gone !== undefined && { [gone]: null }), ...Object.fromEntries(files) } };
}

/** Somebody plans a change of what is served. */
async function compileDraft({ compiler, store }: Following, draft: string[] | null): Promise<void> {
  const [path, after] = draft ?? [];
  const { files = [] } = store.current?.project ?? {};
  if (path !== undefined && after !== undefined) await compiler.compile(edited(files, [{ path, after }]));
}

/** However the others fall out: the first keeps the flags from being served, the second brings back those of the start. */
const LAST = [
  { files: [['a.flag.yaml', '[']], removed: null, aside: false, unseen: false, draft: null },
  { files: Object.entries(START), removed: null, aside: false, unseen: false, draft: null },
];

describe('following a branch', () => {
  it('publishes of every commit that passes what it holds, and of no other, with the versions that git tells', async () => {
    let [published, refused] = [0, 0];
    const sequence = fc.array(step, { minLength: 6, maxLength: 10 });
    const property = fc.asyncProperty(sequence, async (steps) => {
      await repository?.remove();
      repository = await makeRepository([{ files: START }]);
      const following = await follow();
      const seen: { readonly served: Served; readonly text: string }[] = [];
      following.store.subscribe(({ after }) => seen.push({ served: after, text: shown(after.snapshot) }));
      let before = current(following);
      for (const [index, one] of [...steps, ...LAST].entries()) {
        const change = await changeOf(one);
        if (one.aside) {
          await repository.commit({ ...change, on: `side-${index}` });
          await repository.commit({ on: 'main', merge: `side-${index}` });
        } else await repository.commit(change);
        if (one.unseen) continue;
        const head = await repository.git('rev-parse', 'main');
        await Promise.all([following.refresher.refresh(), compileDraft(following, one.draft)]);
        const { project, snapshot, diagnostics } = await compiledAlone(head);
        expect(following.refresher.status.refused?.diagnostics ?? []).toEqual(diagnostics);
        if (project === undefined || snapshot === undefined) {
          expect(current(following)).toBe(before);
          refused += 1;
          continue;
        }
        before = current(following);
        expect(before.revision.version).toBe(head);
        expect(before.position.height).toBe(Number(await repository.git('rev-list', '--count', head)));
        expect(shown(before.snapshot)).toBe(shown(snapshot));
        expect([...before.flagVersions]).toEqual([...(await lastCommits(head, project))]);
        published += 1;
      }
      for (const { served, text } of seen) expect(shown(served.snapshot)).toBe(text);
      following.close();
    });
    await fc.assert(property, { numRuns: 4, endOnFailure: true });
    expect(Math.min(published, refused)).toBeGreaterThan(1);
  }, 120_000);

  it('says of each commit its own version, though it holds what an earlier one held', async () => {
    repository = await makeRepository([{ files: START }]);
    const server = await startTestServer({ root: repository.dir, git: { ref: 'main' } }, repository.environment);
    servers.push(server);
    for (const seed of ['x', 'y', 'x']) {
      const commit = await repository.commit({ files: { 'a.flag.yaml': flag('a', `seed: ${seed}\n`) } });
      const told = async () => (await fetch(`${server.url}/snapshot`)).json();
      await expect.poll(told, { timeout: 15_000 }).toMatchObject({ version: commit });
    }
  });

  it('reads what has changed as if it read everything, also among links and where the flags move', async () => {
    repository = await makeRepository([{ files: { ...START, 'docs/note.md': 'a note\n' } }]);
    const { dir: root, environment } = repository;
    const following = gitSource({ root, ref: 'main', timeout: 15_000, environment });
    await following.newest();
    const link = (path: string, target: string) => () => symlink(target, repository.path(path));
    const remove = (path: string) => () => rm(repository.path(path));
    const changes: readonly (readonly (() => Promise<unknown>)[])[] = [
      [link('d.flag.yaml', 'later.flag.yaml')],
      [() => repository.write({ 'later.flag.yaml': flag('later') })],
      [remove('d.flag.yaml'), () => repository.write({ 'd.flag.yaml': flag('d') })],
      [remove('a.flag.yaml'), link('a.flag.yaml', 'b.flag.yaml')],
      [remove('docs/note.md'), link('docs/note.md', '../c.flag.yaml')],
      [remove('c.flag.yaml')],
      [
        () =>
          repository.write({ 'notes.yaml': 'x: 1\n', '.hidden/e.flag.yaml': flag('e'), 'sub/f.flag.yaml': flag('f') }),
      ],
      [() => repository.git('mv', 'sub', 'other')],
      [() => repository.write({ 'extra/flagstaff.yaml': FLAGSTAFF, 'extra/g.flag.yaml': flag('g') })],
      [remove('flagstaff.yaml')],
      [() => repository.write({ 'extra/g.flag.yaml': flag('g', 'seed: s\n') })],
    ];
    for (const acts of changes) {
      for (const act of acts) await act();
      await repository.git('add', '--all');
      await repository.git('commit', '--quiet', '--message', 'a change');
      const fresh = gitSource({ root, ref: 'main', timeout: 15_000, environment });
      expect(await following.newest()).toEqual(await fresh.newest());
      fresh.close();
    }
    following.close();
  });

  it('reads everything where the branch goes on along another line, or back', async () => {
    repository = await makeRepository([{ files: START }]);
    const { dir: root, environment } = repository;
    const following = gitSource({ root, ref: 'main', timeout: 15_000, environment });
    const [first = ''] = repository.commits;
    const second = await repository.commit({ files: { 'a.flag.yaml': flag('a', 'seed: x\n') } });
    await following.newest();
    await repository.git('switch', '--quiet', '--create', 'side', first);
    await repository.commit({ files: { 'b.flag.yaml': flag('b', 'seed: x\n') } });
    await repository.git('merge', '--quiet', '--strategy=ours', '--message=without it', 'main');
    for (const commit of ['side', second, first, 'side']) {
      await repository.git('branch', '--force', 'main', commit);
      const fresh = gitSource({ root, ref: 'main', timeout: 15_000, environment });
      expect(await following.newest()).toEqual(await fresh.newest());
      fresh.close();
    }
    following.close();
  });

  it('moves the version of a flag that a group or an override file no longer names', async () => {
    const group = (name: string) => ({ 'g.group.yaml': `key: g\nslots: [{ flag: ${name}, range: [0, 50] }]\n` });
    const odd = { 'odd.override.yaml': 'flag: c\nenvironment: production\ndefault: on\n' };
    repository = await makeRepository([{ files: { ...START, ...group('a'), ...odd } }]);
    const following = await follow();
    const [first] = repository.commits;
    const regrouped = await repository.commit({ files: group('b') });
    await following.refresher.refresh();
    const versions = () => Object.fromEntries(current(following).flagVersions);
    expect(versions()).toEqual({ a: regrouped, b: regrouped, c: first });
    const deleted = await repository.commit({ files: { 'odd.override.yaml': null } });
    await following.refresher.refresh();
    expect(versions()).toEqual({ a: regrouped, b: regrouped, c: deleted });
    const restarted = await follow();
    expect(Object.fromEntries(current(restarted).flagVersions)).toEqual(versions());
    for (const each of [following, restarted]) each.close();
  });

  it('says the same after a restart, whatever has happened in between', async () => {
    repository = await makeRepository([{ files: START }]);
    await repository.commit({
      files: { 'a.production.override.yaml': 'flag: a\nenvironment: production\ndefault: on\n' },
    });
    const ran = await follow();
    await repository.commit({ files: { 'b.flag.yaml': flag('b', 'seed: x\n') }, on: 'side' });
    await repository.commit({ files: { 'c.segment.yaml': 'key: c\nincluded: [v]\n' }, on: 'main' });
    await ran.refresher.refresh();
    await repository.commit({ merge: 'side' });
    await repository.commit({ files: { 'a.production.override.yaml': null } });
    await ran.refresher.refresh();
    const restarted = await follow();
    const [first = '', , , , merge, last] = repository.commits;
    expect([...current(restarted).flagVersions]).toEqual([...current(ran).flagVersions]);
    expect(Object.fromEntries(current(ran).flagVersions)).toEqual({ a: last, b: merge, c: first });
    ran.close();
    restarted.close();
  });
});

describe('a local ref', () => {
  it('is looked at unasked, where the file system tells nobody that it moved', async () => {
    repository = await makeRepository([{ files: START }]);
    const source = { ...sourceHere(), watch: async () => async () => undefined };
    const following = await follow(source);
    const unfollow = keepUp(source, following.refresher, {
      poll: 50,
      failed: (error) => expect.unreachable(error.message),
    });
    const moved = await repository.commit({ files: { 'c.segment.yaml': 'key: c\nincluded: [v]\n' } });
    await expect.poll(() => current(following).revision.version, { timeout: 15_000 }).toBe(moved);
    await unfollow();
    following.close();
  });
});

describe('two replicas', () => {
  it('agree on versions and on the bulk ETag, though one of them has just started', async () => {
    repository = await makeRepository([{ files: START }]);
    await start();
    for (const seed of ['x', 'y']) {
      const commit = await repository.commit({ files: { 'a.flag.yaml': flag('a', `seed: ${seed}\n`) } });
      await expect.poll(() => versionAt(servers[0]), { timeout: 15_000 }).toBe(commit);
    }
    await start();
    const [one, other] = await Promise.all(servers.map(bulk));
    expect(other).toEqual(one);
    expect(one?.body).toContain(repository.commits[2]?.slice(0, 12));
  });

  async function start(): Promise<void> {
    servers.push(await startTestServer({ root: repository.dir, git: { ref: 'main' } }, repository.environment));
  }

  async function versionAt(server: TestServer | undefined): Promise<unknown> {
    const answer = (await (await fetch(`${server?.url}/snapshot`)).json()) as { readonly version: string };
    return answer.version;
  }

  async function bulk({ url }: TestServer): Promise<{ readonly etag: string | null; readonly body: string }> {
    const body = JSON.stringify({ context: { targetingKey: 'u' } });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/ofrep/v1/evaluate/flags`, { method: 'POST', headers, body });
    return { etag: answer.headers.get('etag'), body: await answer.text() };
  }
});
