import { readFile, rm } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { afterEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { type CommitLiteral, makeRepository, runGit, type TestRepository } from '../repository.js';
import { memoryTerminal } from './memory-terminal.js';

const NOW = Date.parse('2026-11-22T00:00:00Z');
const PROJECT = 'environments: [production]\n';

const flag = (key: string, more = '') => `key: ${key}\ntype: boolean\ndefault: off\n${more}`;

let repository: TestRepository;
afterEach(() => repository.remove());

async function stale(...argv: string[]) {
  const terminal = memoryTerminal({ cwd: repository.dir, now: () => NOW });
  const exit = await main(['stale', ...argv], { ...terminal, env: repository.environment });
  return { exit, out: terminal.out(), err: terminal.err() };
}

interface Entry {
  readonly flag: string;
  readonly state: string;
  readonly evidence: {
    readonly references?: readonly { readonly file: string; readonly line: number }[];
    readonly last_reference_removed?: { readonly version?: string; readonly days_ago: number };
  };
}

async function entries(...argv: string[]): Promise<Entry[]> {
  return JSON.parse((await stale('--all', '--format', 'json', ...argv)).out);
}

/** `KEY STATE`, and since when in days */
async function states(...argv: string[]) {
  return (await entries(...argv)).map(({ flag: key, state, evidence: { last_reference_removed: removed } }) => {
    const by = removed?.version === undefined ? 'here' : repository.commits.indexOf(removed.version);
    return `${key} ${state}${removed === undefined ? '' : ` ${by} ${removed.days_ago}`}`;
  });
}

async function references(...argv: string[]) {
  return Object.fromEntries(
    (await entries(...argv)).map(({ flag: key, evidence }) => [
      key,
      (evidence.references ?? []).map(({ file, line }) => `${file}:${line}`),
    ]),
  );
}

const START: CommitLiteral = {
  at: '2026-01-01T00:00:00Z',
  files: {
    'flags/flagstaff.yaml': PROJECT,
    'flags/a.flag.yaml': flag('a'),
    'flags/b.flag.yaml': flag('b'),
    'flags/c.flag.yaml': flag('c'),
    'src/app.ts': "ask('a');\nask('b');\n",
  },
};

describe('who took the last reference away', () => {
  it('is the newest commit after which there were fewer, for every flag', async () => {
    const keys = Array.from({ length: 120 }, (_, number) => `flag-${number}`);
    repository = await makeRepository([
      {
        at: '2026-01-01T00:00:00Z',
        files: {
          'flags/flagstaff.yaml': PROJECT,
          ...Object.fromEntries(keys.map((key) => [`flags/${key}.flag.yaml`, flag(key)])),
          'src/app.ts': keys.map((key) => `ask('${key}');\n`).join(''),
        },
      },
      { at: '2026-11-20T00:00:00Z', files: { 'src/app.ts': '' } },
    ]);
    expect(new Set((await states('--code', 'src')).map((line) => line.replace(/^\S+ /, '')))).toEqual(
      new Set(['needs_monitoring 1 2']),
    );
  });

  it('is no commit that only moved it, mentioned it, or changed a longer key', async () => {
    repository = await makeRepository([
      START,
      {
        at: '2026-10-01T00:00:00Z',
        files: { 'src/app.ts': "ask('b');\nask('a-longer');\n", 'src/other.ts': "ask('a');\n" },
      },
      {
        at: '2026-10-02T00:00:00Z',
        files: { 'src/other.ts': '// `a` is no more: a, "b"\n', 'src/app.ts': "ask('a-longer');\n" },
      },
      { at: '2026-11-20T00:00:00Z', files: { 'src/app.ts': '', 'src/other.ts': '// a is no more: a\n' } },
    ]);
    expect(await states('--code', 'src')).toEqual(
      ['a needs_monitoring 3 2', 'b needs_monitoring 3 2', 'c ready_to_archive'].sort((x, y) =>
        x.includes('ready') ? -1 : y.includes('ready') ? 1 : 0,
      ),
    );
  });

  it('is the merge that brought its removal, not the older commit on the branch', async () => {
    repository = await makeRepository([
      START,
      { at: '2026-09-01T00:00:00Z', on: 'clean', files: { 'src/app.ts': "ask('b');\n" } },
      { at: '2026-11-19T00:00:00Z', on: 'main', files: { README: 'x' } },
      { at: '2026-11-20T00:00:00Z', on: 'main', merge: 'clean' },
    ]);
    expect(await states('--code', 'src')).toContain('a needs_monitoring 3 2');
  });

  it('may not be committed yet', async () => {
    repository = await makeRepository([START]);
    await repository.write({ 'src/app.ts': "ask('b');\n" });
    expect(await states('--code', 'src')).toContain('a needs_monitoring here 0');
    expect((await stale('--code', 'src')).out).toContain('the last one goes with what is not committed yet');
  });

  it('may be what moved a submodule on, and cannot be known of one that is gone', async () => {
    repository = await makeRepository();
    const commitLib = async (text: string) => {
      await repository.write({ 'src/lib/lib.ts': text });
      const git = (...args: string[]) => runGit(repository.path('src/lib'), repository.environment, args);
      await git('init', '--quiet');
      await git('add', '--all');
      await git('commit', '--quiet', '-m', 'x', '--date', '2026-01-01T00:00:00Z');
    };
    await commitLib("// 1\n// 2\nask('c');\n// 3\n");
    await repository.commit(START);
    await commitLib('// 1\n// 2\n// 3\n');
    expect(await states('--code', 'src')).toContain('c needs_monitoring here 0');
    await repository.commit({ at: '2026-11-20T00:00:00Z' });
    expect(await states('--code', 'src')).toContain('c needs_monitoring 1 2');
    await rm(repository.path('src/lib'), { recursive: true });
    const { out, err } = await stale('--code', 'src');
    expect(out).toMatch(/^c {2}needs monitoring\n(?: {2}.*\n)* {2}not in the code; since when cannot be known\n/);
    expect(err).toContain('note: a submodule of `src` that is not here, or not whole, hides who took flags out');
  });

  it('cannot be known in a shallow clone, and is not guessed', async () => {
    repository = await makeRepository([START, { at: '2026-11-20T00:00:00Z', files: { 'src/app.ts': '' } }]);
    await repository.git('clone', '--quiet', '--depth', '1', `file://${repository.dir}`, '../shallow');
    const { out, err } = await stale('--code', '../shallow/src');
    expect(out).toMatch(/^a {2}needs monitoring\n(?: {2}.*\n)* {2}not in the code; since when cannot be known\n/);
    expect(out).not.toContain('ready to archive');
    expect(err).toContain('a shallow clone hides who took flags out of `../shallow/src` in the last 14 days');
  });

  it('cannot be known by what one directory let go of long ago, where another hides its last days', async () => {
    repository = await makeRepository([
      START,
      { at: '2026-10-01T00:00:00Z', files: { 'src/app.ts': "ask('b');\n" } },
      { at: '2026-11-20T00:00:00Z', files: { 'src/app.ts': '' } },
    ]);
    await repository.git('clone', '--quiet', '--depth', '1', `file://${repository.dir}`, '../shallow');
    expect(await states('--code', 'src')).toEqual([
      'a ready_to_archive 1 52',
      'c ready_to_archive',
      'b needs_monitoring 2 2',
    ]);
    expect(await states('--code', 'src', '--code', '../shallow/src')).toEqual([
      'a needs_monitoring',
      'b needs_monitoring 2 2',
      'c needs_monitoring',
    ]);
  });

  it('cannot be known where the directory has just come, be it from another name', async () => {
    const app = { 'src/app.ts': null, 'web/app.ts': "ask('b');\n" };
    repository = await makeRepository([
      START,
      { at: '2026-11-12T00:00:00Z', files: { 'src/app.ts': "ask('b');\n" } },
      { at: '2026-11-13T00:00:00Z', files: app },
    ]);
    expect(await states('--code', 'web')).toContain('a needs_monitoring');
    expect((await stale('--code', 'web')).err).toContain(
      'note: `web` came to be in the last 14 days: who took flags out of the code before is not known\n',
    );
    await repository.commit({ at: '2026-12-13T00:00:00Z', files: { 'web/x.ts': 'x' } });
    expect(await states('--code', 'web', '--now', '2026-12-13')).toContain('a ready_to_archive');
  });

  it('cannot be known in a partial clone either', async () => {
    repository = await makeRepository([START, { at: '2026-11-20T00:00:00Z', files: { 'src/app.ts': '' } }]);
    await repository.git('config', 'uploadpack.allowFilter', 'true');
    await repository.git('clone', '--quiet', '--filter=blob:none', `file://${repository.dir}`, '../partial');
    expect(await states('--code', '../partial/src')).toContain('a needs_monitoring');
    const { err } = await stale('--code', '../partial/src');
    expect(err).toContain('who took a flag out of `../partial/src` is not known: objects are missing');
  });

  it('is left open where the code is in no git', async () => {
    repository = await makeRepository([START]);
    await repository.write({ '../plain/app.ts': '' });
    const { err } = await stale('--code', '../plain');
    expect(err).toContain('who took a flag out of `../plain` is not known:');
    expect(await states('--code', '../plain')).toEqual([
      'a ready_to_archive',
      'b ready_to_archive',
      'c ready_to_archive',
    ]);
  });

  it('is nobody where the code is still to come: a young flag is not told to go', async () => {
    repository = await makeRepository([
      { at: '2026-11-10T00:00:00Z', files: { ...START.files, 'src/app.ts': "ask('b');\n" } },
      { at: '2026-11-11T00:00:00Z', files: { 'src/app.ts': '' } },
    ]);
    expect(await states('--code', 'src')).toEqual(['b needs_monitoring 1 11', 'a launched', 'c launched']);
  });
});

describe('a person', () => {
  it('who mistyped a key is told of the one that there is', async () => {
    repository = await makeRepository([
      {
        at: '2026-11-21T00:00:00Z',
        files: {
          ...START.files,
          'flags/one-page.flag.yaml': flag('one-page'),
          'src/b.ts': "f.getBooleanValue('one-paeg')",
        },
      },
    ]);
    expect((await stale('--code', 'src')).out).toContain('→ did you mean `one-page`? If not, remove it from the code');
  });

  it('is told that ages are not known where none can be', async () => {
    repository = await makeRepository([START]);
    await repository.git('clone', '--quiet', '--depth', '1', `file://${repository.dir}`, '../shallow');
    const { exit, err } = await stale('-C', '../shallow/flags');
    expect(exit).toBe(0);
    expect(err).toContain('no flag is known to have outlived its use; how old 3 flags are is not known');
    expect((await stale('--now', '2026-01-02')).err).toBe('no flag has outlived its use\n');
  });

  it('who names no directory of code learns what the option wants', async () => {
    repository = await makeRepository([START]);
    for (const name of ['nowhere', 'src/app.ts']) {
      const { exit, err } = await stale('--code', name);
      expect(exit).toBe(2);
      expect(err).toBe(
        `error: there is no directory \`${name}\`\nhelp: name the directories of your applications with \`--code DIR\`\n`,
      );
    }
  });

  it('who names a directory without code is told, since every flag seems to be gone from there', async () => {
    repository = await makeRepository([START]);
    await repository.write({ '.gitignore': 'build\n', 'build/app.js': "ask('a')" });
    const told =
      'note: cannot look into `build`: it holds no code (flag files, binary files and what git ignores do not count)\n';
    expect((await stale('--code', 'build')).err).toContain(told);
    expect((await stale('--code', 'src', '--code', 'src')).err).not.toContain('cannot look');
  });

  it('who waits sees how far it is', async () => {
    repository = await makeRepository([START, { at: '2026-11-20T00:00:00Z', files: { 'src/app.ts': '' } }]);
    let time = NOW;
    const watched = async (tty: object, ...argv: string[]) => {
      const terminal = memoryTerminal({ cwd: repository.dir, now: () => (time += 600), tty });
      await main(['stale', '--code', 'src', ...argv], { ...terminal, env: repository.environment });
      return terminal.err();
    };
    const told = (await watched({ stderr: true })).split('\r');
    expect(told.some((line) => / commits of code/.test(line))).toBe(true);
    expect(told.at(-1)).toBe('\u001b[K\n3 flags ask for something to be done\n');
    expect(await watched({})).not.toContain('\r');
    expect(await watched({ stderr: true }, '--quiet')).toBe('');
  });
});

it('the report for code hosts keeps to the schema of SARIF 2.1.0', async () => {
  repository = await makeRepository([
    {
      ...START,
      files: { ...START.files, 'src/b.ts': "f.getBooleanValue('gone', f.getBooleanValue('lost', false))\n" },
    },
  ]);
  const sarif = JSON.parse((await stale('--code', 'src', '--format', 'sarif')).out);
  const schema = JSON.parse(
    await readFile(new URL('../report/fixtures/sarif-schema-2.1.0.json', import.meta.url), 'utf8'),
  );
  const formats = {
    uri: URL.canParse,
    'uri-reference': (text: string) => URL.canParse(text, 'file:///'),
    'date-time': true as const,
  };
  const validate = new Ajv({ strict: false, unicodeRegExp: false, formats }).compile(schema);
  validate(sarif);
  expect(validate.errors).toBeNull();
  const { results } = sarif.runs[0];
  expect(results).toHaveLength(5);
  const prints = results.map((one: (typeof results)[0]) => one.partialFingerprints['flagstaff/v1']);
  expect(new Set(prints).size).toBe(5);
});

describe('what counts as code', () => {
  it('is all that is no file of flags, where the flags stand at the top', async () => {
    repository = await makeRepository([
      {
        at: '2026-01-01T00:00:00Z',
        files: {
          'flagstaff.yaml': PROJECT,
          'a.flag.yaml': flag('a', 'metadata: { x: "a" }\n'),
          'a.test.yaml': 'cases: [{ flag: "a", context: { targetingKey: u }, expect: off }]\n',
          'src/app.ts': "ask('a')\n",
          'config.yaml': 'flag: "a"\n',
        },
      },
    ]);
    expect(await references('--code', '.')).toEqual({ a: ['config.yaml:1', 'src/app.ts:1'] });
    expect(await references('--code', 'src')).toEqual({ a: ['src/app.ts:1'] });
    expect(await references('--code', 'src', '--code', '.')).toEqual({ a: ['src/app.ts:1', 'config.yaml:1'] });
  });

  it('is nothing in the folder of the flags otherwise', async () => {
    repository = await makeRepository([{ ...START, files: { ...START.files, 'flags/README.md': 'about `a`\n' } }]);
    expect((await references('--code', '.')).a).toEqual(['src/app.ts:1']);
    expect((await references('--code', 'flags')).a).toEqual(['flags/README.md:1']);
  });
});

describe('generated accessors', () => {
  const TWO = {
    'flags/flagstaff.yaml': PROJECT,
    'flags/a.flag.yaml': flag('one.page'),
    'flags/b.flag.yaml': flag('search'),
  };

  async function generated(files: Record<string, string>) {
    repository = await makeRepository([{ at: '2026-01-01T00:00:00Z', files: { ...TWO, ...files } }]);
    const terminal = memoryTerminal({ cwd: repository.dir, now: () => NOW });
    await main(['codegen', '--lang', 'ts', '--out', 'web/src/gen/flags.ts'], terminal);
    return references('--code', 'web');
  }

  it.each([
    ["import { onePage } from '@/gen/flags';\nonePage.get(client);\n", ['web/app.ts:1', 'web/app.ts:2']],
    ["import { onePage } from '@/other';\nonePage.get(client);\n", []],
    ["const { onePage: page } = require('./src/gen/flags');\npage.get(client);\n", ['web/app.ts:1', 'web/app.ts:2']],
    ["const flags = await import('./src/gen/flags.js');\nflags.onePage.get(client);\n", ['web/app.ts:2']],
    ["import { onePage } from './src/barrel.js';\nonePage.get(client);\n", ['web/app.ts:1', 'web/app.ts:2']],
    ["export { onePage } from './src/gen/flags.js';\n", ['web/app.ts:1']],
  ])('are found in %j', async (text, places) => {
    const found = await generated({ 'web/app.ts': text, 'web/src/barrel.ts': "export * from './gen/flags.js';\n" });
    expect(found).toEqual({ 'one.page': places, search: [] });
  });

  it.each([
    ['app.go', 'v, _ := flags.OnePage.Value(ctx, evalCtx)\n'],
    ['App.cs', 'var on = await client.OnePageAsync();\n'],
    ['App.java', 'client.onePage(ctx);\n'],
    ['app.py', 'client.one_page_details()\n'],
    ['Keys.java', 'ask(FlagKeys.ONE_PAGE);\n'],
  ])('of the OpenFeature CLI are found in %s', async (name, text) => {
    repository = await makeRepository([
      {
        at: '2026-01-01T00:00:00Z',
        files: {
          ...TWO,
          [`web/a/${name}`]: `${text}let search = onePage;\n`,
          'web/z/generated':
            '// AUTOMATICALLY GENERATED BY OPENFEATURE CLI, DO NOT EDIT.\nvar keys = ["one.page", "search"]\n',
        },
      },
    ]);
    expect(await references('--code', 'web')).toEqual({ 'one.page': [`web/a/${name}:1`], search: [] });
  });

  it('that are used no more are told with the commit that used one last', async () => {
    repository = await makeRepository([
      {
        at: '2026-01-01T00:00:00Z',
        files: { ...TWO, 'web/app.ts': "import { search } from './gen/flags.js';\nsearch.get(client);\n" },
      },
    ]);
    const terminal = memoryTerminal({ cwd: repository.dir, now: () => NOW });
    await main(['codegen', '--lang', 'ts', '--out', 'web/gen/flags.ts'], terminal);
    await repository.git('add', '--all');
    await repository.commit({ at: '2026-10-01T00:00:00Z', files: { README: 'x' } });
    await repository.commit({ at: '2026-11-20T00:00:00Z', files: { 'web/app.ts': '' } });
    expect(await states('--code', 'web')).toEqual(['one.page ready_to_archive', 'search needs_monitoring 2 2']);
  });
});

it('one name may stand for several keys', async () => {
  repository = await makeRepository([
    {
      at: '2026-01-01T00:00:00Z',
      files: {
        'flags/flagstaff.yaml': `${PROJECT}lifecycle: { aliases: ['{camel}'] }\n`,
        'flags/a.flag.yaml': flag('one.page'),
        'flags/b.flag.yaml': flag('one-page'),
        'src/app.ts': 'onePage\n',
      },
    },
  ]);
  expect(await references('--code', 'src')).toEqual({ 'one-page': ['src/app.ts:1'], 'one.page': ['src/app.ts:1'] });
});
