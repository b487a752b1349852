import { execFile } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/diagnostics/refusal.js';
import { type LogEntry, readHistory } from '../../src/history/log.js';
import { flagsAt } from '../../src/history/place.js';
import type { Thoroughness } from '../../src/history/way-back.js';
import { openRepository } from '../../src/sources/git.js';
import { makeRepository, type TestRepository } from '../repository.js';

/** What each commit changed in words, as one kind of search tells it; or why it cannot. */
async function story(real: TestRepository, key: string, thoroughness: Thoroughness): Promise<unknown> {
  const repository = await openRepository(real.dir, real.environment);
  try {
    const start = await repository.resolve('HEAD');
    const history = await readHistory(await flagsAt(repository, start), start, key, thoroughness);
    const found: LogEntry[] = [];
    for await (const entry of history.entries) found.push(entry);
    return found.map(({ commit, changes, invalid }) => [
      commit.message,
      ...changes.map(({ text }) => text),
      ...invalid.map(({ file, code }) => `${file} ${code}`),
    ]);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  } finally {
    repository.close();
  }
}

async function expectSameStories(commits: readonly Imported[], keys: readonly string[]): Promise<void> {
  const real = await makeRepository();
  try {
    await fastImport(real, commits);
    for (const key of keys) {
      expect(await story(real, key, 'its files')).toEqual(await story(real, key, 'every commit'));
    }
  } finally {
    await real.remove();
  }
}

interface Imported {
  readonly files: Readonly<Record<string, string | null>>;
  /** The commit is made on a branch that is merged at once. */
  readonly branch: boolean;
}

/** One process makes all commits. */
async function fastImport({ dir, environment }: TestRepository, commits: readonly Imported[]): Promise<void> {
  const stream = commits.flatMap(({ files, branch }, index) => {
    const changes = Object.entries(files).map(([path, text]) =>
      text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}\n`,
    );
    const head = (ref: string, message: string) =>
      `commit refs/heads/${ref}\ncommitter A <a@example.com> ${1_700_000_000 + index * 60} +0000\n${data(message)}\n`;
    if (!branch) return [head('main', `${index}`), ...changes];
    const side = [`reset refs/heads/side\nfrom refs/heads/main\n\n`, head('side', `side ${index}`), ...changes];
    return [...side, head('main', `${index}`), 'merge refs/heads/side\n', ...changes];
  });
  await new Promise<void>((resolve, reject) => {
    const child = execFile('git', ['fast-import', '--quiet'], { cwd: dir, env: environment }, (error) =>
      error === null ? resolve() : reject(error),
    );
    child.stdin?.end(stream.join(''));
  });
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

const KEYS = ['a', 'b'] as const;
const PROJECT = 'environments: [development, production]\n';
const PROTECTING = `${PROJECT}protected: [production]\n`;

/** What a file may say, whatever it is called. */
const texts = {
  flag: (key: string, number: number) =>
    `key: ${key}\ntype: boolean\ndefault: off\nrollout: { split: { on: ${number} } }\n`,
  experiment: (key: string, number: number) =>
    `key: ${key}\ntype: boolean\ndefault: off\nexperiment: { percent: ${number}, split: { on: 50, off: 50 } }\n`,
  dependent: (key: string, number: number) =>
    `key: z\ntype: boolean\ndefault: off\nprerequisites: [{ flag: ${key}, variants: [on] }]\ndescription: ${number}\n`,
  override: (key: string, number: number) =>
    `flag: ${key}\nenvironment: production\ndefault: ${number % 2 === 0 ? 'on' : 'off'}\n`,
  group: (key: string, number: number) => `key: g\nslots: [{ flag: ${key}, range: [0, ${number}] }]\n`,
  segment: (key: string, number: number) =>
    `key: ${key}\nconditions: [{ attribute: country, operator: eq, value: C${number} }]\n`,
  json: (key: string, number: number) =>
    `{ "key": "${key}", "type": "boolean", "default": "${number % 2 ? 'on' : 'off'}" }\n`,
  broken: (key: string, number: number) => `key: ${key}\ntype: [ # ${number}\n`,
  brokenOverride: (key: string, number: number) => `flag: ${key}\nenvironment: [ # ${number}\n`,
};

const PATHS = {
  flag: ['a.flag.yaml', 'b.flag.yaml', 'team/a.flag.yaml', 'other/x.flag.yaml'],
  override: ['a.production.override.yaml', 'team/p.override.yaml'],
  group: ['g.group.yaml', 'team/h.group.yaml'],
  segment: ['a.segment.yaml'],
} as const;

const KINDS_OF_TEXT: Record<keyof typeof PATHS, readonly (keyof typeof texts)[]> = {
  flag: ['flag', 'flag', 'flag', 'experiment', 'dependent', 'json', 'broken'],
  override: ['override', 'override', 'brokenOverride'],
  group: ['group', 'group', 'broken'],
  segment: ['segment', 'segment', 'broken'],
};

type Operation = (files: Map<string, string>) => Record<string, string | null>;

const kind = fc.constantFrom(
  'flag' as const,
  'flag' as const,
  'override' as const,
  'group' as const,
  'segment' as const,
);

const write: fc.Arbitrary<Operation> = kind
  .chain((one) =>
    fc.tuple(
      fc.constantFrom(...PATHS[one]),
      fc.constantFrom(...KINDS_OF_TEXT[one]),
      fc.constantFrom(...KEYS),
      fc.integer({ min: 1, max: 4 }),
    ),
  )
  .map(([path, text, key, number]) => () => ({ [path]: texts[text](key, number) }));

const remove: fc.Arbitrary<Operation> = fc.nat().map((index) => (files) => {
  const path = [...files.keys()][index % Math.max(files.size, 1)];
  return path === undefined || path === 'flagstaff.yaml' ? {} : { [path]: null };
});

const move: fc.Arbitrary<Operation> = fc.tuple(kind, fc.nat(), fc.nat()).map(([one, from, to]) => (files) => {
  const here = PATHS[one].filter((path) => files.has(path));
  const [source, target] = [here[from % Math.max(here.length, 1)], PATHS[one][to % PATHS[one].length]];
  const text = source === undefined ? undefined : files.get(source);
  if (source === undefined || target === undefined || text === undefined || source === target) return {};
  return { [source]: null, [target]: text };
});

const project: fc.Arbitrary<Operation> = fc
  .constantFrom(PROJECT, PROTECTING, 'environments: 1\n', `# again\n${PROJECT}`)
  .map((text) => () => ({ 'flagstaff.yaml': text }));

const commit = fc.record({
  operations: fc.array(
    fc.oneof(
      { arbitrary: write, weight: 6 },
      { arbitrary: move, weight: 3 },
      { arbitrary: remove, weight: 2 },
      { arbitrary: project, weight: 1 },
    ),
    { minLength: 1, maxLength: 3 },
  ),
  branch: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
});

function commitsOf(plan: readonly { operations: readonly Operation[]; branch: boolean }[]): Imported[] {
  const files = new Map([
    ['flagstaff.yaml', PROJECT],
    ['a.flag.yaml', texts.flag('a', 1)],
  ]);
  const first = { files: Object.fromEntries(files), branch: false };
  const later = plan.map(({ operations, branch }, index) => {
    const before = new Map(files);
    const touched = operations.flatMap((operation) => {
      const changes = Object.entries(operation(files));
      const known = new Set(files.values());
      for (const [path, text] of changes) {
        if (text === null) files.delete(path);
        // Nobody writes twice the same: a text that comes back elsewhere after a while is not followed.
        else files.set(path, known.has(text) ? text : `${text}# ${index}\n`);
      }
      return changes.map(([path]) => path);
    });
    // Two files that define one key at once are what no gate lets pass; which of them counts, one way need not know.
    for (const paths of Object.values(PATHS)) touched.push(...removeDoubles(files, paths));
    const changed = touched.filter((path) => before.get(path) !== files.get(path));
    return { files: Object.fromEntries(changed.map((path) => [path, files.get(path) ?? null])), branch };
  });
  return [first, ...later];
}

/** Leaves one file of each key. @returns the paths of the others */
function removeDoubles(files: Map<string, string>, paths: readonly string[]): string[] {
  const keys = new Set<string>();
  return paths.filter((path) => {
    const key = /^(?:key|flag): (.*)|^\{ "key": "(.*?)"/
      .exec(files.get(path) ?? '')
      ?.slice(1)
      .join('');
    if (key === undefined) return false;
    const isDouble = keys.has(key);
    keys.add(key);
    return isDouble && files.delete(path);
  });
}

describe('the way back of one key', () => {
  it('is the same where another file took the old name and the key of one that had moved', async () => {
    const at = (files: Imported['files']): Imported => ({ files, branch: false });
    await expectSameStories(
      [
        at({ 'flagstaff.yaml': PROJECT, 'a.flag.yaml': texts.flag('a', 1) }),
        at({ 'a.flag.yaml': null, 'other/x.flag.yaml': texts.flag('a', 1) }),
        at({ 'a.flag.yaml': texts.json('a', 2) }),
        at({ 'a.flag.yaml': texts.flag('b', 3) }),
        at({ 'a.flag.yaml': null }),
      ],
      ['a'],
    );
  });

  it('is the same whether every commit is looked at or only those of its files', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(commit, { minLength: 3, maxLength: 14 }).map(commitsOf), (commits) =>
        expectSameStories(commits, KEYS),
      ),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
